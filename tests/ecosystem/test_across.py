"""Between the rooms: a verified introduction earns once, a redeemed reward opens an introduction, a landing takes it along."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.ecosystem import handlers, sources
from app.ecosystem.introductions import service as introductions
from app.ecosystem.introductions.models import Introduction
from app.ecosystem.outcomes.models import Outcome
from app.ecosystem.packs import service as packs
from app.ecosystem.packs.models import ServicePack
from app.ecosystem.packs.rules import Order
from app.ecosystem.signals import service as signals
from app.ecosystem.signals.models import Signal
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from tests.factories import Park


@pytest.fixture
def delivering(park: Park) -> int:
    """An introduction of E01 and E24 that is being delivered; answers its id."""
    park.staff()
    a, b = park.firm("E01"), park.firm("E24")
    with park.app.app_context(), transaction() as session:
        row = Introduction(
            origin="staff",
            title="粒度检测",
            asking_id=a,
            giving_id=b,
            state="delivering",
            opened_at=clock.now(),
            last_noted_at=clock.now(),
        )
        session.add(row)
        session.flush()
        return int(row.id)


def rule(park: Park) -> None:
    """The earn rule the platform itself uses: 50 credits for a verified introduction."""
    from app.credits.claims.models import EarnRule

    people = (park.actor("park").member_id, park.actor("reviewer").member_id)
    with park.app.app_context(), transaction() as session:
        session.add(
            EarnRule(
                code="introduction_verified",
                version=1,
                title_zh="对接成效核实",
                title_en="",
                origin="platform",
                evidence_kind="platform",
                credits=50,
                lifetime_days=365,
                valid_from=dt.date(2020, 1, 1),
                proposed_by=people[0],
                approved_by=people[1],
                approved_at=clock.now(),
            )
        )


def available(park: Park, login: str) -> int:
    return int(park.api(login).get("/credits/account").json["available_credits"])


def record(park: Park, introduction: int) -> int:
    body = {"metric": "新增订单", "baseline": 0, "actual": 80, "unit": "万元", "period": "2026"}
    answer = park.api("e24").post(f"/ecosystem/introductions/{introduction}/outcomes", body)
    assert answer.status_code == 201
    return int(answer.json["id"])


def test_a_verified_introduction_earns_once(park: Park, delivering: int) -> None:
    rule(park)
    outcome = record(park, delivering)
    path = f"/ecosystem/introductions/{delivering}/outcomes/{outcome}/confirm"
    assert available(park, "e01") == 0
    assert park.api("e01").post(path).status_code == 200
    assert (available(park, "e01"), available(park, "e24")) == (50, 50)
    with park.app.app_context(), transaction():
        handlers.award_introduction(delivering)
    assert (available(park, "e01"), available(park, "e24")) == (50, 50)


def test_a_kill_before_the_credits_loses_nothing(
    park: Park, delivering: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The confirmation commits, the process dies before the credits: the outbox hands them out later, once."""
    from app.hall import jobs

    rule(park)
    outcome = record(park, delivering)

    def killed(_id: int) -> None:
        raise SystemExit("killed")

    with monkeypatch.context() as patch:
        patch.setattr(handlers, "award_introduction", killed)
        with pytest.raises(SystemExit):
            park.api("e01").post(f"/ecosystem/introductions/{delivering}/outcomes/{outcome}/confirm")
    assert available(park, "e01") == 0
    with park.app.app_context():
        assert db.session.get_one(Introduction, delivering).state == "verified"
        db.session.remove()
        jobs.deliver_outbox()
        jobs.deliver_outbox()
    assert (available(park, "e01"), available(park, "e24")) == (50, 50)


def test_a_kill_in_the_middle_of_the_second_yes_leaves_nothing(
    park: Park, monkeypatch: pytest.MonkeyPatch
) -> None:

    park.staff()
    park.trust_posts()
    park.firm("E01")
    park.firm("E24")
    body = {"title": "激光粒度检测", "tags": ["检测"], "description": "正极粉体"}
    park.api("e01").post("/ecosystem/needs", body)
    park.api("e24").post("/ecosystem/offers", body)
    match = park.api("e01").get("/ecosystem/matches").json["items"][0]["id"]
    park.api("e01").post(f"/ecosystem/matches/{match}/accept")

    def killed(*_: Any, **__: Any) -> None:
        raise SystemExit("killed")

    with monkeypatch.context() as patch:
        patch.setattr(introductions, "write_note", killed)
        with pytest.raises(SystemExit):
            park.api("e24").post(f"/ecosystem/matches/{match}/accept")
    seen = park.api("e24").get("/ecosystem/matches").json["items"][0]
    assert (seen["state"], seen["introduction"], seen["counterpart"]) == ("asked", None, None)
    assert park.api("e24").post(f"/ecosystem/matches/{match}/accept").json["state"] == "introduced"


def test_a_signed_outcome_stays_as_it_was_signed(park: Park, delivering: int) -> None:
    import sqlalchemy as sa

    outcome = record(park, delivering)
    park.api("e01").post(f"/ecosystem/introductions/{delivering}/outcomes/{outcome}/confirm")
    for statement in (sa.update(Outcome).values(actual_milli=1), sa.delete(Outcome)):
        with park.app.app_context(), pytest.raises(sa.exc.DBAPIError), transaction():
            db.session.execute(statement)


def test_a_redeemed_reward_opens_an_introduction_once(park: Park) -> None:
    from app.credits.rewards.fulfilment import FulfilmentOrder

    park.staff()
    firm = park.firm("E01")
    university = park.organisation("U01", "university")
    order = FulfilmentOrder(
        7, firm, "university_support_20h", "高校专家支持 20 小时", 1, park.actor("park"), {"partner": "U01"}
    )
    with park.app.app_context(), transaction():
        first, again = handlers.fulfil_introduction(order), handlers.fulfil_introduction(order)
        assert first == again and first.url.startswith("/ecosystem/introductions/")
    (row,) = park.api("e01").get("/ecosystem/introductions").json["items"]
    assert (row["origin"], row["giving"]["code"], row["state"]) == ("reward", "U01", "opened")
    assert university


def test_silent_introductions_stall_and_a_note_wakes_them(park: Park, delivering: int) -> None:
    with clock.frozen(clock.now() + dt.timedelta(days=15)):
        api = park.api("e01")
        assert api.get(f"/ecosystem/introductions/{delivering}").json["state"] == "stalled"
        assert api.get("/ecosystem/introductions", state="stalled").json["total"] == 1
        with park.app.app_context():
            assert (introductions.remind(), introductions.remind()) == (1, 0)
        assert (
            api.post(f"/ecosystem/introductions/{delivering}/notes", {"text": "已通话"}).json["state"]
            == "delivering"
        )


def test_landing_takes_the_packs_introductions_along(demo_park: Park) -> None:
    """Story 2 meets story 16, over HTTP: the prospect of the demo's pack lands, its three introductions are its own."""
    from app.chain.prospects.rules import ORDER

    with demo_park.app.app_context():
        pack = db.session.get_one(ServicePack, 1)
        id_, code, now = next((p.id, p.code, p.state) for p in _prospects() if p.id == pack.prospect_id)
        waiting = sorted(
            db.session.scalars(
                db.select(Introduction.id).where(Introduction.pack_id == 1, Introduction.asking_id.is_(None))
            )
        )
        assert len(waiting) == 3
    staff = demo_park.browse("investment")
    for state in ORDER[ORDER.index(now) + 1 :]:
        moved = staff.post(f"/chain/prospects/{code}/move", data={"state": state, "note": "步骤"})
        assert moved.status_code == 303
    with demo_park.app.app_context():
        firm = next(p.organisation_id for p in _prospects() if p.id == id_)
        assert firm is not None
    demo_park.member("newcomer", firm, "enterprise_admin")
    theirs: Any = demo_park.api("newcomer").get("/ecosystem/introductions").json
    assert sorted(row["id"] for row in theirs["items"]) == waiting
    newcomer = demo_park.browse("newcomer")
    for number in waiting:
        assert newcomer.get(f"/ecosystem/introductions/{number}").status_code == 200
    with demo_park.app.app_context():  # a pack prepared after the landing knows at once whose it is
        late = packs.build(
            demo_park.actor("investment"), Order(name="落地之后", industry="battery", prospect_id=id_)
        )
        assert late.enterprise_id == firm


def _prospects() -> list[Any]:
    from app.chain.prospects import queries as prospects
    from app.chain.register import service as chains

    return [p for chain in chains.list_chains() for p in prospects.list_prospects(chain)]


def test_refused_bookings_become_signals_once(demo_park: Park) -> None:

    with demo_park.app.app_context():
        wanted = sum(r.minutes for r in sources.refused_demand(None))
        signals.take_refused_bookings()
        signals.take_refused_bookings()
        rows = db.session.scalars(db.select(Signal).where(Signal.kind == "refused_booking")).all()
        assert len({r.source for r in rows}) == len(rows)
        assert sum(r.minutes for r in rows) >= wanted > 0
