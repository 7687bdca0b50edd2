"""The audit trail: written inside the transaction of what it tells about."""

from __future__ import annotations

from typing import Any

from flask import has_request_context, request

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.identity.actor import Actor
from app.identity.audit.models import AuditEvent


def audit(
    actor: Actor, action: str, subject_kind: str, subject_id: object, reason: str = "", **detail: Any
) -> None:
    """Note that `actor` did `action` to a subject, and why."""
    with transaction():
        db.session.add(
            AuditEvent(
                at=clock.now(),
                member_id=actor.member_id or None,
                organisation_id=actor.organisation_id or None,
                actor_name=actor.name,
                action=action,
                subject_kind=subject_kind,
                subject_id=str(subject_id),
                reason=reason,
                detail=detail,
                address=(request.remote_addr or "") if has_request_context() else "",
            )
        )
