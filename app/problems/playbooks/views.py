"""The pages of playbooks and of the rules of the room: dispatch, clocks, templates of answers."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid, NotFound, Refusal
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok, sentences
from app.hall.web.guards import current_actor, only, signed_in
from app.identity import door as identity
from app.identity.door import roles
from app.problems import sight
from app.problems.clocks import service as clocks
from app.problems.pages import bp
from app.problems.playbooks import service
from app.problems.reports.categories import CATEGORIES
from app.problems.work.models import AnswerTemplate, DispatchRuleRow


@bp.route("/problems/playbooks", methods=["GET", "POST"])
@signed_in
def playbooks_page() -> ResponseReturnValue:
    """Playbooks; who may writes a new version here."""
    actor = current_actor()
    reasons: list[str] = []
    status = 200
    if request.method == "POST":
        form = request.form
        lines = tuple(line.strip() for line in form.get("checklist", "").splitlines() if line.strip())
        draft = service.Draft(form.get("code", ""), form.get("title", ""), form.get("category", ""), lines)
        try:
            service.write(actor, draft)
        except Refusal as refusal:
            reasons, status = sentences(refusal), refusal.status
        else:
            flash_ok(_("手册草稿已保存，请另一人批准。"))
            return redirect(url_for("problems.playbooks_page"), 303)
    rows = [
        row
        for row in service.list_playbooks()
        if row.state == "in_force" or actor.may(roles.WRITES_PLAYBOOKS)
    ]
    page = render_template(
        "problems/playbooks/playbooks.html",
        rows=rows,
        counted={row.id: service.counted(row.id) for row in rows[:20]},
        mine=service.adoptions_of(actor),
        may_write=actor.may(roles.WRITES_PLAYBOOKS),
        firm=sight.reader_of(actor).firm,
        member_id=actor.member_id,
        categories=CATEGORIES,
        reasons=reasons,
        tab="playbooks",
    )
    return page, status


@bp.post("/problems/playbooks/<int:playbook_id>/<any(approve, adopt):what>")
@signed_in
def playbook_act(playbook_id: int, what: str) -> ResponseReturnValue:
    actor = current_actor()
    if what == "approve":
        service.approve(actor, playbook_id)
        flash_ok(_("手册已生效。"))
    else:
        made = service.take_up(actor, playbook_id)
        service.tick(actor, made.id, request.form.getlist("done"))
        flash_ok(_("已记录。"))
    return redirect(url_for("problems.playbooks_page"), 303)


@bp.get("/problems/rules")
@only(roles.SEES_PROBLEM_RULES)
def rules_page() -> ResponseReturnValue:
    """Dispatch rules, versions of the clock rules, templates of answers."""
    versions = clocks.list_versions()
    return render_template(
        "problems/playbooks/rules.html",
        dispatch=_dispatch(),
        departments={one.id: one for one in identity.list_departments()},
        versions=[(row, clocks.rules_from(row.rules)) for row in versions],
        templates=list(
            db.session.scalars(sa.select(AnswerTemplate).where(AnswerTemplate.retired_at.is_(None)))
        ),
        categories=CATEGORIES,
        member_id=current_actor().member_id,
        tab="rules",
    )


def _dispatch() -> list[DispatchRuleRow]:
    query = sa.select(DispatchRuleRow).where(DispatchRuleRow.ended_at.is_(None))
    return list(db.session.scalars(query.order_by(DispatchRuleRow.category, DispatchRuleRow.id)))


@bp.post("/problems/rules/<any(dispatch, end, clocks, decide, template):what>")
@only(roles.SETS_PROBLEM_RULES)
def change_rules(what: str) -> ResponseReturnValue:
    """One more rule, the end of one, a new version of the clocks, its decision, one more template."""
    {
        "dispatch": _add_dispatch,
        "end": _end_dispatch,
        "clocks": _propose,
        "decide": _decide,
        "template": _add_template,
    }[what]()
    flash_ok(_("已保存。"))
    return redirect(url_for("problems.rules_page"), 303)


def _department() -> int:
    number = whole(request.form.get("department", "")) or 0
    if number not in {one.id for one in identity.list_departments()}:
        raise NotFound("department_not_found")
    return number


def _add_dispatch() -> None:
    form = request.form
    first, last = whole(form.get("from_hour", "")), whole(form.get("to_hour", ""))
    category, place = form.get("category", ""), form.get("place", "").strip() or "*"
    if first is None or last is None or first > 23 or not 1 <= last <= 24 or len(place) > 120:
        raise Invalid("problem_number_wrong")
    if category not in CATEGORIES:
        raise Invalid("problem_category_unknown")
    department = _department()
    with transaction() as session:
        row = DispatchRuleRow(
            category=category, place=place, department_id=department, from_hour=first, to_hour=last
        )
        session.add(row)
        session.flush()
        identity.audit(current_actor(), "dispatch_rule.added", "dispatch_rule", row.id)


def _end_dispatch() -> None:
    with transaction() as session:
        row = session.get(DispatchRuleRow, whole(request.form.get("rule", "")) or 0)
        if row is None:
            raise NotFound("problem_not_found")
        row.ended_at = clock.now()
        identity.audit(current_actor(), "dispatch_rule.ended", "dispatch_rule", row.id)


def _propose() -> None:
    now = clocks.rules_from(clocks.in_force().rules)
    spans = [whole(request.form.get(name, "")) for name in ("immediate", "process", "longterm")]
    if any(one is None or not 1 <= one <= 1000 for one in spans):
        raise Invalid("problem_number_wrong")
    immediate, process, longterm = (one or 0 for one in spans)
    rules = replace(
        now,
        immediate=replace(now.immediate, span=immediate),
        process=replace(now.process, span=process),
        longterm=replace(now.longterm, span=longterm),
    )
    clocks.propose_rules(current_actor(), rules, request.form.get("note", "")[:500])


def _decide() -> None:
    version = whole(request.form.get("version", "")) or 0
    clocks.decide_rules(current_actor(), version, request.form.get("decision") == "approve")


def _add_template() -> None:
    text = request.form.get("text", "").strip()
    if not text or len(text) > 500:
        raise Invalid("problem_answer_empty")
    department = _department()
    with transaction() as session:
        session.add(AnswerTemplate(department_id=department, text=text, made_by_id=current_actor().member_id))
