"""A wrong clock cannot spend: what cannot be undone waits for a person, and nothing else does."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.hall import clock, jobs, standstill
from app.hall.db.base import db
from app.hall.db.facts import find_fact
from app.hall.limits import CLOCK_STEP, LARGEST_SHARE
from app.hall.standstill import Batch, Confirmed, doubt
from tests.factories import Park

DAY = dt.timedelta(days=1)
NOON = dt.datetime(2026, 11, 25, 4, tzinfo=dt.UTC)
moments = st.integers(0, 3650 * 86_400).map(lambda seconds: clock.EPOCH + dt.timedelta(seconds=seconds))


@pytest.fixture(autouse=True)
def clock_as_before() -> Iterator[None]:
    yield
    clock.read_shift_from(None)


@given(now=moments, last=moments, newest=st.none() | moments)
def test_what_is_more_than_a_day_off_is_never_believed(
    now: dt.datetime, last: dt.datetime, newest: dt.datetime | None
) -> None:
    off = abs(now - last) > CLOCK_STEP or (newest is not None and newest - now > CLOCK_STEP)
    assert bool(doubt(now, last, newest)) == off
    assert not doubt(last, last, None)
    assert not doubt(now, last, None, moved=now - last)  # a jump on purpose


def test_a_quiet_weekend_is_no_reason_to_doubt_and_a_park_without_a_tick_has_its_newest_record() -> None:
    assert doubt(NOON, NOON - DAY, NOON - 40 * DAY) == ""
    assert doubt(NOON, None, NOON - 2 * DAY) == "clock_ahead"
    assert doubt(NOON, None, None) == ""
    assert doubt(NOON, NOON, NOON + 2 * DAY, believed_until=NOON + 2 * DAY) == ""
    assert doubt(NOON, NOON, NOON + 3 * DAY, believed_until=NOON + 2 * DAY) == "clock_behind"


@given(part=st.integers(0, 5000), floor=st.integers(0, 2000), whole=st.integers(0, 50_000))
def test_a_batch_asks_beyond_its_floor_and_its_share(part: int, floor: int, whole: int) -> None:
    assert Batch("credits", part, floor, lambda: whole).asks() == (
        part > floor and part > LARGEST_SHARE * whole
    )


SPENT = (
    "SELECT count(*) FROM transfer WHERE kind = 'expire'",
    "SELECT count(*) FROM booking WHERE state IN ('no_show', 'settled', 'expired')",
    "SELECT count(*) FROM booking_payment",
    "SELECT count(*) FROM redemption WHERE state = 'expired'",
)


def _spent() -> list[int]:
    found = [int(db.session.scalar(sa.text(one)) or 0) for one in SPENT]
    db.session.rollback()
    return found


def _tick(app: Flask, moment: dt.datetime, *arguments: str) -> tuple[int, str]:
    with clock.frozen(moment):
        answer = app.test_cli_runner().invoke(args=["jobs", "tick", *arguments])
    return answer.exit_code, answer.output


def test_one_tick_years_ahead_spends_nothing_and_says_so(demo_app: Flask) -> None:
    now = clock.now()
    with demo_app.app_context():
        jobs.run_periodic()
        before, tick = _spent(), jobs.last_tick()
    code, text = _tick(demo_app, now + 1100 * DAY)
    assert code == 3 and "--clock-is-right" in text
    with demo_app.app_context():
        assert _spent() == before
        assert jobs.last_tick() == tick  # a wrong clock is not what the next tick compares with
    ready = demo_app.test_client().get("/readyz").json
    assert ready["status"] == "ok" and ready["irreversible"] == "stopped"
    assert ready["stopped_because"]["clock"]["reason"] == "clock_ahead"
    assert _tick(demo_app, now)[0] == 0  # the clock is right again: nobody need be asked
    assert demo_app.test_client().get("/readyz").json["irreversible"] == "running"


def test_a_confirmed_clock_still_asks_before_a_batch_that_is_most_of_the_park(demo_app: Flask) -> None:
    now = clock.now() + 1100 * DAY
    with demo_app.app_context():
        jobs.run_periodic()
        before = _spent()
    code, text = _tick(demo_app, now, "--clock-is-right")
    assert code == 3 and "--batch-is-right" in text
    with demo_app.app_context():
        after, held = _spent(), standstill.stopped()
        assert held["credits.expire_credits"]["unit"] == "credits"
        assert after[0] == before[0]
        assert json.loads(find_fact(standstill.STANDSTILL) or "{}") == held
    assert _tick(demo_app, now, "--batch-is-right")[0] == 0
    with demo_app.app_context():
        assert _spent()[0] > before[0]
        assert not standstill.stopped()


def test_a_jump_of_the_demo_clock_counts_as_right_there_and_back(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock.read_shift_from(file)
    with app.app_context():
        for days in (0, 90, 90, 3, 400, 0):
            file.write_text(str(days * 86_400), "ascii")
            assert standstill.clock_doubt(jobs.last_tick()) == {}, days
            jobs.run_periodic()
        assert not standstill.stopped()


def test_a_clock_behind_what_was_recorded_is_believed_once_somebody_has_looked(app: Flask) -> None:
    now = clock.now()
    with app.app_context():
        with clock.frozen(now + 9 * DAY):
            jobs.run_periodic(confirmed=Confirmed(clock=True))
        jobs.run_periodic()
        assert standstill.stopped()["clock"]["reason"] == "clock_behind"
        jobs.run_periodic(confirmed=Confirmed(clock=True))
        jobs.run_periodic()
        assert not standstill.stopped()


def test_the_administrator_sees_it_among_what_waits(demo_park: Park) -> None:
    with demo_park.app.app_context():
        jobs.run_periodic()
    _tick(demo_park.app, clock.now() + 5 * DAY)
    assert "--clock-is-right" in demo_park.browse("park").get("/identity/todo").text


def test_the_expiry_by_hand_asks_too(app: Flask) -> None:
    with app.app_context():
        jobs.run_periodic()
    with clock.frozen(clock.now() + 3 * DAY):
        refused = app.test_cli_runner().invoke(args=["credits", "expire"])
        done = app.test_cli_runner().invoke(args=["credits", "expire", "--clock-is-right"])
    assert (refused.exit_code, done.exit_code) == (1, 0)
    assert "--clock-is-right" in refused.output
