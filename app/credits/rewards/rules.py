"""Who may have a reward and why not, and which places a redeemed venue takes: facts in, reasons and places out."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.hall.errors import Conflict, Invalid, Reason


@dataclass(frozen=True)
class Terms:
    """What a reward asks for; `left` and `limit` are None where nothing is limited, empty sets fit everybody."""

    cost_credits: int
    valid_from: dt.date
    valid_to: dt.date | None = None
    left: int | None = None
    limit: int | None = None
    sizes: frozenset[str] = frozenset()
    industries: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Applicant:
    """Who asks: what kind of organisation, what it has had of this reward, what it may spend."""

    kind: str
    size: str
    industry: str
    taken: int
    available_credits: int


def reasons_against(terms: Terms, applicant: Applicant, quantity: int, today: dt.date) -> tuple[Reason, ...]:
    """Everything that stands between an applicant and so many of a reward.

    >>> terms = Terms(300, dt.date(2026, 1, 1), left=1, sizes=frozenset({"small"}))
    >>> firm = Applicant("enterprise", "large", "ai", taken=0, available_credits=500)
    >>> [one.code for one in reasons_against(terms, firm, 2, dt.date(2026, 5, 1))]
    ['sold_out', 'size_not_eligible', 'insufficient_credits']
    """
    reasons = [*_supply(terms, applicant, quantity, today), *_fit(terms, applicant)]
    needed = terms.cost_credits * quantity
    if needed > applicant.available_credits:
        said = {"needed": needed, "available": applicant.available_credits}
        reasons.append(Reason("insufficient_credits", said))
    return tuple(reasons)


def _supply(terms: Terms, applicant: Applicant, quantity: int, today: dt.date) -> list[Reason]:
    reasons = []
    if today < terms.valid_from or (terms.valid_to is not None and today > terms.valid_to):
        reasons.append(Reason("reward_not_valid"))
    if terms.left is not None and quantity > terms.left:
        reasons.append(Reason("sold_out", {"left": terms.left}))
    if terms.limit is not None and applicant.taken + quantity > terms.limit:
        said = {"limit": terms.limit, "taken": applicant.taken}
        reasons.append(Reason("limit_per_enterprise", said))
    return reasons


def _fit(terms: Terms, applicant: Applicant) -> list[Reason]:
    reasons = []
    if applicant.kind != "enterprise":
        reasons.append(Reason("enterprises_only"))
    if terms.sizes and applicant.size not in terms.sizes:
        reasons.append(Reason("size_not_eligible"))
    if terms.industries and applicant.industry not in terms.industries:
        reasons.append(Reason("industry_not_eligible"))
    return reasons


def places_for(wanted: str, quantity: int, stem: str, taken: Mapping[str, dt.date]) -> tuple[str, ...]:
    """The places a redemption gets: those that `wanted` names, else the first free numbers of `stem`.

    `taken` says from which day on a place is somebody else's.

    Raises
    ------
    Invalid
        ``venue_count`` where other than `quantity` different places are named.
    Conflict
        ``venue_taken`` with a reason for every named place that is taken.

    >>> places_for("", 2, "A", {"A 01": dt.date(2026, 1, 1)})
    ('A 02', 'A 03')
    >>> places_for("101、102", 2, "A", {})
    ('101', '102')
    """
    named = [one.strip() for one in re.split(r"[、,，;；]", wanted) if one.strip()]
    if not named:
        numbered = (f"{stem} {number:02d}" for number in itertools.count(1))
        return tuple(itertools.islice((one for one in numbered if one not in taken), quantity))
    if len(set(named)) != quantity:
        raise Invalid("venue_count", quantity=quantity)
    said: list[dict[str, str]] = [
        {"place": one, "day": taken[one].isoformat()} for one in named if one in taken
    ]
    if said:
        reasons = [Reason("venue_taken", one) for one in said]
        raise Conflict("venue_taken", reasons, None, **said[0])
    return tuple(named)


def days_between(first: dt.date, end: dt.date) -> Iterable[dt.date]:
    """Every day from `first` to the one before `end`."""
    return (first + dt.timedelta(days=number) for number in range((end - first).days))
