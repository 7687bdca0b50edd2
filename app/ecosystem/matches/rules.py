"""What the two answers to a match mean, and which step follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.hall.errors import Conflict, NotAllowed, NotFound, Reason

OPEN = ("proposed", "asked")
LIVE = ("proposed", "asked", "mutual", "introduced")
MATCH: Mapping[str, tuple[str, ...]] = {
    "proposed": ("asked", "declined", "lapsed"),
    "asked": ("mutual", "declined", "lapsed"),
    "mutual": ("introduced",),
    "introduced": (),
    "declined": (),
    "lapsed": (),
}


def after_answers(need_says: bool | None, offer_says: bool | None) -> str:
    """Return the state of a match from the two answers (None: not answered yet).

    >>> [after_answers(*x) for x in ((None, None), (True, None), (None, True), (True, True), (True, False))]
    ['proposed', 'asked', 'asked', 'mutual', 'declined']
    """
    if need_says is False or offer_says is False:
        return "declined"
    if need_says and offer_says:
        return "mutual"
    return "asked" if need_says or offer_says else "proposed"


@dataclass(frozen=True)
class Pair:
    """What is known of a match when one of its sides answers; the two answers are None until given."""

    state: str
    need_organisation: int
    offer_organisation: int
    need_says: bool | None
    offer_says: bool | None
    expires_on: date


@dataclass(frozen=True)
class Answerer:
    """Who answers: for which organisation, and what it may do here at all."""

    organisation: int
    may_write: bool
    reads_all: bool = False


@dataclass(frozen=True)
class Decision:
    """What one answer does to a match.

    Attributes
    ----------
    side : "need" or "offer", whose answer it is.
    says : the answer.
    state : state of the match afterwards.
    other : the other organisation.
    told : message the other one gets, empty where it hears nothing (or hears of the introduction instead).
    """

    side: str
    says: bool
    state: str
    other: int
    told: str = ""

    @property
    def opens(self) -> bool:
        """Whether both have said yes, so that an introduction opens."""
        return self.state == "introduced"

    @property
    def closes(self) -> bool:
        """Whether nobody can answer any more."""
        return self.state not in OPEN


def decide(pair: Pair | None, who: Answerer, says: bool, today: date) -> Decision:
    """Return what an answer does, or refuse it with everything that stands in its way.

    A yes needs an unanswered side; a no may also take a yes back as long as the match is open.

    Raises
    ------
    NotAllowed
        Readers do not answer, nor does a third organisation.
    NotFound
        There is no such match, or not for this reader.
    Conflict
        The match is closed, past its last day, or this side has said yes already: all that is so.

    >>> pair = Pair("asked", 10, 20, True, None, date(2026, 3, 31))
    >>> decision = decide(pair, Answerer(20, may_write=True), True, date(2026, 3, 31))
    >>> decision.side, decision.state, decision.opens
    ('offer', 'introduced', True)
    >>> decide(pair, Answerer(10, may_write=True), True, date(2026, 4, 1))
    Traceback (most recent call last):
    ...
    app.hall.errors.Conflict: match_lapsed
    """
    if not who.may_write:
        raise NotAllowed("ecosystem_readers")
    sides = {"need": pair.need_organisation, "offer": pair.offer_organisation} if pair else {}
    side = next((side for side, organisation in sides.items() if organisation == who.organisation), "")
    if pair is None or not (side or who.reads_all):
        raise NotFound("match_not_found")
    if not side:
        raise NotAllowed("not_your_match")
    answers = {"need": pair.need_says, "offer": pair.offer_says}
    _must_be_open(pair, says and answers[side] is not None, today)
    asked_before = any(answers.values())
    answers[side] = says
    state = after_answers(answers["need"], answers["offer"])
    told = {"asked": "match_asked", "declined": "match_declined" if asked_before else ""}.get(state, "")
    other = sides["offer" if side == "need" else "need"]
    return Decision(side, says, "introduced" if state == "mutual" else state, other, told)


def _must_be_open(pair: Pair, answered: bool, today: date) -> None:
    reasons = []
    if pair.state not in OPEN:
        reasons.append(Reason("match_closed", {"state": pair.state}))
    elif pair.expires_on < today:
        reasons.append(Reason("match_lapsed"))
    if answered and pair.state in OPEN:
        reasons.append(Reason("already_answered"))
    if reasons:
        raise Conflict(reasons[0].code, reasons if len(reasons) > 1 else (), **reasons[0].params)
