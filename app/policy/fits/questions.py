"""Which one fact to ask a firm for next: the fewest questions that bring a policy to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Open:
    """A policy that waits for facts: its id, how far it can come, and the (fact, month) it lacks, in order."""

    policy: str
    possible: float
    missing: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One fact to ask for, and the policies that wait for it."""

    fact: str
    period: str | None
    policies: tuple[str, ...]


def next_question(waiting: Sequence[Open], askable: frozenset[str]) -> Question | None:
    """The question to ask now; nothing where no policy can be helped by an answer.

    Policies that lack the fewest facts come first, then those that can come furthest, then by id; one that lacks
    something no firm can answer is left out.

    Parameters
    ----------
    waiting : sequence of Open
    askable : frozenset of str
        Facts that people report; the others are the platform's to read.

    Examples
    --------
    >>> waiting = [
    ...     Open("loan", 100.0, (("rating", None), ("loan_wan", None))),
    ...     Open("rent", 100.0, (("loan_wan", None),)),
    ...     Open("age", 100.0, (("registered_on", None),)),
    ... ]
    >>> next_question(waiting, frozenset({"rating", "loan_wan"}))
    Question(fact='loan_wan', period=None, policies=('loan', 'rent'))
    """
    able = [one for one in waiting if one.missing and all(fact in askable for fact, _month in one.missing)]
    if not able:
        return None
    first = min(able, key=lambda one: (len(one.missing), -one.possible, one.policy))
    fact, period = first.missing[0]
    users = tuple(sorted(one.policy for one in waiting if (fact, period) in one.missing))
    return Question(fact, period, users)
