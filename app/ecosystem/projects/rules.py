"""University projects in days: in time is within 183 of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.ecosystem.limits import TRANSFER_DAYS

TRANSFER: Mapping[str, tuple[str, ...]] = {
    "need": ("match", "dropped"),
    "match": ("research", "dropped"),
    "research": ("pilot", "dropped"),
    "pilot": ("production", "dropped"),
    "production": (),
    "dropped": (),
}


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

    >>> from datetime import timedelta
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


@dataclass(frozen=True)
class Plan:
    """A project to be started between a university (or institute) and a firm."""

    title: str
    university_id: int
    enterprise_id: int
    started_on: date
    base_id: int | None = None
    segment: str | None = None
    need_id: int | None = None


@dataclass(frozen=True)
class BasePlan:
    """A joint base to be founded by a university and firms."""

    name: str
    field: str
    university_id: int
    firms: Sequence[int]
    founded_on: date
    resolution_id: int | None = None
