"""Pages of monthly statements."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.hall import clock
from app.hall.web.answers import download
from app.hall.web.guards import current_actor, signed_in
from app.sharing.figures.views import SHEET
from app.sharing.pages import bp
from app.sharing.use import payment, receipts, statement_files
from app.sharing.use import statements as use_statements


@bp.get("/statements")
@signed_in
def statements() -> ResponseReturnValue:
    actor = current_actor()
    side = "owner" if request.args.get("side") == "owner" else "user"
    month = use_statements.month_of(request.args.get("month", ""))
    return render_template(
        "sharing/use/statements.html",
        found=use_statements.statement(actor.organisation_id, side, month),
        side=side,
        month=month,
        previous=clock.months_later(month, -1),
        following=use_statements.next_month(month),
        late=receipts.overdue(actor.organisation_id, side),
        vouchers=payment.vouchers_of(actor.organisation_id),
    )


@bp.get("/statements/<any(pdf, xlsx):kind>")
@signed_in
def statement_file(kind: str) -> ResponseReturnValue:
    actor = current_actor()
    side = "owner" if request.args.get("side") == "owner" else "user"
    month = use_statements.month_of(request.args.get("month", ""))
    found = use_statements.statement(actor.organisation_id, side, month, request.args.get("with", "")[:40])
    if kind == "pdf":
        return download(statement_files.statement_pdf(found), f"{found.number}.pdf", "application/pdf")
    return download(statement_files.statement_xlsx(found), f"{found.number}.xlsx", SHEET)
