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
from app.credits.limits import AUDIT_REST, AUDIT_WAIT
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.facts import find_fact, keep_fact, swap_fact
from app.hall.db.transaction import transaction
from app.hall.jobs import run_soon

TASK = "credits.audit"
FOUND, ASKED = "ledger_audit", "ledger_audit_asked"


@dataclass(frozen=True)
class Standing:
    """What the last audit found (None before the first), how much moved since, and whether one is under way."""

    report: AuditReport | None
    made_at: dt.datetime | None
    ended_at: dt.datetime | None
    moved_since: int
    asked: str | None
    waiting_since: dt.datetime | None

    @property
    def is_fresh(self) -> bool:
        """Whether one is under way, or ended so lately that another would find the same."""
        return self.waiting_since is not None or (
            self.ended_at is not None and dt.timedelta() <= clock.now() - self.ended_at < AUDIT_REST
        )


def ask() -> bool:
    """Have the ledger proved in the background; no where that is under way, or was done just now."""
    with transaction():
        last = standing()
        if last.is_fresh or not swap_fact(ASKED, last.asked, clock.now().isoformat()):
            return False
        run_soon(TASK, {})
        return True


def prove_asked() -> None:
    """The audit that was asked for, once: a worker that was away finds every wake-up of that time."""
    last = standing()
    if last.asked is not None and (
        last.made_at is None or last.made_at < dt.datetime.fromisoformat(last.asked)
    ):
        prove()


def prove() -> None:
    """Prove the ledger and keep what was found; the ledger stays open to everybody meanwhile."""
    began = clock.now().isoformat()
    report = run_audit()
    found = {"made_at": began, "ended_at": clock.now().isoformat(), "report": _kept_form(report)}
    with transaction():
        keep_fact(FOUND, json.dumps(found))


def standing() -> Standing:
    """The last audit as it was kept."""
    kept, asked = find_fact(FOUND), find_fact(ASKED)
    report, made_at, ended_at, moved = None, None, None, 0
    if kept is not None:
        found = json.loads(kept)
        made_at, report = dt.datetime.fromisoformat(found["made_at"]), _report(found["report"])
        ended_at = dt.datetime.fromisoformat(found.get("ended_at", found["made_at"]))
        moved = (db.session.scalar(sa.select(sa.func.count(Transfer.id))) or 0) - report.transfers
    waiting = dt.datetime.fromisoformat(asked) if asked is not None else None
    if waiting is not None and (
        (made_at is not None and made_at >= waiting) or clock.now() - waiting > AUDIT_WAIT
    ):
        waiting = None
    return Standing(report, made_at, ended_at, moved, asked, waiting)


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
