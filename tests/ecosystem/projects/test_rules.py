"""University projects in days: 183 of them are in time, 184 are not."""

from __future__ import annotations

from datetime import date, timedelta

from app.ecosystem.projects import rules


def test_five_projects_in_time_and_one_on_day_190() -> None:
    start = date(2026, 1, 5)
    days = (90, 120, 150, 182, 183, 190)
    projects = [rules.Project(i, start, start + timedelta(days=n)) for i, n in enumerate(days)]
    assert sum(map(rules.in_time, projects)) == 5
    assert [h.in_time for h in rules.half_years(projects)] == [2, 3]
