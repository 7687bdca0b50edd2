"""The five haves of a closing, so that no problem ends in silence; and what counts as using what was learnt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

SILENCE = dt.timedelta(days=7)
FEWEST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Review:
    """What worked, why it had happened, and whether it can be repeated (None: not said)."""

    effect: str = ""
    cause: str = ""
    repeatable: bool | None = None

    @property
    def complete(self) -> bool:
        return bool(self.effect.strip() and self.cause.strip()) and self.repeatable is not None


@dataclass(frozen=True, slots=True)
class Closing:
    """What a problem has when somebody wants to close it."""

    text: str
    registered_at: dt.datetime | None
    first_responsible: str | None
    clocks: int
    answer_delivered_at: dt.datetime | None
    confirmed_by_firm: bool
    review: Review | None


def missing_for_closing(closing: Closing, at: dt.datetime) -> tuple[str, ...]:
    """All of the five haves that are missing, in the order of contract-wider 2.4.

    >>> empty = Closing("", None, None, 0, None, False, None)
    >>> missing_for_closing(empty, dt.datetime(2026, 9, 1, tzinfo=dt.UTC))
    ('no_record', 'no_division', 'no_time_limit', 'no_feedback', 'no_review')
    """
    has = {
        "no_record": bool(closing.text.strip()) and closing.registered_at is not None,
        "no_division": bool(closing.first_responsible),
        "no_time_limit": closing.clocks > 0,
        "no_feedback": confirmation(closing.answer_delivered_at, closing.confirmed_by_firm, at) is not None,
        "no_review": closing.review is not None and closing.review.complete,
    }
    return tuple(reason for reason, present in has.items() if not present)


def confirmation(delivered_at: dt.datetime | None, by_firm: bool, at: dt.datetime) -> str | None:
    """Who confirmed a delivered answer: the `firm`, or its `silence` of seven days; nobody before that."""
    if delivered_at is None:
        return None
    if by_firm:
        return "firm"
    return "silence" if at - delivered_at >= SILENCE else None


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody really used a playbook: a confirmed problem names its version, or its checklist is complete."""

    adopter: str
    problem_confirmed: bool = False
    checklist_complete: bool = False


def adopted(proofs: Iterable[Proof]) -> frozenset[str]:
    """The distinct adopters with at least one proof.

    >>> sorted(adopted([Proof("E1", True), Proof("E1", checklist_complete=True), Proof("E2")]))
    ['E1']
    """
    return frozenset(one.adopter for one in proofs if one.problem_confirmed or one.checklist_complete)


@dataclass(frozen=True, slots=True)
class Effect:
    """Change of the mean score of n adopters; below five only their number is told."""

    n: int
    change: Fraction | None


def effect(scores: Mapping[str, tuple[Fraction | None, Fraction | None]]) -> Effect:
    """Mean score after − before of the adopters, over those whose both scores are known.

    >>> effect({f"E{n}": (Fraction(60), Fraction(70 + n)) for n in range(5)})
    Effect(n=5, change=Fraction(12, 1))
    """
    both = [after - before for before, after in scores.values() if before is not None and after is not None]
    return Effect(len(both), sum(both, Fraction(0)) / len(both) if len(both) >= FEWEST_SHOWN else None)


def reuse_ratio(solved_with_playbook: int, problems_of_theme: int) -> Fraction | None:
    """Problems solved with a playbook ÷ problems of its theme; unknown while the theme has none.

    >>> reuse_ratio(3, 12), reuse_ratio(0, 0)
    (Fraction(1, 4), None)
    """
    return Fraction(solved_with_playbook, problems_of_theme) if problems_of_theme else None
