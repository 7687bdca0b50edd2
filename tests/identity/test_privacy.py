"""Personal information: told before, agreed to, taken back; records of signing in end after six months, no others."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import NotAllowed
from app.identity.audit.models import AuditEvent
from app.identity.audit.service import audit
from app.identity.members import links
from app.identity.privacy import service as consents
from app.identity.privacy.retention import drop_old_logs
from app.identity.privacy.words import ACCOUNT, MESSAGES, PHOTOGRAPHS
from tests.factories import Park


def test_everybody_reads_what_for_and_how_long(park: Park) -> None:
    page = park.app.test_client().get("/privacy").text
    for word in ("目的", "种类", "保存", "撤回之后", "现场照片", "至少六个月"):
        assert word in page
    assert "/withdraw" not in page  # nobody is signed in
    assert "/privacy" in park.app.test_client().get("/identity/register").text


def test_an_account_begins_with_a_consent(park: Park) -> None:
    park.firm("E01")
    boss = park.actor("e01")
    with park.app.test_request_context("/"):
        secret = links.invite(boss, "李工", "", ["enterprise_member"])
        links.accept_invitation(secret, "li", "another long secret", "李工")
    with park.app.app_context():
        given = consents.consents_of(park.actor("li").member_id)
        assert set(given) == {ACCOUNT, MESSAGES}


def test_what_is_taken_back_is_refused_until_it_is_given_again(park: Park) -> None:
    park.firm("E01")
    client, actor = park.browse("e01"), park.actor("e01")
    assert client.post("/privacy/photographs/withdraw").status_code == 303
    assert client.post("/privacy/account/withdraw").status_code == 404
    assert client.post("/privacy/x/give").status_code == 404
    with park.app.test_request_context("/"), pytest.raises(NotAllowed):
        consents.check_not_withdrawn(actor, PHOTOGRAPHS)
    assert "重新同意" in client.get("/privacy").text
    client.post("/privacy/photographs/give")
    with park.app.test_request_context("/"):
        consents.check_not_withdrawn(actor, PHOTOGRAPHS)
        said = db.session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert said[-2:] == ["consent.withdrawn", "consent.given"]


def test_only_records_of_signing_in_end_and_only_after_six_months(park: Park) -> None:
    park.firm("E01")
    actor = park.actor("e01")
    now = clock.now()
    moments = {"sign_in": now - dt.timedelta(days=200), "sign_out": now - dt.timedelta(days=180)}
    moments["claim.approved"] = now - dt.timedelta(days=900)
    with park.app.app_context():
        for action, moment in moments.items():
            with clock.frozen(moment):
                audit(actor, action, "member", actor.member_id)
        drop_old_logs()
        left = db.session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)).all()
        assert [one for one in left if one in moments] == ["sign_out", "claim.approved"]
        for action in ("sign_out", "claim.approved"):
            with pytest.raises(DBAPIError, match="append-only"), transaction():
                db.session.execute(sa.delete(AuditEvent).where(AuditEvent.action == action))
