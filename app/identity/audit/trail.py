"""Reading the audit trail: who did what, when and why."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.files.cells import guarded
from app.hall.text import units
from app.hall.text.normalise import escape_like
from app.identity.audit.models import AuditEvent

EXPORT_LIMIT = 50_000


def newest_event() -> dt.datetime | None:
    """When the newest event of the trail happened."""
    return db.session.scalar(sa.select(AuditEvent.at).order_by(AuditEvent.id.desc()).limit(1))


def trail_statement(
    who: str = "",
    action: str = "",
    subject: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Any:
    """Audit events that match, in no order yet; `action` may be a whole family such as `token`."""
    statement = sa.select(AuditEvent)
    if who:
        like = f"%{escape_like(who)}%"
        columns: tuple[Any, ...] = (AuditEvent.actor_name, AuditEvent.reason, AuditEvent.subject_id)
        statement = statement.where(sa.or_(*(column.ilike(like, escape="\\") for column in columns)))
    if action:
        family = AuditEvent.action.startswith(f"{action}.", autoescape=True)
        statement = statement.where(sa.or_(AuditEvent.action == action, family))
    if subject:
        statement = statement.where(AuditEvent.subject_kind == subject)
    if since:
        statement = statement.where(AuditEvent.at >= clock.start_of_day(since))
    if until:
        statement = statement.where(AuditEvent.at < clock.start_of_day(until + dt.timedelta(days=1)))
    return statement


def families() -> list[str]:
    """The families of actions that occur, for the filter."""
    actions = db.session.scalars(sa.select(AuditEvent.action).distinct())
    return sorted({action.split(".")[0] for action in actions})


def subjects() -> list[str]:
    return sorted(db.session.scalars(sa.select(AuditEvent.subject_kind).distinct()))


def events_about(subject_kind: str, subject_id: object, limit: int = 10) -> list[AuditEvent]:
    """The latest events about one thing."""
    query = sa.select(AuditEvent).where(
        AuditEvent.subject_kind == subject_kind, AuditEvent.subject_id == str(subject_id)
    )
    return list(db.session.scalars(query.order_by(AuditEvent.id.desc()).limit(limit)))


def _cell(value: object) -> str:
    """Text that a spreadsheet will not take for a formula."""
    return guarded(str(value))


def export_csv(statement: Any) -> bytes:
    """The matching events, newest first, as UTF-8 with BOM so that spreadsheets show Chinese."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["at", "actor", "action", "subject_kind", "subject_id", "reason", "address", "detail"])
    rows = db.session.scalars(statement.order_by(AuditEvent.id.desc()).limit(EXPORT_LIMIT))
    for row in rows:
        detail = json.dumps(row.detail, ensure_ascii=False, sort_keys=True) if row.detail else ""
        cells = (
            row.actor_name,
            row.action,
            row.subject_kind,
            row.subject_id,
            row.reason,
            row.address,
            detail,
        )
        writer.writerow([units.moment(row.at), *map(_cell, cells)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()
