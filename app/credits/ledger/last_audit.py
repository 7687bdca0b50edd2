"""The last audit, kept: whoever asks waits in the background for the next one, and a page shows what was found when.

The page believes this row no more than it must: it says when the audit was made and what has moved since, and
`flask credits audit` and the API prove the ledger anew each time they are asked.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.credits.ledger.audit import AuditReport, Finding, Verdict, run_audit
from app.credits.ledger.models import Transfer
from app.credits.limits import AUDIT_WAIT
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.facts import find_fact, keep_fact
from app.hall.db.transaction import transaction
from app.hall.jobs import run_soon

TASK = "credits.audit"
FOUND, ASKED = "ledger_audit", "ledger_audit_asked"


@dataclass(frozen=True)
class Standing:
    """What the last audit found (None before the first), how much moved since, and whether one is under way."""

    report: AuditReport | None
    made_at: dt.datetime | None
    moved_since: int
    waiting_since: dt.datetime | None


def ask() -> None:
    """Have the ledger proved in the background."""
    with transaction():
        keep_fact(ASKED, clock.now().isoformat())
        run_soon(TASK, {})


def prove() -> None:
    """Prove the ledger and keep what was found; the ledger stays open to everybody meanwhile."""
    began = clock.now()
    report = run_audit()
    with transaction():
        keep_fact(FOUND, json.dumps({"made_at": began.isoformat(), "report": _kept_form(report)}))


def standing() -> Standing:
    """The last audit as it was kept."""
    kept, asked = find_fact(FOUND), find_fact(ASKED)
    report, made_at, moved = None, None, 0
    if kept is not None:
        found = json.loads(kept)
        made_at, report = dt.datetime.fromisoformat(found["made_at"]), _report(found["report"])
        moved = (db.session.scalar(sa.select(sa.func.count(Transfer.id))) or 0) - report.transfers
    waiting = dt.datetime.fromisoformat(asked) if asked is not None else None
    if waiting is not None and (
        (made_at is not None and made_at >= waiting) or clock.now() - waiting > AUDIT_WAIT
    ):
        waiting = None
    return Standing(report, made_at, moved, waiting)


def _kept_form(report: AuditReport) -> dict[str, Any]:
    verdicts = {
        code: [one.count, [[row.subject, row.text] for row in one.findings]]
        for code, one in report.verdicts.items()
    }
    return {"verdicts": verdicts, "transfers": report.transfers, "accounts": report.accounts}


def _report(kept: dict[str, Any]) -> AuditReport:
    verdicts = {
        code: Verdict(code, count, [Finding(*row) for row in rows])
        for code, (count, rows) in kept["verdicts"].items()
    }
    return AuditReport(verdicts, kept["transfers"], kept["accounts"])
