"""Which step may follow which, and deadlines counted in days: the ecosystem's state machines in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.errors import Conflict

STALLED_AFTER_DAYS = 14
TRANSFER_DAYS = 183

POST: Mapping[str, tuple[str, ...]] = {
    "draft": ("published", "withdrawn"),
    "published": ("engaged", "satisfied", "expired", "withdrawn"),
    "engaged": ("published", "satisfied", "expired", "withdrawn"),
    "satisfied": (),
    "expired": ("draft",),
    "withdrawn": ("draft",),
}
MATCH: Mapping[str, tuple[str, ...]] = {
    "proposed": ("asked", "declined", "lapsed"),
    "asked": ("mutual", "declined", "lapsed"),
    "mutual": ("introduced",),
    "introduced": (),
    "declined": (),
    "lapsed": (),
}
INTRODUCTION: Mapping[str, tuple[str, ...]] = {
    "opened": ("met", "lost"),
    "met": ("negotiating", "agreed", "lost"),
    "negotiating": ("agreed", "lost"),
    "agreed": ("delivering", "lost"),
    "delivering": ("verified", "lost"),
    "verified": (),
    "lost": (),
}
RESOLUTION: Mapping[str, tuple[str, ...]] = {
    "open": ("done", "dropped"),
    "done": (),
    "dropped": (),
}
TRANSFER: Mapping[str, tuple[str, ...]] = {
    "need": ("match", "dropped"),
    "match": ("research", "dropped"),
    "research": ("pilot", "dropped"),
    "pilot": ("production", "dropped"),
    "production": (),
    "dropped": (),
}
MACHINES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "post": POST,
    "match": MATCH,
    "introduction": INTRODUCTION,
    "resolution": RESOLUTION,
    "transfer": TRANSFER,
}
#: Introductions in these states move on only when somebody does something.
RUNNING = ("opened", "met", "negotiating", "agreed", "delivering")


def step(machine: str, state: str, to: str) -> str:
    """Return the new state, or refuse a step the machine does not list.

    >>> step("match", "asked", "mutual")
    'mutual'
    >>> step("match", "declined", "asked")
    Traceback (most recent call last):
    ...
    app.errors.Conflict: ecosystem_step_refused {'state': 'declined', 'to': 'asked'}
    """
    if to not in MACHINES[machine].get(state, ()):
        raise Conflict("ecosystem_step_refused", state=state, to=to)
    return to


def reachable(machine: str, state: str) -> tuple[str, ...]:
    """Return the steps open from a state, in the order they are usually taken.

    >>> reachable("introduction", "opened")
    ('met', 'lost')
    """
    return tuple(MACHINES[machine].get(state, ()))


def shown_state(state: str, last_noted_at: datetime, now: datetime) -> str:
    """Return the state of an introduction as the world sees it: `stalled` after 14 silent days.

    `stalled` is derived from the last note, so it can be neither forgotten nor wrong; any note ends it.

    >>> from datetime import UTC
    >>> t = datetime(2026, 11, 1, tzinfo=UTC)
    >>> [shown_state("met", t, t + timedelta(days=n)) for n in (14, 15)]
    ['met', 'stalled']
    >>> shown_state("verified", t, t + timedelta(days=99))
    'verified'
    """
    if state in RUNNING and now - last_noted_at > timedelta(days=STALLED_AFTER_DAYS):
        return "stalled"
    return state


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
class Project:
    """A university project: when it was matched with a firm and when it reached production, if it did."""

    id: int
    started_on: date
    production_on: date | None = None


def days_to_production(project: Project) -> int | None:
    """Return the days from the start to production, None before production.

    >>> days_to_production(Project(1, date(2026, 1, 1), date(2026, 7, 3)))
    183
    """
    return None if project.production_on is None else (project.production_on - project.started_on).days


def in_time(project: Project) -> bool:
    """Say whether a project reached production within 183 days (half a year): day 183 does, day 184 does not.

    >>> day = date(2026, 1, 1)
    >>> [in_time(Project(1, day, day + timedelta(days=n))) for n in (0, 183, 184, 190)]
    [True, True, False, False]
    >>> in_time(Project(1, day))
    False
    """
    days = days_to_production(project)
    return days is not None and 0 <= days <= TRANSFER_DAYS


@dataclass(frozen=True)
class HalfYear:
    """Projects that reached production in one half-year: how many, and how many of them in time."""

    year: int
    half: int
    produced: int
    in_time: int
    projects: tuple[int, ...]


def half_years(projects: Iterable[Project]) -> list[HalfYear]:
    """Return the figures per half-year of production, newest first.

    >>> a = Project(1, date(2026, 1, 1), date(2026, 6, 30))
    >>> b = Project(2, date(2026, 1, 1), date(2026, 7, 10))
    >>> [(h.year, h.half, h.produced, h.in_time) for h in half_years([a, b])]
    [(2026, 2, 1, 0), (2026, 1, 1, 1)]
    """
    groups: dict[tuple[int, int], list[Project]] = {}
    for project in projects:
        if project.production_on is not None:
            key = (
                project.production_on.year,
                1 if project.production_on.month <= 6 else 2,
            )
            groups.setdefault(key, []).append(project)
    return [
        HalfYear(
            year,
            half,
            len(rows),
            sum(map(in_time, rows)),
            tuple(sorted(p.id for p in rows)),
        )
        for (year, half), rows in sorted(groups.items(), reverse=True)
    ]
