"""What one room starts and another finishes survives kill -9 at every step: done once, or not begun.

Each moment is a real process that sends itself SIGKILL there; then people and the clockwork try again.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from app.chain.prospects import queries as prospect_queries
from app.chain.prospects import service as prospects
from app.chain.prospects.rules import ORDER, NewProspect
from app.chain.register.models import IndustryChain, Segment
from app.credits import door as credits
from app.credits.ledger import service as ledger
from app.credits.ledger.accounts import account_summary
from app.credits.rewards import fulfilment
from app.credits.rewards import service as redemptions
from app.ecosystem import handlers
from app.ecosystem import jobs as room_jobs
from app.ecosystem.introductions import service as introductions
from app.ecosystem.introductions.models import Introduction
from app.ecosystem.outcomes import service as outcomes
from app.ecosystem.outcomes.rules import Result
from app.ecosystem.packs import service as packs
from app.ecosystem.packs.models import PackItem, ServicePack
from app.ecosystem.packs.rules import Order
from app.ecosystem.signals import service as signals
from app.ecosystem.signals.models import Signal
from app.hall import clock, jobs
from app.hall.db.base import db
from app.hall.db.transaction import in_transaction, transaction
from app.hall.errors import Conflict
from app.sharing.bookings import demand
from tests.credits.conftest import CreditsPark
from tests.storms.test_credits_storms import earn, let_go, start

pytestmark = pytest.mark.timeout(120)


@dataclass(frozen=True)
class Moment:
    """The process dies before or after the `nth` call of `owner.name`."""

    owner: Any
    name: str
    before: bool = False
    nth: int = 1


def die() -> None:
    """Kill this process as the machine would: what it wrote has reached the database, no commit has."""
    if in_transaction():
        db.session.flush()
    os.kill(os.getpid(), signal.SIGKILL)


def dies(park: CreditsPark, moment: Moment | None, work: Callable[..., Any], *args: Any) -> None:
    """Do the work in a process that is killed at the moment; None: when all of it is done."""

    def doomed() -> None:
        if moment is not None:
            original, calls = getattr(moment.owner, moment.name), iter(range(1, 1000))

            def call(*a: Any, **k: Any) -> Any:
                last = next(calls) == moment.nth
                if last and moment.before:
                    die()
                answer = original(*a, **k)
                if last:
                    die()
                return answer

            setattr(moment.owner, moment.name, call)  # in the child only: it is a fork
        work(*args)
        if moment is None:
            die()

    let_go(park)
    child = start(park, doomed)
    child.join(30)
    assert child.exitcode == -signal.SIGKILL, moment


def count(statement: str, **values: Any) -> int:
    return int(db.session.scalar(sa.text(statement), values) or 0)


@pytest.fixture
def storm(app: Any) -> CreditsPark:
    park = CreditsPark(app)
    park.staff()
    park.firm("E01")
    park.firm("E24")
    park.organisation("U01", "university")
    return park


@pytest.fixture(autouse=True)
def ledger_holds(storm: CreditsPark) -> Any:
    """After each storm the ledger's own audit finds nothing."""
    yield
    audit = storm.audit()
    assert audit.exit_code == 0, audit.output


def delivering(park: CreditsPark) -> tuple[int, int]:
    """An introduction of E01 and E24 with an outcome that E01 only has to sign."""
    asking, giving = park.actor("e01"), park.actor("e24")
    with park.app.app_context():
        with transaction() as session:
            row = Introduction(
                origin="staff",
                title="粒度检测",
                asking_id=asking.organisation_id,
                giving_id=giving.organisation_id,
                state="delivering",
                opened_at=clock.now(),
                last_noted_at=clock.now(),
            )
            session.add(row)
            session.flush()
        outcome = outcomes.record(
            giving, row.id, Result(metric="新增订单", baseline=0, actual=80, unit="万元", period="2026")
        )
        return int(row.id), int(outcome.id)


def test_a_verified_introduction_earns_once(storm: CreditsPark) -> None:
    storm.rule(handlers.RULE, 50, origin="platform", evidence_kind="platform")
    actor = storm.actor("e01")
    moments = (
        Moment(outcomes, "emit"),  # all of the signature is written, nothing committed
        Moment(jobs, "deliver_outbox", before=True),  # signed; nobody told yet
        Moment(credits, "award"),  # the first side has its credits, the second has not
        Moment(handlers, "award_introduction"),  # both have, not committed
        None,  # delivered
    )
    for number, moment in enumerate(moments, start=1):
        introduction, outcome = delivering(storm)
        dies(storm, moment, outcomes.confirm, actor, outcome)
        with storm.app.app_context():
            signed = db.session.get_one(Introduction, introduction).state == "verified"
            assert signed is (number > 1)
            earned = count("SELECT count(*) FROM claim")
            assert earned == 2 * (number if moment is None else number - 1)
            db.session.remove()
            if signed:
                with pytest.raises(Conflict):
                    outcomes.confirm(actor, outcome)
            else:
                outcomes.confirm(actor, outcome)
            for _again in range(2):
                jobs.deliver_outbox()
            assert count("SELECT count(*) FROM claim") == 2 * number
            for login in ("e01", "e24"):
                assert account_summary(storm.actor(login).organisation_id).available_credits == 50 * number
            assert count("SELECT count(*) FROM outbox WHERE done_at IS NULL") == 0
            assert count("SELECT count(*) FROM outbox WHERE kind = 'introduction.verified'") == number


def test_a_redeemed_reward_opens_one_introduction(storm: CreditsPark) -> None:
    storm.rule("deed", 50, origin="platform", evidence_kind="platform")
    storm.reward("expert", 10, stock=50, fulfilment="introduction", fulfilment_params={"partner": "U01"})
    assert fulfilment.works_by_itself("introduction")
    firm, staff = storm.actor("e01"), storm.actor("park")
    with storm.app.app_context():
        earn(firm.organisation_id, "seed")
    moments = (
        Moment(introductions, "open_from_reward"),  # the introduction is there, the credits are not taken
        Moment(ledger, "capture"),  # both, not committed
        Moment(redemptions, "_tell"),  # everything is written, not committed
        None,  # committed, the answer is lost
    )
    for number, moment in enumerate(moments, start=1):
        with storm.app.app_context():
            wish = redemptions.redeem(firm, "expert", key=f"wish{number}").id
            redemptions.approve_redemption(staff, wish)
        dies(storm, moment, redemptions.fulfil_redemption, staff, wish)
        with storm.app.app_context():
            opened = count("SELECT count(*) FROM introduction WHERE redemption_id = :id", id=wish)
            state = redemptions.get_redemption(staff, wish).state
            assert (opened, state) == ((1, "fulfilled") if moment is None else (0, "approved"))
            assert account_summary(firm.organisation_id).held_credits == (0 if moment is None else 10)
            db.session.remove()
            if moment is None:
                with pytest.raises(Conflict):
                    redemptions.fulfil_redemption(staff, wish)
            else:
                redemptions.fulfil_redemption(staff, wish)
            assert count("SELECT count(*) FROM introduction WHERE origin = 'reward'") == number
            left = account_summary(firm.organisation_id)
            assert (left.available_credits, left.held_credits) == (50 - 10 * number, 0)


def prospect_with_pack(park: CreditsPark, number: int) -> tuple[str, int, int]:
    """A signed prospect whose pack already led to an introduction to E01."""
    actor = park.actor("investment")
    with park.app.app_context():
        chain = db.session.scalars(sa.select(IndustryChain)).one()
        row = prospects.create_prospect(actor, chain, NewProspect(f"循岛{number}", {"RC": 100.0}))
        for state in ORDER[1:-1]:
            prospects.move(actor, row.code, state)
        pack = packs.build(actor, Order(name=f"循岛{number}", prospect_id=row.id))
        item = packs.add_item(actor, pack.id, "neighbour", "回收料", "", park.actor("e01").organisation_id)
        packs.share(actor, pack.id)
        token = packs.secret_of(db.session.get_one(ServicePack, pack.id))
        packs.want(token, item.id)
        packs.answer(park.actor("e01"), item.id, True)
        return row.code, int(pack.id), int(item.id)


def test_a_landing_takes_the_packs_introductions_along_once(storm: CreditsPark) -> None:
    actor = storm.actor("investment")
    with storm.app.app_context(), transaction() as session:
        chain = IndustryChain(
            code="battery",
            name_zh="动力电池",
            name_en="",
            stages={},
            version=1,
            created_at=clock.now(),
            updated_at=clock.now(),
        )
        session.add(chain)
        session.flush()
        session.add(
            Segment(
                chain_id=chain.id,
                code="RC",
                name_zh="回收",
                name_en="",
                stage=1,
                source="",
                updated_at=clock.now(),
            )
        )
    moments = (
        Moment(jobs, "emit", nth=2),  # the firm is in the park and the message written, nothing committed
        Moment(jobs, "deliver_outbox", before=True),  # landed; the packs do not know yet
        Moment(packs, "take_along"),  # the introductions are handed over, not committed
        None,
    )
    for number, moment in enumerate(moments, start=1):
        code, pack_id, item_id = prospect_with_pack(storm, number)
        dies(storm, moment, prospects.move, actor, code, "landed")
        with storm.app.app_context():
            state = prospect_queries.get_prospect(code).state
            assert state == ("signed" if number == 1 else "landed")
            there = db.session.scalars(sa.select(Introduction).where(Introduction.pack_id == pack_id)).one()
            assert (there.asking_id is not None) is (moment is None)
            db.session.remove()
            if state == "signed":
                prospects.move(actor, code, "landed")
            else:
                with pytest.raises(Conflict):
                    prospects.move(actor, code, "landed")
            for _again in range(2):
                jobs.deliver_outbox()
            firm = prospect_queries.get_prospect(code).organisation_id
            there = db.session.scalars(sa.select(Introduction).where(Introduction.pack_id == pack_id)).one()
            assert firm is not None and there.asking_id == firm
            assert db.session.get_one(ServicePack, pack_id).enterprise_id == firm
            assert count("SELECT count(*) FROM audit_event WHERE action = 'pack.landed'") == number
            assert count("SELECT count(*) FROM organisation WHERE name_zh = :name", name=f"循岛{number}") == 1
            assert count("SELECT count(*) FROM outbox WHERE done_at IS NULL") == 0
            agreed = sa.select(PackItem.id).where(
                PackItem.pack_id == pack_id, PackItem.agreed_at.is_not(None)
            )
            assert db.session.scalars(agreed).all() == [item_id], "what else the pack tells nobody agreed to"


def test_refused_hours_become_one_signal_per_class(storm: CreditsPark) -> None:
    firm: Any = storm.api("e01")
    opening = [{"weekday": d, "from": "09:00", "to": "17:00"} for d in range(1, 6)]
    ids = []
    for category in ("光谱", "粒度"):
        body = {"kind": "equipment", "name": f"{category}仪", "category": category, "opening": opening}
        made = firm.post("/sharing/resources", body)
        assert made.status_code == 201, made.text
        ids.append(made.json["id"])
    night = clock.start_of_day(clock.today() + dt.timedelta(days=2))

    def wish(resource: int, hour: int) -> None:
        body = {
            "resource": resource,
            "start": (night + dt.timedelta(hours=hour)).isoformat(),
            "end": (night + dt.timedelta(hours=hour + 2)).isoformat(),
            "purpose": "夜间测试",
        }
        assert storm.api("e24").post("/sharing/bookings", body).status_code == 409

    # Killed while the wish is being remembered, or right after: asked again, it is there once.
    for moment, hour in ((Moment(demand, "_write", before=True), 0), (Moment(demand, "_write"), 2)):
        dies(storm, moment, wish, ids[0], hour)
        wish(ids[0], hour)
    wish(ids[1], 0)
    moments: tuple[Moment | None, ...] = (
        Moment(signals, "record_signal"),  # one class is written, the other is not, nothing committed
        Moment(signals, "record_signal", nth=2),
        Moment(signals, "take_refused_bookings"),  # committed
        None,
    )
    for step in moments:
        dies(storm, step, room_jobs.look_again)
        with storm.app.app_context():
            kept = {r.topic: r.minutes for r in db.session.scalars(sa.select(Signal))}
            whole = step is None or step.name == "take_refused_bookings"
            assert kept == ({"光谱": 240, "粒度": 120} if whole else {})
    with storm.app.app_context():
        room_jobs.look_again()
        rows = db.session.scalars(sa.select(Signal).order_by(Signal.topic)).all()
        assert [(r.kind, r.minutes) for r in rows] == [("refused_booking", 240), ("refused_booking", 120)]
        assert count("SELECT count(*) FROM audit_event WHERE action = 'signal.recorded'") == 2
