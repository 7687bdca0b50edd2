"""Actions from plan to relief."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.chain.actions import service as actions
from app.chain.actions.rules import MOVES, NewAction, advice
from app.chain.pages import bp, chosen_chain, form_day, staff_names
from app.chain.register import service as chains
from app.chain.register import words as wording
from app.chain.weak_links.labels import NEEDS_A_LOOK
from app.chain.weak_links.service import assessment
from app.hall import clock
from app.hall.errors import Refusal
from app.hall.text import language
from app.hall.web.answers import flash_ok, sentences
from app.hall.web.guards import current_actor, only
from app.identity.door import roles


@bp.get("/actions")
@only(roles.SEES_CHAINS)
def action_list() -> ResponseReturnValue:
    return _action_list([], 200)


def _action_list(problems: list[str], status: int) -> ResponseReturnValue:
    chain = chosen_chain()
    found = chains.chain_facts(chain)
    names = found.names(language.lang())
    findings = {row.segment: row for row in assessment(chain).findings}
    rows = actions.list_actions(chain)
    marks = {code: row.mark for code, row in findings.items()}
    busy = {segment.code for action, segment in rows if action.state in ("planned", "in_progress")}
    ideas = [
        (idea, wording.sentences(idea.evidence[:2], names))
        for idea in advice(found, assessment(chain))
        if idea.segment not in busy and (idea.kind == "extend" or marks[idea.segment] in NEEDS_A_LOOK)
    ]
    return render_template(
        "chain/actions/list.html",
        chain=chain,
        chains=chains.list_chains(),
        rows=rows,
        ideas=ideas[:12],
        names=names,
        findings=findings,
        owners=staff_names(),
        today=clock.today(),
        moves=MOVES,
        segments=found.segments,
        may_edit=current_actor().may(roles.EDITS_CHAINS),
        problems=problems,
        typed=request.values,
        me_id=current_actor().member_id,
    ), status


@bp.post("/actions")
@only(roles.EDITS_CHAINS)
def add_action() -> ResponseReturnValue:
    chain = chosen_chain()
    form = request.form
    try:
        actions.create_action(
            current_actor(),
            chain,
            NewAction(
                segment=form.get("segment", ""),
                kind=form.get("kind", ""),
                title=form.get("title", ""),
                note=form.get("note", ""),
                due_on=form_day(form.get("due_on", "")),
                owner_id=owner if (owner := form.get("owner", type=int)) in staff_names() else None,
            ),
        )
    except Refusal as refusal:
        return _action_list(sentences(refusal), refusal.status)
    flash_ok(_("行动已加入。"))
    return redirect(url_for("chain.action_list", chain=chain.code), 303)


@bp.post("/actions/<int:action_id>/move")
@only(roles.EDITS_CHAINS)
def move_action(action_id: int) -> ResponseReturnValue:
    actions.move(current_actor(), action_id, request.form.get("state", ""))
    flash_ok(_("行动状态已更新。"))
    return redirect(url_for("chain.action_list", chain=request.form.get("chain", "")), 303)
