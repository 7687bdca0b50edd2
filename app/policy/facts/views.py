"""Facts on pages: what is known with its source, the monthly report, a sheet, confirming."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall import clock
from app.hall.errors import Invalid, NotFound, Reason
from app.hall.text import language
from app.hall.web import bulk
from app.hall.web.answers import download, flash_ok, form_status, redirect_back, refusals_to
from app.hall.web.guards import current_actor, only
from app.identity import door as identity
from app.identity.door import OrganisationInfo, roles
from app.policy import words
from app.policy.facts import service as facts
from app.policy.facts.forms import SheetForm, fact_form
from app.policy.facts.kinds import MONTHLY_FORM
from app.policy.facts.models import NO_PERIOD, FactKind
from app.policy.facts.rules import FactRow, read_facts
from app.policy.facts.service import Entry
from app.policy.pages import bp
from app.policy.rules.months import month_name, read_month, reported_month

MONTHS_SHOWN = 13


def _months() -> list[int]:
    last = reported_month(clock.today(), 1)
    return [last - back for back in range(MONTHS_SHOWN)]


def monthly_kinds() -> list[FactKind]:
    """What the monthly report asks for, in its order."""
    kinds = facts.kinds_by_code(MONTHLY_FORM)
    return [kinds[code] for code in MONTHLY_FORM if code in kinds]


@bp.get("/facts")
@only(roles.SEES_MONTHLY_FACTS)
def fact_list() -> ResponseReturnValue:
    """What the platform knows of a firm, where from, and who confirmed it."""
    actor = current_actor()
    code = request.args.get("firm", "")
    if not code and not actor.may(roles.SEES_MONTHLY_FACTS_OF_OWN_FIRM):
        return redirect(url_for("policy.desk"))
    firm = facts.readable_firm(actor, code)
    rows = facts.rows_of(firm.id)
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.kind.code, []).append(row)
    members = {member.id: member.name for member in identity.members_of(firm.id)}
    return render_template(
        "policy/facts.html",
        firm=firm,
        grouped=grouped,
        own=firm.id == actor.organisation_id,
        may_report=actor.may(roles.REPORTS_FACTS),
        may_confirm=actor.may(roles.KEEPS_POLICIES),
        my_id=actor.member_id,
        members=members,
        form=SheetForm(formdata=None),
        **words.NAMES,
    )


@bp.get("/facts/<code>/<int:period>")
@only(roles.SEES_MONTHLY_FACTS)
def fact_history(code: str, period: int) -> ResponseReturnValue:
    """Every value there ever was of one fact."""
    firm = facts.readable_firm(current_actor(), request.args.get("firm", ""))
    kind = facts.kinds_by_code([code]).get(code)
    rows = facts.history_of(firm.id, code, period) if kind else []
    if kind is None or not rows:
        raise NotFound("policy_fact_not_found")
    return render_template(
        "policy/history.html", firm=firm, kind=kind, rows=rows, period=period, **words.NAMES
    )


@bp.route("/report", methods=["GET", "POST"])
@only(roles.SEES_MONTHLY_FACTS_OF_OWN_FIRM)
def monthly_report() -> ResponseReturnValue:
    """One month of the firm's figures; a month can be corrected, its history stays."""
    actor = current_actor()
    firm = facts.readable_firm(actor)
    months = _months()
    asked = read_month(request.values.get("month", ""))
    month = asked if asked in months else months[0]
    kinds = monthly_kinds()
    known = {
        row.kind.code: row.fact.value or ""
        for row in facts.rows_of(firm.id, MONTHLY_FORM)
        if row.fact.period == month
    }
    form = fact_form(kinds, required=False, given=known)()
    if request.method == "POST" and form.validate():
        with refusals_to(form):
            count = facts.record(actor, _changed(firm, form.values(), known, month))
            flash_ok(_("%(month)s 已记录，%(count)s 项有变化。", month=month_name(month), count=count))
            return redirect(url_for("policy.monthly_report", month=month_name(month)), 303)
    page = render_template(
        "policy/report.html",
        firm=firm,
        form=form,
        kinds=kinds,
        month=month,
        months=months,
        known=known,
        unit_name=words.unit_name,
        **words.NAMES,
    )
    return page, form_status(form)


def _changed(
    firm: OrganisationInfo, values: dict[str, str], known: dict[str, str], month: int
) -> list[Entry]:
    return [
        Entry(firm.id, code, month, value, "monthly_report")
        for code, value in values.items()
        if value != known.get(code, "")
    ]


@bp.post("/facts/sheet")
@only(roles.REPORTS_FACTS)
def upload_facts() -> ResponseReturnValue:
    """A sheet of facts, all rows or none; every problem with its line."""
    actor = current_actor()
    form = SheetForm()
    reasons: list[str] = []
    if form.validate():
        with refusals_to(form):
            count = facts.record(actor, _entries(actor, form.file.data))
            flash_ok(_("已记录 %(count)s 项。", count=count))
            return redirect_back("policy.fact_list" if _own(actor) else "policy.desk")
    reasons += form.form_errors
    reasons += [text for errors in (form.file.errors,) for text in errors]
    return render_template("policy/sheet.html", form=form, reasons=reasons, **words.NAMES), form_status(form)


def _own(actor: identity.Actor) -> bool:
    return actor.may(roles.SEES_MONTHLY_FACTS_OF_OWN_FIRM)


def _entries(actor: identity.Actor, upload: Any) -> list[Entry]:
    kinds = [(kind.code, kind.value_kind) for kind in facts.list_kinds()]
    suffix = ".xlsx" if upload.filename.lower().endswith(".xlsx") else ".csv"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"facts{suffix}"
        upload.save(path)
        rows, problems = read_facts(path, kinds)
    if problems:
        raise Invalid(
            "policy_facts_refused",
            reasons=[
                Reason(
                    "policy_sheet_line",
                    {
                        "line": one.line,
                        "column": one.column,
                        "words": language.message(one.code, one.params),
                    },
                )
                for one in problems
            ],
        )
    return _for_firms(actor, rows)


def _for_firms(actor: identity.Actor, rows: list[FactRow]) -> list[Entry]:
    own = identity.organisation_of(actor)
    named = identity.organisations_by_code(row.enterprise for row in rows)
    entries, reasons = [], []
    for row in rows:
        firm = named.get(row.enterprise.upper())
        allowed = firm is not None and (firm.id == own.id or actor.may(roles.KEEPS_POLICIES))
        if firm is None or not allowed or firm.kind != "enterprise":
            reasons.append(Reason("policy_no_such_firm", {"row": row.line, "code": row.enterprise[:40]}))
            continue
        source = row.source or "monthly_report"
        entries.append(Entry(firm.id, row.fact, row.period or NO_PERIOD, row.value, source))
    if reasons:
        raise Invalid("policy_facts_refused", reasons=reasons)
    return entries


@bp.get("/facts/template.csv")
@only(roles.REPORTS_FACTS)
def facts_template() -> ResponseReturnValue:
    """An empty sheet with one line as an example."""
    own = identity.organisation_of(current_actor())
    month = month_name(_months()[0])
    code = own.code if own.kind == "enterprise" else "E01"
    text = f"\ufeffenterprise,fact,period,value,source\n{code},revenue_wan,{month},0,monthly_report\n"
    return download(text.encode(), "facts.csv", "text/csv; charset=utf-8")


@bp.post("/facts/confirm")
@only(roles.KEEPS_POLICIES)
def confirm_facts() -> ResponseReturnValue:
    """Several at once, as they stand on one paper; each is judged by itself."""
    actor = current_actor()
    bulk.each(
        bulk.chosen(),
        lambda fact_id: facts.confirm(actor, fact_id),
        lambda fact_id: _("数据 %(id)s", id=fact_id),
    )
    return redirect_back("policy.desk")


@bp.post("/facts/<int:fact_id>/confirm")
@only(roles.KEEPS_POLICIES)
def confirm_fact(fact_id: int) -> ResponseReturnValue:
    """The officer saw the paper behind it."""
    facts.confirm(current_actor(), fact_id)
    flash_ok(_("已核实。"))
    return redirect_back("policy.desk")
