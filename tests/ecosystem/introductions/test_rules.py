"""An introduction is silent after 14 days without a note, and late the day after its next step was due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.ecosystem.introductions.rules import INTRODUCTION, RUNNING, is_late, shown_state

NOTED = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = date(2026, 3, 31)


def test_the_fourteenth_day_to_the_second() -> None:
    for state in RUNNING:
        assert shown_state(state, NOTED, NOTED + timedelta(days=14)) == state
        assert shown_state(state, NOTED, NOTED + timedelta(days=14, seconds=1)) == "stalled"


def test_what_is_over_is_neither_silent_nor_late() -> None:
    for state in set(INTRODUCTION) - set(RUNNING):
        assert shown_state(state, NOTED, NOTED + timedelta(days=99)) == state
        assert not is_late(state, DAY, DAY + timedelta(days=99))


@pytest.mark.parametrize(("due", "late"), [(None, False), (DAY, False), (DAY - timedelta(days=1), True)])
def test_a_step_is_late_after_its_last_day(due: date | None, late: bool) -> None:
    assert [is_late(state, due, DAY) for state in RUNNING] == [late] * len(RUNNING)


def test_running_are_the_states_with_a_way_on() -> None:
    assert set(RUNNING) == {state for state, steps in INTRODUCTION.items() if steps}
