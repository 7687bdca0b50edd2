"""A ledger in which everything has happened once, for those who then try to falsify it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.credits.ledger import expiry, payments, seals
from app.credits.park import service as proposals
from app.hall import clock
from app.hall.db.base import db
from tests.credits.conftest import CreditsPark


def live_a_little(park: CreditsPark) -> None:
    """Every kind and phase of transfer once: earn, hold, post, void, reverse, expire, adjust, recover."""
    park.rule("short", 50, lifetime_days=30)
    with clock.frozen(dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)):
        first = park.earn("e01", "invention_patent", "CN1")
        park.earn("e01", "short", "CN2")
        second = park.earn("e01", "invention_patent", "CN3")
    firm, staff = park.api("e01"), park.api("park")
    with clock.frozen(dt.datetime(2026, 3, 20, 4, tzinfo=dt.UTC)), park.app.app_context():
        e01 = park.actor("e01").organisation_id
        held = payments.spend_on(e01, 60, "booking:1", "b1")
        payments.capture_spending(held, 55)
    with clock.frozen(dt.datetime(2026, 4, 20, 4, tzinfo=dt.UTC)):
        with park.app.app_context():
            payments.release_spending(payments.spend_on(e01, 20, "booking:2", "b2"))
            row = proposals.propose_adjustment(park.actor("park"), "E01", 40, "更正")
            proposals.decide_proposal(park.actor("reviewer"), row.id, True)
            row = proposals.propose_adjustment(park.actor("park"), "E01", -10, "更正")
            proposals.decide_proposal(park.actor("reviewer"), row.id, True)
        park.earn("e01", "short", "CN4")
        wish = firm.post("/credits/redemptions", {"reward": "university_support_20h", "quantity": 1}).json
        staff.post(f"/credits/redemptions/{wish['id']}/approve")
        staff.post(f"/credits/redemptions/{wish['id']}/fulfil")
        for claim in (first, second):
            park.api("reviewer").post(f"/credits/claims/{claim}/revoke", {"reason": "无效"})
        park.earn("e01", "invention_patent", "CN5")
        park.earn("e01", "short", "CN6")
    with clock.frozen(dt.datetime(2026, 5, 25, 4, tzinfo=dt.UTC)), park.app.app_context():
        expiry.expire_lots()
        seals.take_seal()
    with park.app.app_context():
        kinds = set(db.session.execute(sa.text("SELECT kind || ':' || phase FROM transfer")).scalars())
    assert kinds == {
        "earn:single",
        "redeem:pending",
        "redeem:post",
        "redeem:void",
        "reverse:single",
        "expire:single",
        "adjust:single",
        "recover:single",
    }
