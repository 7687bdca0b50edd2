"""A job that runs late, twice or never changes no state; messages are neither lost nor doubled; one responsible."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from app.hall import clock
from app.hall.clock import ZONE
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.jobs import deliver_outbox
from app.problems.clocks.models import ClockEvent
from app.problems.work.handlers import watch
from app.problems.work.models import Responsibility
from tests.problems.team import Team, codes

START = dt.datetime(2026, 9, 1, 10, tzinfo=ZONE)


def states(team: Team, at: dt.datetime) -> list[Any]:
    with clock.frozen(at):
        items = team.api("desk").get("/problems").json["items"]
        return sorted((one["number"], one["state"], str(one["clock"])) for one in items)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(runs=st.lists(st.integers(0, 30 * 24), max_size=6))
def test_what_is_shown_does_not_depend_on_when_the_job_ran(team: Team, runs: list[int]) -> None:
    with clock.frozen(START):
        team.assigned(text="网络慢")
        team.resolved(text="修过的")
        slow = team.assigned("canteen", "logistics", text="菜咸")
        team.do("logistics", slow, "ask", {"text": "哪天？"})
    moments = [START + dt.timedelta(hours=hours) for hours in (1, 13, 25, 24 * 8, 24 * 20)]
    before = [states(team, at) for at in moments]
    for hours in sorted(runs):
        with clock.frozen(START + dt.timedelta(hours=hours)), team.park.app.app_context():
            watch()
            assert watch() == 0
    # What the job wrote is what was so anyway: looking from any moment shows the same clocks.
    last = START + dt.timedelta(hours=max(runs, default=0))
    for at, shown in zip(moments, before, strict=True):
        if at >= last:
            assert states(team, at) == shown


def test_each_warning_is_told_once_and_a_late_job_tells_all_that_were_due(team: Team) -> None:
    with clock.frozen(START):
        problem = team.assigned()
    for hours, expected in (
        (11, []),
        (12, ["half"]),
        (19, ["half", "three_quarters"]),
        (30, ["breach", "half", "three_quarters"]),
    ):
        with clock.frozen(START + dt.timedelta(hours=hours, seconds=1)), team.park.app.app_context():
            watch()
            watch()
            kinds = db.session.scalars(sa.select(ClockEvent.kind).where(ClockEvent.problem_id == problem))
            assert sorted(kinds) == expected, hours
    told = team.api("it").get("/identity/notifications").json["items"]
    assert sum("超时" in one["text"] for one in told) == 1


def test_a_clock_met_in_time_is_never_warned_of_however_late_the_job(team: Team) -> None:
    with clock.frozen(START):
        problem = team.assigned()
    with clock.frozen(START + dt.timedelta(hours=1)):
        team.do("it", problem, "respond", {"text": "到"})
    with clock.frozen(START + dt.timedelta(days=9)), team.park.app.app_context():
        watch()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(ClockEvent)) == 0


def test_not_taken_within_two_hours_it_goes_on_to_the_desk(team: Team) -> None:
    with clock.frozen(START):
        problem = team.report(category="lamp")["id"]
    with clock.frozen(START + dt.timedelta(hours=3)):
        with team.park.app.app_context():
            watch()
        assert team.api("property").get(f"/problems/{problem}").json["state"] == "registered"
        team.do("desk", problem, "classify", {"class": "immediate"})


def test_messages_of_day_clocks_wait_for_working_hours(team: Team) -> None:
    with clock.frozen(dt.datetime(2026, 9, 1, 22, tzinfo=ZONE)):
        problem = team.assigned("canteen", "logistics")
        assert not team.api("logistics").get("/identity/notifications").json["items"]
    with clock.frozen(dt.datetime(2026, 9, 2, 9, 0, 1, tzinfo=ZONE)):
        with team.park.app.app_context():
            deliver_outbox()
        told = team.api("logistics").get("/identity/notifications").json["items"]
        assert len([one for one in told if "由您负责" in one["text"]]) == 1
    assert problem


def test_the_last_quarter_belongs_to_the_vice_president(team: Team) -> None:
    with clock.frozen(START):
        problem = team.assigned()
    with clock.frozen(START + dt.timedelta(hours=18)):
        body = {"class": "process", "reason": "要招标"}
        refused = team.do("desk", problem, "classify", body, 409)
        assert codes(refused) == ["last_quarter_needs_vice_president"]
        assert team.do("vp", problem, "classify", body)["class"] == "process"


def test_the_database_itself_refuses_a_second_responsible_and_an_early_closing(team: Team) -> None:
    problem = team.assigned()
    with team.park.app.app_context():
        for statement in (
            f"UPDATE problem SET state = 'closed' WHERE id = {problem}",
            "UPDATE problem_step SET act = 'x'",
            "DELETE FROM problem_step",
        ):
            with pytest.raises(DBAPIError), transaction() as session:
                session.execute(sa.text(statement))
        with pytest.raises(DBAPIError), transaction() as session:
            session.add(
                Responsibility(problem_id=problem, member_id=team.ids["vp"], why="head", from_at=clock.now())
            )
            session.flush()


def test_the_same_client_id_and_the_same_key_are_one_problem(team: Team) -> None:
    body = {"category": "lamp", "text": "不亮", "client_id": "0b0e2f3c-2f43-4f0e-9a53-0c9c2f0f7a11"}
    first = team.api("e01").post("/problems", body)
    assert team.api("e01").post("/problems", body).json["id"] == first.json["id"]
    assert team.api("e01").post("/problems", {**body, "text": "别的"}).status_code == 409
    assert team.api("e02").post("/problems", body).json["id"] != first.json["id"]
    keyed = [
        team.api("e03").post("/problems", {"category": "lamp", "text": "x"}, key="k1").json for _n in (1, 2)
    ]
    assert keyed[0] == keyed[1]


KILLED = """
import os, sys
from pathlib import Path
from app import create_app
from app.hall import jobs
from tests.conftest import settings_for
from tests.factories import Park
from app.problems.reports.service import Report, register
app = create_app(settings_for(sys.argv[1], Path(sys.argv[2])))
app.extensions["huey_run"] = lambda name, payload: os.kill(os.getpid(), 9)
park = Park(app)
actor = park.actor("e01")
with app.app_context():
    register(actor, Report("lamp", "杀死之后也在", theme="照明"))
"""


def test_killed_between_problem_signal_and_message_nothing_is_lost_or_doubled(
    team: Team, database_url: str, tmp_path: Any
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, database_url, str(tmp_path)],
        cwd=Path.cwd(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr[-500:]
    with team.park.app.app_context():
        deliver_outbox()
        deliver_outbox()
    found = team.api("desk").get("/problems").json
    assert (found["total"], found["items"][0]["text"]) == (1, "杀死之后也在")
    told = team.api("worker").get("/identity/notifications").json["items"]
    assert len([one for one in told if found["items"][0]["number"] in one["text"]]) == 1
    heard = team.api("investment").get("/ecosystem/signals").json["items"]
    assert [(one["text"], one["kind"], one["tags"]) for one in heard] == [
        ("杀死之后也在", "repair", ["照明"])
    ]


def statements_of(team: Team, login: str, path: str) -> int:
    """How many statements the second look at a page takes."""
    browser = team.park.browse(login)
    browser.get(path)
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, text: str, *_more: Any) -> None:
        found.append(text)

    with team.park.app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        assert browser.get(path).status_code == 200
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return len(found)


def test_pages_ask_the_database_as_often_for_twelve_problems_as_for_two(team: Team) -> None:
    pages = (
        ("property", "/problems"),
        ("property", "/problems/all"),
        ("desk", "/problems/triage"),
        ("e01", "/me"),
        ("e01", "/problems/all"),
    )
    for n in range(2):
        team.report(category="lamp", text=f"第{n}盏灯", place=team.place)
    few = {page: statements_of(team, *page) for page in pages}
    for n in range(10):
        team.report(category="lamp", text=f"又第{n}盏灯", place=team.place)
    many = {page: statements_of(team, *page) for page in pages}
    assert many == few
    # What the frame itself asks (badges of all rooms) is not this room's; the room's own stay below twenty.
    frame = statements_of(team, "property", "/identity/profile")
    assert many[("property", "/problems")] - frame <= 20
