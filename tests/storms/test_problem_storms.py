"""kill -9 between a remark, its problem, its signal and their messages: nothing is lost and nothing doubled."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from app.ecosystem import door as ecosystem
from app.hall import clock, jobs
from app.hall.db.base import db
from app.identity import door as identity
from app.problems import messages
from app.problems.reports import service as reports
from app.voice.feedback import links
from app.voice.feedback import service as feedback
from tests.credits.conftest import CreditsPark
from tests.storms.test_across_rooms import Moment, count, dies
from tests.voice.crew import Crew, at

pytestmark = pytest.mark.timeout(120)
NOW = at("2026-11-02T10:00")
MOMENTS = (
    Moment(reports, "_write"),  # the problem is written, not its message; nothing committed
    Moment(messages, "tell"),  # the message as well, not committed
    Moment(jobs, "deliver_outbox", before=True),  # committed; nobody was told
    Moment(identity, "notify_member"),  # somebody was told, not committed
    Moment(ecosystem, "record_signal"),  # problem and people are done, the signal is written, not committed
    None,  # everything is done, the answer is lost
)


@pytest.fixture
def crew(app: Any) -> Crew:
    return Crew(CreditsPark(app))


def _linked(actor: identity.Actor, number: int) -> None:
    """What the specialist does with a remark: it becomes a problem for the canteen, and a signal."""
    links.link(actor, number, links.Wanted("problem", "canteen", theme="食堂"))
    links.link(actor, number, links.Wanted("signal", theme="食堂"))


def test_a_remark_becomes_one_problem_and_one_signal_and_each_is_told_once(crew: Crew) -> None:
    park, actor = crew.park, crew.park.actor("old")
    assert isinstance(park, CreditsPark)
    told: list[int] = []
    with clock.frozen(NOW):
        for number, moment in enumerate(MOMENTS, start=1):
            remark = int(crew.say("E06", f"第 {number} 句：食堂太咸")["id"])
            dies(park, moment, _linked, actor, remark)
            with park.app.app_context():
                for _again in range(2):  # the specialist presses once more, the clockwork ticks twice
                    _linked(actor, remark)
                    jobs.deliver_outbox()
                source = f"feedback:{remark}"
                assert count("SELECT count(*) FROM problem WHERE source = :s", s=source) == 1, moment
                assert count("SELECT count(*) FROM signal WHERE source = :s", s=source) == 1, moment
                assert count("SELECT count(*) FROM feedback_link WHERE feedback_id = :n", n=remark) == 2
                assert count("SELECT count(*) FROM outbox WHERE done_at IS NULL") == 0, moment
                query = sa.text("SELECT number FROM problem WHERE source = :s")
                page = f"/problems/{db.session.scalar(query, {'s': source})}"
                told.append(count("SELECT count(*) FROM notification WHERE url = :u", u=page))
                clocks = "SELECT count(*) FROM problem_clock c JOIN problem p ON p.id = c.problem_id WHERE p.source = :s"
                assert count(clocks, s=source) == 1
                db.session.remove()
        assert told[0] > 0 and set(told) == {told[0]}, "each is told as often as the one that went well"


def test_a_report_of_a_caller_that_died_is_sent_again_and_is_one(crew: Crew) -> None:
    """A phone that hears no answer sends the same `client_id` again."""
    park, actor = crew.park, crew.park.actor("e06")
    assert isinstance(park, CreditsPark)
    moments = (Moment(reports, "_write"), Moment(jobs, "deliver_outbox", before=True), None)
    with clock.frozen(NOW):
        for number, moment in enumerate(moments, start=1):
            report = reports.Report(category="lamp", text="路灯不亮", client_id=f"{number}:{uuid.uuid4()}")
            dies(park, moment, reports.register, actor, report)
            with park.app.app_context():
                made = reports.register(actor, report)
                assert made.fresh is (number == 1), "only the one of which nothing was committed is new"
                jobs.deliver_outbox()
                assert count("SELECT count(*) FROM problem") == number
                assert count("SELECT count(*) FROM outbox WHERE done_at IS NULL") == 0
                page = f"/problems/{made.problem.number}"
                assert count("SELECT count(*) FROM notification WHERE url = :u", u=page) > 0
                db.session.remove()


def test_a_remark_that_died_is_entered_again_and_is_one(crew: Crew) -> None:
    park, actor = crew.park, crew.park.actor("old")
    assert isinstance(park, CreditsPark)
    with clock.frozen(NOW):
        for number, moment in enumerate((Moment(feedback, "emit"), None), start=1):
            entry = feedback.Entry(str(uuid.uuid4()), "电梯慢", "visit", NOW.date(), "E06")
            dies(park, moment, feedback.record, actor, entry)
            with park.app.app_context():
                assert feedback.record(actor, entry).fresh is (moment is not None)
                jobs.deliver_outbox()
                assert count("SELECT count(*) FROM feedback") == number
                assert count("SELECT count(*) FROM contact") == 1
                db.session.remove()
