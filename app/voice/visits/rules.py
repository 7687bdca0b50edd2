"""Who should be heard next, who may go there, and when a visit is really finished."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.hall.clock import months_later
from app.hall.errors import Invalid

NEW, LARGE, MEDIUM, SMALL_MICRO = "new", "large", "medium", "small_micro"
LAYER_OF_SIZE = {"large": LARGE, "medium": MEDIUM, "small": SMALL_MICRO, "micro": SMALL_MICRO}
DAYS_NEW = 90
MONTHS_OF_SERVICE = 36
MONTHS_AFTER_EMPLOYER = 24
CALL_WITHIN_DAYS = 10
SATISFIED = 60
# Longest run of days off the search for a working day crosses; nine is the longest holiday so far.
MOST_DAYS_OFF = 60

Works = Callable[[dt.date], bool]


def layer(registered_on: dt.date, size: str, day: dt.date) -> str:
    """`new` for the first 90 days (the 90th day after registration is the first of the size).

    >>> layer(dt.date(2026, 1, 1), "micro", dt.date(2026, 3, 31)), layer(dt.date(2026, 1, 1), "micro", dt.date(2026, 4, 1))
    ('new', 'small_micro')
    """
    if (day - registered_on).days < DAYS_NEW:
        return NEW
    try:
        return LAYER_OF_SIZE[size]
    except KeyError:
        raise Invalid("voice_unknown_size", size=size) from None


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a contact plan: a method every so many days, or once on a day after registration."""

    method: str
    every_days: int = 0
    once_on_day: int = 0


# The default of the park; a park may keep another (it is data).
DEFAULT_PLAN: Mapping[str, tuple[Step, ...]] = {
    NEW: (Step("visit", once_on_day=30),),
    LARGE: (Step("interview", every_days=90), Step("study", every_days=365)),
    MEDIUM: (Step("visit", every_days=90), Step("online", every_days=180)),
    SMALL_MICRO: (Step("online", every_days=90),),
}


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step of a newcomer's way in that wants one touch."""

    id: str
    due_on: dt.date
    touched: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """The last time a small firm was asked online; `score` None where it did not answer."""

    on: dt.date
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of one firm when its next contacts are planned.

    `last` holds the day of the last *accepted* contact by method.
    """

    registered_on: dt.date
    size: str
    last: Mapping[str, dt.date] = field(default_factory=dict)
    milestones: Sequence[Milestone] = ()
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A contact that is due: by which method, on which day, the working day suggested for it, and why."""

    method: str
    due_on: dt.date
    suggested_on: dt.date
    reason: str
    milestone: str = ""


def last_working_day(day: dt.date, works: Works) -> dt.date:
    """The last working day not after `day`.

    >>> last_working_day(dt.date(2024, 3, 31), lambda day: day.weekday() < 5)
    datetime.date(2024, 3, 29)
    """
    for back in range(MOST_DAYS_OFF + 1):
        if works(day - dt.timedelta(days=back)):
            return day - dt.timedelta(days=back)
    raise Invalid("voice_no_working_day", day=day.isoformat())


def next_contacts(
    firm: Heard, day: dt.date, works: Works, plan: Mapping[str, Sequence[Step]] = DEFAULT_PLAN
) -> tuple[Due, ...]:
    """The contacts a firm is due, earliest first; overdue ones keep the day they were due.

    Next due of a method = day of its last accepted contact + interval, counted from registration if there was none.
    A small firm that did not answer its last online questions, or scored below 60, is called within 10 days.

    Parameters
    ----------
    firm : Heard
    day : date
        Today: decides the layer.
    works : callable
        Whether a day is a working day.
    plan : mapping of layer to steps

    Examples
    --------
    >>> due = next_contacts(Heard(dt.date(2024, 3, 1), "large"), dt.date(2024, 3, 10), lambda day: day.weekday() < 5)
    >>> [(one.method, str(one.due_on), str(one.suggested_on)) for one in due]
    [('visit', '2024-03-31', '2024-03-29')]
    """
    where = layer(firm.registered_on, firm.size, day)
    wanted: list[tuple[dt.date, str, str, str]] = []
    for step in plan.get(where, ()):
        last = firm.last.get(step.method)
        if step.once_on_day:
            if last is None:
                wanted.append((_later(firm.registered_on, step.once_on_day), step.method, "first_visit", ""))
        else:
            wanted.append((_later(last or firm.registered_on, step.every_days), step.method, "interval", ""))
    if where == NEW:
        wanted += [(one.due_on, "visit", "milestone", one.id) for one in firm.milestones if not one.touched]
    if where == SMALL_MICRO and (reason := _why_call(firm)):
        assert firm.asked is not None
        wanted.append((_later(firm.asked.on, CALL_WITHIN_DAYS), "phone", reason, ""))
    return tuple(
        Due(method, due_on, last_working_day(due_on, works), reason, milestone)
        for due_on, method, reason, milestone in sorted(wanted)
    )


def _later(day: dt.date, days: int) -> dt.date:
    return day + dt.timedelta(days=days)


def _why_call(firm: Heard) -> str:
    """`no_answer` or `low_score` while no call has followed the last online questions."""
    called = firm.last.get("phone")
    if firm.asked is None or (called is not None and called >= firm.asked.on):
        return ""
    if firm.asked.score is None:
        return "no_answer"
    return "low_score" if firm.asked.score < SATISFIED else ""


@dataclass(frozen=True, slots=True)
class Tie:
    """What binds a specialist to a firm: a part of it, or work there (`left_on` None: still there)."""

    owns_part: bool = False
    employed: bool = False
    left_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """A specialist on the way to one firm; `employed_since` None is unknown, which never counts as three years."""

    employed_since: dt.date | None
    suspended: bool = False
    tie: Tie = Tie()


def why_not_visit(visitor: Visitor, day: dt.date) -> tuple[str, ...]:
    """Every reason why this specialist may not visit this firm on `day`: none means that they may.

    Three years of service on the day of the visit; no part of the firm, no work there within two years (two years ago
    to the day is over); the right to visit not withdrawn.

    >>> since = Visitor(dt.date(2023, 11, 20))
    >>> why_not_visit(since, dt.date(2026, 11, 19)), why_not_visit(since, dt.date(2026, 11, 20))
    (('tenure',), ())
    """
    reasons = []
    if visitor.employed_since is None or months_later(visitor.employed_since, MONTHS_OF_SERVICE) > day:
        reasons.append("tenure")
    if _in_conflict(visitor.tie, day):
        reasons.append("conflict_of_interest")
    if visitor.suspended:
        reasons.append("suspended")
    return tuple(reasons)


def _in_conflict(tie: Tie, day: dt.date) -> bool:
    if tie.owns_part:
        return True
    if tie.left_on is not None:
        return months_later(tie.left_on, MONTHS_AFTER_EMPLOYER) > day
    return tie.employed


@dataclass(frozen=True, slots=True)
class Remark:
    """What was heard on a visit: a hesitation needs its probe; a remark is linked, or needs no action for a reason."""

    hesitation: bool = False
    probe: str = ""
    linked: bool = False
    no_action_reason: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised on a visit, and whether it became a problem or a need."""

    became: str = ""


def why_not_close(remarks: Iterable[Remark], promises: Iterable[Promise]) -> tuple[str, ...]:
    """Everything that keeps a visit from being closed, all at once; blank words count as none.

    >>> why_not_close([Remark(hesitation=True, probe="  ")], [Promise()])
    ('probe_missing', 'remark_open', 'promise_open')
    """
    remarks = list(remarks)
    found = {
        "probe_missing": any(one.hesitation and not one.probe.strip() for one in remarks),
        "remark_open": any(not one.linked and not one.no_action_reason.strip() for one in remarks),
        "promise_open": any(not one.became.strip() for one in promises),
    }
    return tuple(code for code, holds in found.items() if holds)
