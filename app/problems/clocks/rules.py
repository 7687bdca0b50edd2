"""Due and state of every clock as a function of moments only, so that no job that runs late can change either."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from app.identity.door import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
ONE_DAY = dt.timedelta(days=1)
IMMEDIATE, PROCESS, LONGTERM = "immediate", "process", "longterm"
CLASSES = (IMMEDIATE, PROCESS, LONGTERM)
FIRST_RESPONSE, PLAN, MILESTONE = "first_response", "plan", "milestone"
HOUR, WORKING_HOUR, CALENDAR_DAY, WORKING_DAY = "hour", "working_hour", "calendar_day", "working_day"
UNITS = (HOUR, WORKING_HOUR, CALENDAR_DAY, WORKING_DAY)
RUNNING, PAUSED, MET, MISSED, CANCELLED = "running", "paused", "met", "missed", "cancelled"
PAUSE_CAP = 10
AFTER_CHANGE = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Term:
    """What one class promises: which clock, how long, and how many days questions may pause it."""

    clock: str
    span: int
    unit: str
    pause_cap: int = PAUSE_CAP


@dataclass(frozen=True, slots=True)
class ClockRules:
    """One version of `rules.yaml`; `longterm` holds how soon the roadmap must be confirmed."""

    immediate: Term = Term(FIRST_RESPONSE, 24, HOUR)
    process: Term = Term(PLAN, 15, CALENDAR_DAY)
    longterm: Term = Term(MILESTONE, 30, CALENDAR_DAY)
    report_every_days: int = 30

    def term(self, problem_class: str) -> Term:
        return {IMMEDIATE: self.immediate, PROCESS: self.process, LONGTERM: self.longterm}[problem_class]


@dataclass(frozen=True, slots=True)
class Pause:
    """A question to the firm, until its answer; without one it is open."""

    asked_at: dt.datetime
    answered_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """The moments of one clock; `changed_at` where a change of class started it."""

    started_at: dt.datetime
    met_at: dt.datetime | None = None
    pauses: tuple[Pause, ...] = ()
    changed_at: dt.datetime | None = None
    milestone_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """What a clock shows; without a due it is paused. Moments are aware, in Asia/Shanghai."""

    clock: str
    problem_class: str
    started_at: dt.datetime
    state: str
    due_at: dt.datetime | None
    due_on: dt.date | None = None
    late_minutes: int = 0
    paused_days: int = 0
    provisional: bool = False
    extended: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """From this moment on the problem is of another class; `met_at` where the clock of the old one was met before."""

    moment: dt.datetime
    problem_class: str
    met_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Reopening:
    """The firm said it is not solved: a further clock from this moment."""

    moment: dt.datetime
    met_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One problem as its clocks see it; `problem_class` at registration, `met_at` of the last class."""

    id: str
    problem_class: str
    registered_at: dt.datetime
    met_at: dt.datetime | None = None
    pauses: tuple[Pause, ...] = ()
    changes: tuple[Change, ...] = ()
    milestone_on: dt.date | None = None
    reopenings: tuple[Reopening, ...] = ()


def clocks_of(case: Case, rules: ClockRules, calendar: Calendar, at: dt.datetime) -> list[Clock]:
    """All clocks of a problem, the newest last.

    Parameters
    ----------
    case : Case
        Its moments; every one is taken as written, also one after `at`.
    rules : ClockRules
        The version of the rules the problem was registered under.
    calendar : Calendar
        Which days and hours work.
    at : datetime
        The aware moment to look from.

    >>> from app.identity.door import calendar_of
    >>> start = dt.datetime(2026, 9, 22, 10, tzinfo=ZONE)
    >>> [clock] = clocks_of(Case("C3", "process", start), ClockRules(), calendar_of([]), start)
    >>> clock.due_on, clock.state
    (datetime.date(2026, 10, 7), 'running')
    """
    changes = sorted(case.changes, key=lambda change: change.moment)
    found = []
    problem_class, changed_at = case.problem_class, None
    for change in changes:
        run = Run(case.registered_at, change.met_at, case.pauses, changed_at, case.milestone_on)
        found.append(_left(rules.term(problem_class), problem_class, run, calendar, change.moment, at))
        problem_class, changed_at = change.problem_class, change.moment
    run = Run(case.registered_at, case.met_at, case.pauses, changed_at, case.milestone_on)
    found.append(read_clock(rules.term(problem_class), problem_class, run, calendar, at))
    for reopening in sorted(case.reopenings, key=lambda one: one.moment):
        again = Run(reopening.moment, reopening.met_at, case.pauses, None, case.milestone_on)
        found.append(read_clock(rules.term(problem_class), problem_class, again, calendar, at))
    return found


def read_clock(term: Term, problem_class: str, run: Run, calendar: Calendar, at: dt.datetime) -> Clock:
    """Due and state of one clock (contract-wider 2.2); the longest walk is span + pause_cap counted days."""
    if problem_class == LONGTERM and run.milestone_on is not None:
        return _milestone_clock(term, problem_class, run, at)
    if term.unit in (HOUR, WORKING_HOUR):
        return _hour_clock(term, problem_class, run, calendar, at)
    return _day_clock(term, problem_class, run, calendar, at)


def held(clock: Clock, due_at: dt.datetime, met_at: dt.datetime | None, at: dt.datetime) -> Clock:
    """The clock with the due it had when it was met or missed: days published later move it no more."""
    if clock.due_on is None:
        return _judged(replace(clock, due_at=due_at), met_at, at, late=lambda moment: moment > due_at)
    kept = replace(clock, due_at=due_at, due_on=_day(due_at) - ONE_DAY, provisional=False)
    return _judged(kept, met_at, at, late=lambda moment: moment >= due_at)


def _left(
    term: Term, problem_class: str, run: Run, calendar: Calendar, until: dt.datetime, at: dt.datetime
) -> Clock:
    """The clock of a class that was changed at `until`: met or missed it stays, cancelled if it was not yet due."""
    if run.met_at is not None:
        return read_clock(term, problem_class, run, calendar, at)
    # An answered question counts in full, as for a clock that was met before it; one asked later and open ended here.
    heard = tuple(pause for pause in run.pauses if pause.answered_at is not None or pause.asked_at < until)
    clock = read_clock(term, problem_class, replace(run, pauses=heard), calendar, until)
    if clock.state == MISSED and clock.due_at is not None:
        return replace(clock, late_minutes=_minutes(clock.due_at, at))
    return replace(clock, state=CANCELLED, late_minutes=0)


def _hour_clock(term: Term, problem_class: str, run: Run, calendar: Calendar, at: dt.datetime) -> Clock:
    span = dt.timedelta(hours=term.span)
    start = run.started_at.astimezone(ZONE)
    due = start + span if term.unit == HOUR else calendar.hours_later(start, span)
    extended = run.changed_at is not None and due < run.changed_at + AFTER_CHANGE
    if extended and run.changed_at is not None:
        due = (run.changed_at + AFTER_CHANGE).astimezone(ZONE)
    clock = Clock(
        term.clock,
        problem_class,
        run.started_at,
        RUNNING,
        due,
        provisional=term.unit == WORKING_HOUR and calendar.provisional(_day(start), _day(due)),
        extended=extended,
    )
    return _judged(clock, run.met_at, at, late=lambda moment: moment > due)


def _milestone_clock(term: Term, problem_class: str, run: Run, at: dt.datetime) -> Clock:
    assert run.milestone_on is not None
    due_on, extended = _not_before(run.milestone_on, run.changed_at)
    clock = Clock(term.clock, problem_class, run.started_at, RUNNING, _end(due_on), due_on, extended=extended)
    return _judged(clock, run.met_at, at, late=lambda moment: moment >= _end(due_on))


def _day_clock(term: Term, problem_class: str, run: Run, calendar: Calendar, at: dt.datetime) -> Clock:
    start = _day(run.started_at)
    counts = calendar.works if term.unit == WORKING_DAY else _every_day
    quiet, asked = _questions(run)

    def clock(spans: Sequence[tuple[dt.date, dt.date | None]]) -> Clock:
        walked, skipped = _walk(start, term, counts, spans)
        due_on, extended = _not_before(walked, run.changed_at)
        provisional = term.unit == WORKING_DAY and calendar.provisional(start, due_on)
        return Clock(
            term.clock,
            problem_class,
            run.started_at,
            RUNNING,
            _end(due_on),
            due_on,
            paused_days=skipped,
            provisional=provisional,
            extended=extended,
        )

    found = clock(quiet)
    if asked is not None and found.due_on is not None and asked < found.due_on:
        # A question that is still open: quiet until its days reach the cap, then as if answered late.
        endless = [*quiet, (asked, None)]
        if _passed(start, _day(at), term.pause_cap, counts, endless) < term.pause_cap:
            return replace(found, state=PAUSED, due_at=None, due_on=None)
        found = clock(endless)
    assert found.due_on is not None
    end = _end(found.due_on)
    return _judged(found, run.met_at, at, late=lambda moment: moment >= end)


def _questions(run: Run) -> tuple[list[tuple[dt.date, dt.date | None]], dt.date | None]:
    """Days (asked, answered) of the questions that are over, and the day of the earliest that is open."""
    over: list[tuple[dt.date, dt.date | None]] = []
    still: list[dt.date] = []
    for pause in run.pauses:
        asked = _day(pause.asked_at)
        if pause.answered_at is not None:
            over.append((asked, _day(pause.answered_at)))
        elif run.met_at is None:
            still.append(asked)
        elif pause.asked_at < run.met_at:
            over.append((asked, _day(run.met_at)))
    return over, min(still, default=None)


def _walk(
    start: dt.date,
    term: Term,
    counts: Callable[[dt.date], bool],
    pauses: Sequence[tuple[dt.date, dt.date | None]],
) -> tuple[dt.date, int]:
    """The span-th counted day after the start, the first `pause_cap` paused ones skipped; and how many were."""
    day, left, skipped = start, term.span, 0
    while left:
        day += ONE_DAY
        if not counts(day):
            continue
        if skipped < term.pause_cap and _in_pause(day, pauses):
            skipped += 1
        else:
            left -= 1
    return day, skipped


def _passed(
    start: dt.date,
    until: dt.date,
    most: int,
    counts: Callable[[dt.date], bool],
    pauses: Sequence[tuple[dt.date, dt.date | None]],
) -> int:
    """How many paused days have passed up to and with `until`; counting stops at `most`."""
    passed, day = 0, start
    while day < until and passed < most:
        day += ONE_DAY
        passed += counts(day) and _in_pause(day, pauses)
    return passed


def _in_pause(day: dt.date, pauses: Iterable[tuple[dt.date, dt.date | None]]) -> bool:
    return any(asked < day and (answered is None or day <= answered) for asked, answered in pauses)


def _judged(
    clock: Clock, met_at: dt.datetime | None, at: dt.datetime, late: Callable[[dt.datetime], bool]
) -> Clock:
    """Missed when met too late, or unmet where meeting it now would be too late."""
    assert clock.due_at is not None
    seen = at if met_at is None else met_at
    if late(seen):
        return replace(clock, state=MISSED, late_minutes=_minutes(clock.due_at, seen))
    return replace(clock, state=RUNNING if met_at is None else MET)


def _not_before(due: dt.date, changed_at: dt.datetime | None) -> tuple[dt.date, bool]:
    """A day clock is never due sooner than the day that holds the moment 24 h after the change."""
    if changed_at is None:
        return due, False
    first = _day(changed_at + AFTER_CHANGE)
    return max(due, first), due < first


def _minutes(due: dt.datetime, seen: dt.datetime) -> int:
    return max((seen - due) // dt.timedelta(minutes=1), 0)


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(ZONE).date()


def _end(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + ONE_DAY, dt.time(), ZONE)


def _every_day(_day: dt.date) -> bool:
    return True
