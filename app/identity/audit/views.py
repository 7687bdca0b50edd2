"""The audit trail on the screen and as a file."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from app.hall import clock
from app.hall.web.answers import download
from app.hall.web.guards import only
from app.hall.web.listing import Listing
from app.identity.audit import trail, words
from app.identity.audit.models import AuditEvent
from app.identity.pages import bp
from app.identity.roles import READS_AUDIT_TRAIL

bp.add_app_template_filter(words.action_name)
bp.add_app_template_filter(words.subject_name)


def _trail() -> tuple[Listing, Any]:
    listing = Listing.from_request(
        sorts={"at": AuditEvent.at, "who": AuditEvent.actor_name, "action": AuditEvent.action},
        default="at",
        filters=("action", "subject", "since", "until"),
        desc=True,
        per_page=30,
    )
    chosen = listing.filters
    statement = trail.trail_statement(
        listing.q,
        chosen["action"],
        chosen["subject"],
        clock.read_day(chosen["since"]),
        clock.read_day(chosen["until"]),
    )
    return listing, statement


@bp.get("/identity/audit")
@only(READS_AUDIT_TRAIL)
def audit_trail() -> ResponseReturnValue:
    listing, statement = _trail()
    return render_template(
        "identity/audit/audit.html",
        listing=listing,
        page=listing.page(statement, AuditEvent.id.desc()),
        families=trail.families(),
        subjects=trail.subjects(),
    )


@bp.get("/identity/audit.csv")
@only(READS_AUDIT_TRAIL)
def export_audit() -> ResponseReturnValue:
    _listing, statement = _trail()
    return download(trail.export_csv(statement), f"audit-{clock.today()}.csv", "text/csv; charset=utf-8")
