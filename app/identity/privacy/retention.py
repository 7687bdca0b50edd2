"""Records of who signed in from where are kept for six months, then deleted; everything else of the trail stays."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.identity.audit.models import AuditEvent

KEPT_DAYS = 190  # six months are at most 184 days; the database itself refuses to delete anything younger
LOGS = ("sign_in", "sign_in.refused", "sign_out", "sign_out.everywhere", "sign_out.other", "factor.refused")
AT_ONCE = 5_000


def drop_old_logs() -> None:
    """Delete a portion of the records of signing in that are older than six months."""
    before = clock.now() - dt.timedelta(days=KEPT_DAYS)
    old = sa.select(AuditEvent.id).where(AuditEvent.action.in_(LOGS), AuditEvent.at < before)
    with transaction():
        ids = list(db.session.scalars(old.order_by(AuditEvent.id).limit(AT_ONCE)))
        db.session.execute(sa.delete(AuditEvent).where(AuditEvent.id.in_(ids)))
