"""The week of visits as a proven plan: who goes where on which day, and why a visit had to be left over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.voice.visits.week_search import search
from app.voice.visits.week_situation import Option, Situation, Specialist, Wish

OPTIMAL, FEASIBLE = "optimal", "feasible"
CONFLICT, WINDOW, CAPACITY = "conflict", "window", "capacity"
EXACT, SEARCHED = "exact", "searched"


@dataclass(frozen=True, slots=True)
class Placed:
    """A visit with its specialist and day."""

    visit: str
    specialist: str
    day: int


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A visit without a place, and why."""

    visit: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """A plan: `value` is (Σ priority, visits by somebody who knows the firm, −changes of building).

    `bound` is the best value that is not yet excluded: the same as `value` when the plan is `optimal`. `ties` says
    whether the plan is proven to be the first of all plans of its value (`exact`) or only searched for it.
    """

    status: str
    value: tuple[int, int, int]
    bound: tuple[int, int, int]
    ties: str
    assignments: tuple[Placed, ...]
    left_over: tuple[LeftOver, ...]

    @property
    def gap(self) -> int:
        """By how many changes of building a better plan might still win; 0 when it is proven that none does."""
        return self.bound[2] - self.value[2]


def situation(wishes: Sequence[Wish], specialists: Sequence[Specialist]) -> Situation:
    """Sort by id and list the options: of each wish by day, then by id of the specialist."""
    sorted_wishes = tuple(sorted(wishes, key=lambda wish: wish.id))
    people = tuple(sorted(specialists, key=lambda one: one.id))
    days = sorted({day for one in people for day, visits in one.capacity.items() if visits > 0})
    options = tuple(
        Option(n, day, who, wish.enterprise in one.knows)
        for n, wish in enumerate(sorted_wishes)
        for day in days
        if wish.first <= day <= wish.last
        for who, one in enumerate(people)
        if wish.enterprise not in one.barred and one.capacity.get(day, 0) > 0
    )
    return Situation(sorted_wishes, people, options)


def why_left_over(wish: Wish, specialists: Sequence[Specialist]) -> str:
    """`conflict` if nobody may go, else `window` if none of the others has time in the window, else `capacity`.

    >>> a = Specialist("A", {1: 1}, barred=frozenset({"E1"}))
    >>> why_left_over(Wish("V1", "E1", "5", 2, 1, 2), [a]), why_left_over(Wish("V2", "E2", "5", 2, 2, 3), [a])
    ('conflict', 'window')
    """
    allowed = [one for one in specialists if wish.enterprise not in one.barred]
    if not allowed:
        return CONFLICT
    if any(
        visits > 0 and wish.first <= day <= wish.last
        for one in allowed
        for day, visits in one.capacity.items()
    ):
        return CAPACITY
    return WINDOW


def value_of(facts: Situation, chosen: Sequence[Option]) -> tuple[int, int, int]:
    """(Σ priority, visits by somebody who knows the firm, −Σ over specialist and day of distinct buildings)."""
    moves = {(one.specialist, one.day, facts.wishes[one.wish].building) for one in chosen}
    return (
        sum(facts.wishes[one.wish].priority for one in chosen),
        sum(one.known for one in chosen),
        -len(moves),
    )


def plan_week(wishes: Sequence[Wish], specialists: Sequence[Specialist], seconds: float = 10) -> Week:
    """The best week: most priority, then most visits by somebody who knows the firm, then fewest buildings a day.

    Among plans of the same value the first one, going through the visits by id: placed before left over, the earlier
    day, the smaller id of the specialist.

    Parameters
    ----------
    wishes : sequence of Wish
        Ids unique; `first` ≤ `last`.
    specialists : sequence of Specialist
        Ids unique. Who both knows a firm and may not visit it, may not.
    seconds : float
        Longest time for all searching together. A search that is cut short answers `feasible` with the bound, or
        `optimal` with ties `searched`.

    Examples
    --------
    >>> wishes = [Wish("V1", "E1", "5", 2, 1, 2), Wish("V2", "E2", "5", 3, 1, 1)]
    >>> week = plan_week(wishes, [Specialist("A", {1: 1})])
    >>> week.status, week.value, week.assignments, [(one.visit, one.reasons) for one in week.left_over]
    ('optimal', (3, 0, -1), (Placed(visit='V2', specialist='A', day=1),), [('V1', ('capacity',))])
    """
    facts = situation(wishes, specialists)
    found = search(facts, seconds)
    value = value_of(facts, found.chosen)
    placed = {one.wish: one for one in found.chosen}
    return Week(
        OPTIMAL if found.moves_bound == -value[2] else FEASIBLE,
        value,
        (value[0], value[1], -found.moves_bound),
        EXACT if found.ties_exact else SEARCHED,
        tuple(
            Placed(facts.wishes[n].id, facts.specialists[one.specialist].id, one.day)
            for n, one in sorted(placed.items())
        ),
        tuple(
            LeftOver(wish.id, (why_left_over(wish, facts.specialists),))
            for n, wish in enumerate(facts.wishes)
            if n not in placed
        ),
    )
