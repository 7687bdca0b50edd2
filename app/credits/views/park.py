"""The park's view: liability, ageing, top rules; the audit of the ledger with its seals and closed months."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from app import clock, units
from app.credits.forms import MonthForm
from app.credits.messages import invariant_sentence
from app.credits.service import reports, seals
from app.credits.service.audit import run_audit
from app.credits.views import bp
from app.web import current_actor, download, flash_ok, form_status, refusals_to, roles

READERS = ("park_admin", "credit_reviewer", "auditor")


@bp.get("/park")
@roles(*READERS)
def park_overview() -> Any:
    return render_template(
        "credits/park.html", figures=reports.park_figures(), ageing=reports.ageing(), months=reports.months(),
        rules=reports.top_rules(), rewards=reports.top_rewards(), firms=reports.top_firms(),
    )  # fmt: skip


@bp.get("/audit")
@roles("auditor", "park_admin")
def audit_page() -> Any:
    """Proves the ledger now; what the command prints, on a page."""
    return _audit_page(MonthForm())


def _audit_page(form: MonthForm) -> Any:
    page = render_template(
        "credits/audit.html", report=run_audit(), sentence=invariant_sentence, seals=seals.list_seals(20),
        periods=seals.list_periods(), form=form, may_close=current_actor().has("park_admin"), now=clock.now(),
    )  # fmt: skip
    return page, form_status(form)


@bp.post("/audit/close")
@roles("park_admin")
def month_close() -> Any:
    form = MonthForm()
    if form.validate_on_submit():
        with refusals_to(form):
            seals.close_month(current_actor(), form.month.data or "", form.reason.data or "")
            flash_ok(_("该月份已关账。"))
            return redirect(url_for("credits.audit_page"), 303)
    return _audit_page(form)


@bp.post("/audit/seal")
@roles("auditor", "park_admin")
def seal_now() -> Any:
    seal = seals.take_seal(current_actor())
    flash_ok(_("已封存，请把哈希保存在系统之外。") if seal else _("没有新的转账需要封存。"))
    return redirect(url_for("credits.audit_page"), 303)


@bp.get("/audit/seals.txt")
@roles(*READERS)
def seals_file() -> Any:
    """The seals as a file to be kept outside the database: mailed, printed, posted."""
    lines = [
        f"{one.id}\t{one.up_to_id}\t{one.count}\t{one.total}\t{units.moment(one.sealed_at)}\t{one.previous or '-'}\t{one.hash}"
        for one in reversed(seals.list_seals(10_000))
    ]
    text = "\n".join(["seal\tup_to\tcount\ttotal\tsealed_at\tprevious\thash", *lines, ""])
    return download(text.encode(), f"seals-{clock.today():%Y%m%d}.txt", "text/plain; charset=utf-8")
