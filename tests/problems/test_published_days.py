"""A year is published: running clocks of working days move and say so, what was met or missed stays."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.jobs import deliver_outbox
from app.identity.calendar.rules import DayRow
from app.identity.departments import service as departments
from app.problems.clocks import service as clocks
from app.problems.clocks.models import ProblemClock
from app.problems.clocks.rules import WORKING_DAY
from tests.problems.team import Team
from tests.voice.crew import at

SPRING = [DayRow(dt.date(2027, 1, 4) + dt.timedelta(days=n), "holiday", "假日") for n in range(3)]


def _working_days(team: Team) -> None:
    """Plans within fifteen working days: proposed by one, approved by another."""
    with team.park.app.app_context():
        kept = clocks.in_force().rules
        rules = clocks.rules_from({**kept, "process": {**kept["process"], "unit": WORKING_DAY}})
        version = clocks.propose_rules(team.park.actor("vp"), rules, "工作日")
        clocks.decide_rules(team.park.actor("desk"), version.id, True)


def _shown(team: Team, problem: int) -> tuple[str, str]:
    found = team.api("vp").get(f"/problems/{problem}").json["clock"]
    return found["state"], found["due_at"]


def test_a_published_year_moves_what_runs_and_nothing_else(team: Team) -> None:
    _working_days(team)
    with clock.frozen(at("2026-12-16T10:00")):
        late = team.assigned("canteen", "logistics")
    with clock.frozen(at("2026-12-25T10:00")):
        runs = team.assigned("canteen", "logistics")
        assert _shown(team, runs) == ("running", "2027-01-16T00:00:00+08:00")
        shown = team.api("vp").get(f"/problems/{runs}").json["clock"]
        assert shown["provisional"] is True
    with clock.frozen(at("2027-01-08T10:00")):
        assert _shown(team, late) == ("missed", "2027-01-07T00:00:00+08:00")
        with team.park.app.app_context():
            departments.set_work_days(team.park.actor("park"), SPRING)
            deliver_outbox()
        assert _shown(team, late) == (
            "missed",
            "2027-01-07T00:00:00+08:00",
        )  # it had three days more by the new days
        assert _shown(team, runs) == ("running", "2027-01-21T00:00:00+08:00")
        number = team.api("vp").get(f"/problems/{runs}").json["number"]
        page = team.park.browse("logistics").get(f"/problems/{number}").text
        assert "公布工作日前为 2027-01-15" in page
        told = [one["text"] for one in team.api("logistics").get("/identity/notifications").json["items"]]
        assert [one for one in told if "2027-01-20" in one] == [
            f"{number} 的到期日随公布的工作日改为 2027-01-20。"
        ]
        with team.park.app.app_context():
            kept = db.session.scalars(sa.select(ProblemClock).where(ProblemClock.problem_id == runs)).one()
            assert kept.moved_from_at == at("2027-01-16T00:00") and kept.held_due_at is None
            departments.set_work_days(team.park.actor("park"), SPRING)  # the same days again move nothing
            deliver_outbox()
        again = [one["text"] for one in team.api("logistics").get("/identity/notifications").json["items"]]
        assert again == told
