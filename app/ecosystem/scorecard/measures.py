"""What the other rooms measured per month, asked through their services, so that figures reconcile with theirs.

The sums are for everybody who may read the scorecard; the rows behind them only for those whom the room they
come from shows them: hours to its readers, supply links to the staff who see
them on the chain, licences and accounts to the park's administration and the auditor.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from app.chain import door as chain
from app.credits import door as credits
from app.ecosystem import sources
from app.ecosystem.limits import PAGE_ROWS
from app.hall import clock
from app.hall.errors import NotAllowed, NotFound
from app.hall.text import language, units
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.sharing import door as sharing

READER = identity.Actor(member_id=0, organisation_id=0, name="system", roles=frozenset({roles.AUDITOR}))
#: Who may open the rows of a figure.
OPENERS: dict[str, frozenset[str]] = {
    "links": roles.SEES_CHAINS,
    "hours": roles.SEES_SHARING_FIGURES,
    "licences": roles.SEES_SHARING_TERMS,
    "credits": roles.SEES_ALL_CREDITS,
}
#: Movements that an account's twelve months count.
COUNTED = ("earn", "redeem", "reverse", "adjust", "recover")


@dataclass(frozen=True)
class Row:
    """One row behind a figure: what it is, how much of the figure it is, where it is looked up."""

    label: str
    detail: str
    amount: float
    url: str


def may_open(actor: Actor, key: str) -> bool:
    """Say whether the room the figure comes from shows its rows to this reader."""
    return actor.may(OPENERS.get(key, frozenset()))


def figures(months: Sequence[dt.date]) -> dict[dt.date, dict[str, float]]:
    """Return supply links agreed, shared hours, licences granted and credits earned of each month.

    The months follow each other; however many there are, each room is asked once.
    """
    edges = [clock.start_of_day(first) for first in (*months, _following(months[-1]))]
    uses = sharing.utilisation_between(sharing.visible_resources(READER), edges)
    earned = credits.earned_in(months)
    found = {
        first: {
            "links": 0.0,
            "hours": sharing.total_use(list(use.values())).shared / 60,
            "licences": 0.0,
            "credits": float(amount),
        }
        for first, use, amount in zip(months, uses, earned, strict=True)
    }
    for link in chain.links_agreed(edges[0], edges[-1]):
        found[clock.day_of(link.confirmed_at).replace(day=1)]["links"] += 1
    last = _following(months[-1]) - dt.timedelta(days=1)
    for licence in sharing.licences_begun(months[0], last):
        if licence.starts_on is not None:
            found[licence.starts_on.replace(day=1)]["licences"] += 1
    return found


def rows_of(actor: Actor, key: str, first: dt.date) -> list[Row]:
    """Return the rows that a figure of another room sums, as that room shows them to this reader."""
    if key not in OPENERS:
        raise NotFound("gap_not_found")
    if not may_open(actor, key):
        raise NotAllowed("figure_not_yours")
    shown = {"links": _link_rows, "hours": _hours, "licences": _licence_rows, "credits": _credit_rows}
    return shown[key](actor, first)


def month_bounds(first: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Return the half-open interval of moments of a Shanghai month."""
    return clock.start_of_day(first), clock.start_of_day(_following(first))


def _following(first: dt.date) -> dt.date:
    return clock.months_later(first, 1)


def _link_rows(_actor: Actor, first: dt.date) -> list[Row]:
    agreed = chain.links_agreed(*month_bounds(first))
    who = identity.organisations_by_code(code for x in agreed for code in (x.supplier, x.customer))

    def name(code: str) -> str:
        return who[code.upper()].name if code.upper() in who else code

    return [
        Row(
            f"{name(x.supplier)} → {name(x.customer)}",
            f"{sources.segment_name(x.segment)} · {units.wan(x.value_wan, language.lang())} · {units.day(x.confirmed_at)}",
            1,
            f"/chain/firms/{x.supplier}",
        )
        for x in agreed
    ]


def _hours(actor: Actor, first: dt.date) -> list[Row]:
    resources = sharing.visible_resources(actor)
    uses = sharing.utilisation(resources, *month_bounds(first))
    owners = identity.organisations_by_id(r.owner_id for r in resources)
    rows = [
        Row(r.name, owners[r.owner_id].name, uses[r.id].shared / 60, f"/sharing/resources/{r.id}")
        for r in resources
        if uses[r.id].shared
    ]
    return sorted(rows, key=lambda row: (-row.amount, row.label))


def _licences(actor: Actor) -> Iterator[tuple[Any, Any]]:
    """Yield every licence that ever began, with its patent."""
    offset, total = 0, 1
    while offset < total:
        page, total = sharing.find(sharing.Search(kind="patent", withdrawn=True), PAGE_ROWS, offset)
        for patent in page:
            for licence in sharing.licences_of(actor, patent.resource):
                if licence.starts_on:
                    yield patent.resource, licence
        offset += PAGE_ROWS


def _licence_rows(actor: Actor, first: dt.date) -> list[Row]:
    found = [(p, x) for p, x in _licences(actor) if x.starts_on.replace(day=1) == first]
    who = identity.organisations_by_id(x.organisation_id for _, x in found)
    return [
        Row(
            p.name,
            f"{who[x.organisation_id].name} · {units.day(x.starts_on)}",
            1,
            f"/sharing/resources/{p.id}",
        )
        for p, x in sorted(found, key=lambda pair: (pair[1].starts_on, pair[1].id))
    ]


def _credit_rows(_actor: Actor, first: dt.date) -> list[Row]:
    rows = []
    earned = credits.earned_by_firm(first, COUNTED)
    # Also firms that have left: their months stay in the ledger.
    for firm, _since in identity.enterprises_since():
        shown = urlencode({"enterprise": firm.code, "kind": "earned", "since": first.isoformat()})
        for line in earned.get(firm.id, ()):
            detail = f"{line.title} · {line.number} · {units.day(clock.day_of(line.effective_at))}"
            rows.append(Row(firm.name, detail, line.amount, f"/credits/statement?{shown}"))
    return rows
