"""Reads what the other rooms know of firms: one pass for many firms, a handful of statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.chain import door as chain
from app.credits import door as credits
from app.hall import clock
from app.identity import door as identity
from app.policy.facts.models import NO_PERIOD
from app.policy.rules.months import reported_month
from app.sharing import door as sharing

PATENT_RULE = "invention_patent"
MONTHS_OF_USE = 13


@dataclass(frozen=True, slots=True)
class Known:
    """One value that a room knows; nothing where it does not know it (any more)."""

    organisation_id: int
    kind: str
    period: int
    value: str | None
    source: str

    @property
    def row(self) -> tuple[int, str, int, str | None, str]:
        return self.organisation_id, self.kind, self.period, self.value, self.source


def read(organisation_ids: Sequence[int], day: dt.date, months: int) -> list[Known]:
    """Everything the platform knows of these firms by itself; hours of so many months."""
    firms = identity.organisations_by_id(organisation_ids)
    return [
        *_from_identity(firms.values()),
        *_from_credits(organisation_ids),
        *_from_chain(firms),
        *_from_sharing(organisation_ids, day, months),
    ]


def _from_identity(firms: Iterable[identity.OrganisationInfo]) -> Iterable[Known]:
    for firm in firms:
        values = {
            "registered_on": firm.registered_on.isoformat() if firm.registered_on else None,
            "industry": firm.industry or None,
            "size": firm.size or None,
            "registered_in": "park"
            if firm.kind == "enterprise" and firm.status in ("active", "leaving")
            else None,
        }
        for kind, value in values.items():
            yield Known(firm.id, kind, NO_PERIOD, value, "identity")


def _from_credits(organisation_ids: Sequence[int]) -> Iterable[Known]:
    patents = credits.approved_claims(PATENT_RULE)
    balances = credits.all_available_credits()
    for number in organisation_ids:
        yield Known(number, "patents_granted", NO_PERIOD, str(patents.get(number, 0)), "credits")
        yield Known(number, "credits_balance", NO_PERIOD, str(balances.get(number, 0)), "credits")


def _from_chain(firms: Mapping[int, identity.OrganisationInfo]) -> Iterable[Known]:
    outputs: dict[str, float | None] = {}
    for one in chain.list_chains():
        for position in chain.chain_facts(one).positions:
            if position.in_park:
                outputs[position.enterprise] = _sum(
                    outputs.get(position.enterprise, 0.0), position.output_wan
                )
    for number, firm in firms.items():
        output = outputs.get(firm.code)
        yield Known(number, "output_wan", NO_PERIOD, None if output is None else _plain(output), "chain")


def _sum(known: float | None, more: float | None) -> float | None:
    return None if known is None or more is None else known + more


def _plain(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _from_sharing(organisation_ids: Sequence[int], day: dt.date, months: int) -> Iterable[Known]:
    last = reported_month(day, 1)
    wanted = list(range(last - months + 1, last + 1))
    starts = [clock.start_of_day(dt.date(month // 12, month % 12 + 1, 1)) for month in (*wanted, last + 1)]
    found = sharing.minutes_by_user(starts, organisation_ids if len(organisation_ids) < 100 else None)
    for month, minutes in zip(wanted, found, strict=True):
        for number in organisation_ids:
            hours = _plain(minutes.get(number, 0) / 60)
            yield Known(number, "instrument_hours", month, hours, "sharing")
