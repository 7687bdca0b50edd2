"""Which steps a case may take when, and what an automatic claim needs: every reason at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.hall.errors import Reason
from app.policy.states import BY_FIRM, CASE, against

NEEDS_REASON = ("refused", "withdrawn")


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a case so far."""

    started_on: dt.date
    filed_on: dt.date | None = None
    granted_on: dt.date | None = None

    @property
    def last(self) -> dt.date:
        return max(day for day in (self.started_on, self.filed_on, self.granted_on) if day is not None)


@dataclass(frozen=True, slots=True)
class Wish:
    """A step somebody wants to note."""

    state: str
    wanted: str
    on_day: dt.date
    reason: str
    by_firm: bool


def against_step(wish: Wish, days: Days, today: dt.date) -> tuple[Reason, ...]:
    """Why a case cannot take this step.

    >>> filed = Days(dt.date(2026, 10, 8), dt.date(2026, 10, 9))
    >>> wish = Wish("filed", "granted", dt.date(2026, 10, 8), "", by_firm=True)
    >>> [reason.code for reason in against_step(wish, filed, dt.date(2026, 10, 7))]
    ['policy_step_not_yours', 'policy_day_before_last', 'policy_day_ahead']
    """
    reasons = list(against(CASE, wish.state, wish.wanted))
    if wish.by_firm and wish.wanted in CASE and wish.wanted not in BY_FIRM:
        reasons.append(Reason("policy_step_not_yours"))
    if wish.on_day < days.last:
        reasons.append(Reason("policy_day_before_last", {"day": days.last.isoformat()}))
    if wish.on_day > today:
        reasons.append(Reason("policy_day_ahead"))
    if wish.wanted in NEEDS_REASON and not wish.reason.strip():
        reasons.append(Reason("policy_reason_needed"))
    return tuple(reasons)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a condition rests on: its result and, for each value used, whether its source is confirmed."""

    condition: str
    result: str
    uses: Mapping[str, bool]


def against_automatic(claim: str, consent: bool, basis: Sequence[Basis]) -> Iterator[Reason]:
    """Why there can be no automatic claim: every condition true from confirmed sources, and one consent.

    >>> basis = [Basis("first", "met", {"patents_granted": True}), Basis("here", "met", {"seat": False})]
    >>> [reason.code for reason in against_automatic("automatic", False, basis)]
    ['policy_fact_unconfirmed', 'policy_consent_missing']
    """
    if claim != "automatic":
        yield Reason("policy_not_automatic")
    for one in basis:
        if one.result != "met":
            yield Reason("policy_condition_open", {"condition": one.condition})
        for fact, confirmed in one.uses.items():
            if not confirmed:
                yield Reason("policy_fact_unconfirmed", {"name": fact, "condition": one.condition})
    if not consent:
        yield Reason("policy_consent_missing")


def days_to_money(pushed_on: dt.date | None, paid_on: dt.date | None) -> int | None:
    """Whole days from the push to the money; unknown while one of them is.

    >>> days_to_money(dt.date(2026, 10, 8), dt.date(2026, 10, 31))
    23
    """
    return None if pushed_on is None or paid_on is None else (paid_on - pushed_on).days
