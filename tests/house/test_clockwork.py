"""Every job of the clockwork stands still before a wrong clock, and says why it may do any number or asks first."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.credits.ledger import expiry
from app.credits.rewards import service as redemptions
from app.hall import clock, jobs, standstill
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.jobs import Outbox
from app.hall.standstill import Batch, Confirmed
from app.identity.leaving import service as leaving
from app.sharing.bookings import deadlines
from app.sharing.lending import licences
from app.sharing.use import payment
from app.voice.responses import closing_service
from tests.factories import Park

DAY = dt.timedelta(days=1)
# What nobody can undo, and what it is counted in: a job more or less belongs here, with the floor up to which it never asks.
COUNTED: dict[str, tuple[str, Any, str]] = {
    "credits.expire_credits": ("credits", expiry, "EXPIRES_UNASKED"),
    "credits.expire_redemptions": ("redemptions", redemptions, "REDEMPTIONS_UNASKED"),
    "identity.leaving.service.let_go": ("firms", leaving, "LEAVE_UNASKED"),
    "sharing.expire_licences": ("licences", licences, "LICENCES_UNASKED"),
    "sharing.expire_requests": ("bookings", deadlines, "ENDS_UNASKED"),
    "sharing.mark_no_shows": ("bookings", deadlines, "ENDS_UNASKED"),
    "sharing.settle_due": ("charges", payment, "CLOSES_UNASKED"),
    "voice.come_to_an_end": ("surveys", closing_service, "SURVEYS_UNASKED"),
}
SAYS_WHY = {
    "credits.audit_the_day",
    "credits.keep_months",
    "credits.seal_the_day",
    "credits.warn_before_expiry",
    "ecosystem.look_again",
    "ecosystem.mask_posts_again",
    "ecosystem.tidy_market",
    "hall.api.idempotency.forget_old_keys",
    "identity.privacy.erasure.go_on",
    "identity.privacy.retention.drop_old_logs",
    "identity.refresh_names",
    "identity.sessions.service.drop_ended_sessions",
    "identity.sessions.throttle.drop_old_failures",
    "insight.months_turn",
    "insight.read_other_rooms",
    "insight.read_remarks",
    "policy.read_platform",
    "policy.send_due_pushes",
    "policy.versions_come_and_go",
    "problems.reports.store.forget_unused",
    "problems.watch_problems",
    "sharing.remind_late_payers",
    "sharing.restart_lost_rounds",
    "upkeep.check_upkeep",
    "voice.feedback.photos.forget_unused",
    "voice.feedback.service.remind_late",
    "voice.remind_invited",
}


def test_every_job_counts_its_batch_or_says_why_it_need_not_ask(app: Flask) -> None:
    known = {one.name: one for one in jobs._periodic}
    assert {name for name, one in known.items() if one.batch} == set(COUNTED)
    assert {name for name, one in known.items() if len(one.unasked) > 10} == SAYS_WHY
    with app.app_context():
        for name, (unit, module, floor) in COUNTED.items():
            counted = known[name].batch
            assert counted is not None
            batch = counted()
            assert (batch.unit, batch.part, batch.floor) == (unit, 0, getattr(module, floor)), name
            assert batch.whole() == 0  # nothing there: no division, no doubt


@pytest.mark.parametrize("job", [{}, {"unasked": " "}, {"unasked": "why", "batch": lambda: None}])
def test_a_job_that_says_neither_or_both_is_no_job(job: dict[str, Any]) -> None:
    before = list(jobs._periodic)
    with pytest.raises(ValueError, match="one of the two"):
        jobs.every(5, **job)(lambda: None)
    assert jobs._periodic == before


@pytest.mark.parametrize("days", [-30, -2, 2, 1100])
def test_no_job_of_any_room_runs_by_a_wrong_clock(
    app: Flask, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    ran: list[str] = []

    def watched(one: jobs.Periodic) -> jobs.Periodic:
        def job() -> None:
            ran.append(one.name)

        job.__module__, job.__name__ = one.job.__module__, one.job.__name__
        return replace(one, job=job)

    monkeypatch.setattr(jobs, "_periodic", [watched(one) for one in jobs._periodic])
    now, everything = clock.now(), {*COUNTED, *SAYS_WHY}
    with app.app_context():
        jobs.run_periodic()
        assert set(ran) == everything
        ran.clear()
        with clock.frozen(now + days * DAY):
            jobs.run_periodic()
            assert ran == []
            jobs.run_periodic(confirmed=Confirmed(clock=True))
        assert set(ran) == everything


@pytest.mark.parametrize("name", sorted(COUNTED))
def test_what_nobody_can_undo_waits_where_it_is_too_much_at_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    ran: list[str] = []
    one = next(one for one in jobs._periodic if one.name == name)

    def job() -> None:
        ran.append(name)

    job.__module__, job.__name__ = one.job.__module__, one.job.__name__
    unit = COUNTED[name][0]
    large = Batch(unit, 131, 130, lambda: 1300)
    monkeypatch.setattr(jobs, "_periodic", [replace(one, job=job, batch=lambda: large)])
    with app.app_context():
        jobs.run_periodic()
        assert (ran, standstill.stopped()[name]["unit"]) == ([], unit)
        jobs.run_periodic(confirmed=Confirmed(batch=True))
        assert (ran, standstill.stopped()) == ([name], {})


def test_firms_leave_together_only_after_somebody_has_looked(park: Park) -> None:
    for number in range(1, 13):
        park.firm(f"E{number:02d}")
    many = sa.text(
        "UPDATE organisation SET status = 'leaving', leaves_on = :day WHERE code <= :last AND code LIKE 'E%'"
    )
    left = sa.text("SELECT count(*) FROM organisation WHERE status = 'left'")
    with park.app.app_context():
        for last, asks in (("E05", False), ("E12", True)):  # five never ask; seven of seven do
            with transaction() as session:
                session.execute(many, {"day": clock.today(), "last": last})
                session.execute(
                    sa.text(
                        "UPDATE organisation SET status = 'left' WHERE code <= 'E05' AND code LIKE 'E%'"
                        if asks
                        else "SELECT 1"
                    )
                )
            jobs.run_periodic()
            assert ("identity.leaving.service.let_go" in standstill.stopped()) == asks
            assert db.session.scalar(left) == 5
            db.session.rollback()
        jobs.run_periodic(confirmed=Confirmed(batch=True))
        assert db.session.scalar(left) == 12


def test_the_demo_park_years_later_asks_for_everything_that_is_due(
    demo_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _unit, module, floor in COUNTED.values():
        monkeypatch.setattr(module, floor, 0)
    with demo_app.app_context():
        jobs.run_periodic(confirmed=Confirmed(batch=True))
        with clock.frozen(clock.now() + 1100 * DAY):
            due = {one.name for one in jobs._periodic if one.batch and one.batch().part}
            asks = {one.name for one in jobs._periodic if one.batch and one.batch().asks()}
            assert due >= set(COUNTED) - {"identity.leaving.service.let_go"}, due
            jobs.run_periodic(confirmed=Confirmed(clock=True))
            assert set(standstill.stopped()) == asks
            assert asks >= {
                "credits.expire_credits",
                "credits.expire_redemptions",
                "sharing.mark_no_shows",
            }, asks


@jobs.on("test.kept")
def kept(payload: dict[str, Any]) -> None:
    if payload.get("fails"):
        raise RuntimeError("the mail server is away")


def test_a_wrong_clock_sends_nothing_early_and_leaves_nothing_behind(app: Flask) -> None:
    """What waits for its hour waits on; what was written meanwhile is not due in another year afterwards."""
    now = clock.now()
    app.config["JOBS_PAUSED"] = True

    def waiting() -> set[str]:
        db.session.rollback()
        rows = db.session.scalars(
            sa.select(Outbox).where(Outbox.kind == "test.kept", Outbox.done_at.is_(None))
        )
        return {str(row.payload["name"]) for row in rows}

    with app.app_context():
        jobs.run_periodic()
        with transaction():
            jobs.emit("test.kept", {"name": "tonight"}, now + dt.timedelta(hours=8))
            jobs.emit("test.kept", {"name": "at once"})
        with clock.frozen(now + 400 * DAY):
            with transaction():
                jobs.emit("test.kept", {"name": "from then", "fails": True})
            jobs.run_periodic()
            assert waiting() == {"tonight", "from then"}
        with transaction() as session:
            session.execute(
                sa.update(Outbox).where(Outbox.created_at > now + DAY).values(payload={"name": "from then"})
            )
        jobs.run_periodic()  # behind what was recorded meanwhile: at that, too, somebody has to look
        assert waiting() == {"tonight", "from then"}
        jobs.run_periodic(confirmed=Confirmed(clock=True))
        assert waiting() == {"tonight"}
        with clock.frozen(now + dt.timedelta(hours=9)):
            jobs.run_periodic()
        assert waiting() == set()
