"""The ledger over the API: account, statement, audit, seals and closed months."""

from __future__ import annotations

from flask import Response

from app.credits.ledger import accounts, seals, shapes
from app.credits.ledger import statement as lines
from app.credits.ledger.audit import run_audit
from app.credits.ledger.models import Seal
from app.credits.ledger.schemas import AccountQuery, EntryQuery, MonthBody, StatementQuery
from app.credits.ledger.statement_files import statement_file
from app.credits.ledger.words import invariant_sentence
from app.credits.pages import api
from app.hall.api.blueprint import listed, part_of
from app.hall.api.fields import PageQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.web.answers import download
from app.hall.web.guards import current_actor, only, signed_in
from app.identity.door import roles


@api.get("/account")
@signed_in
def account(query: AccountQuery) -> shapes.Account:
    """Balance, holds, what was ever earned, and what expires when."""
    summary = accounts.account_summary(accounts.readable_organisation(current_actor(), query.enterprise))
    return {
        "available_credits": summary.available_credits,
        "held_credits": summary.held_credits,
        "lifetime_earned_credits": summary.lifetime_earned_credits,
        "owed_credits": summary.owed_credits,
        "expiring": [{"on": one.on.isoformat(), "credits": one.credits} for one in summary.expiring],
    }


@api.get("/entries")
@signed_in
def entries(query: EntryQuery) -> Listed[shapes.StatementLine]:
    """The statement, newest first."""
    organisation_id = accounts.readable_organisation(current_actor(), query.enterprise)
    statement = lines.statement_query(organisation_id, query.kind, query.q, query.since, query.until)
    total = lines.count_entries(statement)
    found = lines.lines_between(statement, query.limit, query.offset)
    return listed([_line(one) for one in found], total)


def _line(one: lines.StatementLine) -> shapes.StatementLine:
    return {
        "number": one.number,
        "transfer": one.transfer_id,
        "sequence": one.seq,
        "at": one.at.isoformat(),
        "effective_at": one.effective_at.isoformat(),
        "kind": one.kind,
        "phase": one.phase,
        "title": one.title,
        "source": one.source,
        "memo": one.memo,
        "credits": one.amount,
        "held_change_credits": one.held,
        "balance_credits": one.balance,
        "held_credits": one.held_after,
        "hash": one.hash,
    }


@api.get("/statement.pdf")
@signed_in
def statement_pdf(query: StatementQuery) -> Response:
    """The statement with Chinese type embedded."""
    return _statement(query, "pdf")


@api.get("/statement.xlsx")
@signed_in
def statement_xlsx(query: StatementQuery) -> Response:
    return _statement(query, "xlsx")


def _statement(query: StatementQuery, kind: str) -> Response:
    organisation_id = accounts.readable_organisation(current_actor(), query.enterprise)
    wanted = (query.kind, query.q, query.since, query.until)
    return download(*statement_file(organisation_id, wanted, kind))


@api.get("/audit")
@only(roles.AUDITS_LEDGER)
def audit() -> shapes.LedgerProof:
    """Proves the ledger now: every invariant with the rows that break it."""
    report = run_audit()
    return {
        "holds": report.holds,
        "transfers": report.transfers,
        "accounts": report.accounts,
        "last_seal": report.last_seal,
        "invariants": [
            {
                "code": code,
                "sentence": invariant_sentence(code),
                "holds": one.holds,
                "count": one.count,
                "rows": one.findings,
            }
            for code, one in report.verdicts.items()
        ],
    }


@api.get("/seals")
@only(roles.SEES_ALL_CREDITS)
def list_seals(query: PageQuery) -> Listed[shapes.Seal]:
    """The published checkpoints, newest first."""
    rows = seals.list_seals(10_000)
    return listed([_seal(one) for one in part_of(rows, query)], len(rows))


@api.post("/seals")
@only(roles.AUDITS_LEDGER)
@idempotent
def take_seal() -> tuple[shapes.Seal | shapes.NothingSealed, int]:
    """Seal what was posted since the last one; 200 with the newest where nothing was."""
    made = seals.take_seal(current_actor())
    newest = made or next(iter(seals.list_seals(1)), None)
    return (_seal(newest) if newest else {}), 201 if made else 200


def _seal(one: Seal) -> shapes.Seal:
    return {
        "id": one.id,
        "up_to_transfer": one.up_to_id,
        "transfers": one.count,
        "total_credits": one.total,
        "hash": one.hash,
        "previous": one.previous,
        "sealed_at": one.sealed_at.isoformat(),
        "sealed_by": one.sealed_by,
    }


@api.get("/periods")
@only(roles.SEES_ALL_CREDITS)
def list_periods(query: PageQuery) -> Listed[shapes.ClosedMonth]:
    """Closed months, newest first."""
    rows = seals.list_periods()
    part = part_of(rows, query)
    items: list[shapes.ClosedMonth] = [
        {"month": one.month, "closed_at": one.closed_at.isoformat(), "closed_by": one.closed_by}
        for one in part
    ]
    return listed(items, len(rows))


@api.post("/periods")
@only(roles.CLOSES_PERIODS)
@idempotent
def close_month(body: MonthBody) -> tuple[shapes.MonthClosed, int]:
    """Close a past month: nothing becomes effective in it or before it any more."""
    row = seals.close_month(current_actor(), body.month, body.reason)
    return {"month": row.month, "closed_at": row.closed_at.isoformat(), "closed_by": row.closed_by}, 201
