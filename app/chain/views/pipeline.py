"""Prospects from identified to landed, and actions from plan to relief."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, language
from app.chain.models import PROSPECT_STATES
from app.chain.service import actions, chains, outside, picture, prospects, what_if, wording
from app.chain.views import bp
from app.chain.views.atlas import chosen_chain
from app.errors import Invalid, Refusal
from app.identity import service as identity
from app.identity.service.trail import events_about
from app.web import Listing, current_actor, flash_ok, roles, sentences


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    day = clock.read_day(text)
    if day is None:
        raise Invalid("chain_bad_day")
    return day


def staff_names() -> dict[int, str]:
    """Members of the park, for who owns what."""
    found = identity.find_organisation("PARK")
    return {m.id: m.name for m in identity.members_of(found.id)} if found else {}


@bp.get("/prospects")
@roles(*chains.STAFF)
def prospect_list() -> Any:
    return _prospect_list([], 200)


COLUMN = 30  # cards of one state on the board; the list has them all
SORTS = ("fit", "name", "state", "owner", "due")


def _prospect_list(problems: list[str], status: int) -> Any:
    chain = chosen_chain()
    rows = prospects.list_prospects(chain)
    listing = Listing.from_request(dict.fromkeys(SORTS), "fit", ("state", "only"), True, per_page=50)
    fits = {fit.code: fit for fit in prospects.fits(chain)}
    found = chains.chain_facts(chain)
    names = found.names(language.lang())
    owners, word, me = staff_names(), listing.q.lower(), current_actor().member_id
    adds = what_if.adds_of([row.id for row in rows])
    tests = {"stalled": prospects.is_stalled, "late": _late, "mine": lambda row: row.owner_id == me}
    only = tests.get(listing.filters["only"], lambda row: True)

    def words(row: Any) -> str:
        makes = " ".join(names.get(code, code) for code, _output in adds.get(row.id, ()))
        return f"{row.code} {row.name_zh} {row.name_en} {row.region} {row.products} {makes}".lower()

    shown = [row for row in rows if only(row) and (not word or word in words(row))]
    counts = {s: sum(row.state == s for row in shown) for s in PROSPECT_STATES}
    asked = request.args.get("view", "")
    view = asked if asked in ("table", "outside") else "board"
    if listing.filters["state"] in PROSPECT_STATES and view == "table":
        shown = [row for row in shown if row.state == listing.filters["state"]]
    keys: dict[str, Any] = {
        "fit": lambda row: fits[row.code].score if row.code in fits else -1.0,
        "name": prospects.prospect_name,
        "state": lambda row: PROSPECT_STATES.index(row.state),
        "owner": lambda row: owners.get(row.owner_id, ""),
        "due": lambda row: row.due_on or dt.date.max,
    }
    shown.sort(key=keys[listing.sort if view == "table" else "fit"], reverse=listing.desc or view != "table")
    firms = [
        (fit, firm)
        for fit, firm in outside.fits(chain)
        if not word
        or word in f"{firm.code} {firm.name} {' '.join(names.get(s, s) for s, _o in firm.adds)}".lower()
    ]
    return render_template(
        "chain/prospects.html", chain=chain, chains=chains.list_chains(), rows=shown, fits=fits, adds=adds, names=names,
        counts=counts, listing=listing, view=view, page=listing.slice(firms if view == "outside" else shown),
        outside_count=len(firms), column_most=COLUMN, sentences_of=lambda fit: wording.sentences(fit.reasons, names),
        stalled=prospects.is_stalled, late=_late, owners=owners, today=clock.today(), total=len(rows),
        numbers={name: sum(map(test, rows)) for name, test in tests.items()}, may_move=prospects.may_move,
        may_edit=current_actor().has(*chains.EDITORS), segments=found.segments, name_of=prospects.prospect_name,
        states=prospects.ORDER, problems=problems, typed=request.form,
    ), status  # fmt: skip


@bp.post("/prospects/outside/<code>")
@roles(*chains.EDITORS)
def take_up_outside(code: str) -> Any:
    """An outside firm the data know of enters the pipeline."""
    row = outside.take_up(current_actor(), chosen_chain(), code)
    flash_ok(_("已加入招商管道。"))
    return redirect(url_for("chain.prospect", code=row.code), 303)


def _late(row: Any) -> bool:
    return row.due_on is not None and row.due_on < clock.today() and row.state in prospects.OPEN


@bp.post("/prospects")
@roles(*chains.EDITORS)
def add_prospect() -> Any:
    chain = chosen_chain()
    form = request.form
    try:
        adds: dict[str, float] = {}
        for segment, output in zip(form.getlist("segment"), form.getlist("output"), strict=False):
            if segment.strip():
                try:
                    adds[segment] = float(output)
                except ValueError:
                    raise Invalid("chain_not_a_number", value=output[:40]) from None
                if not 0 <= adds[segment] <= 1e12:
                    raise Invalid("chain_not_a_number", value=output[:40])
        row = prospects.create_prospect(
            current_actor(), chain, name_zh=form.get("name", ""), region=form.get("region", ""),
            products=form.get("products", ""), adds=adds,
        )  # fmt: skip
    except Refusal as refusal:
        return _prospect_list(sentences(refusal), refusal.status)
    flash_ok(_("已加入招商管道。"))
    return redirect(url_for("chain.prospect", code=row.code), 303)


@bp.get("/prospects/<code>")
@roles(*chains.STAFF)
def prospect(code: str) -> Any:
    row = prospects.get_prospect(code)
    chain = next(c for c in chains.list_chains() if c.id == row.chain_id)
    found = chains.chain_facts(chain)
    names = found.names(language.lang())
    for segment in row.brings.get("segments", ()):
        names.setdefault(segment[0], segment[2] if language.lang() == "en" else segment[1])
    fit = next((f for f in prospects.fits(chain) if f.code == code), None)
    landed = identity.organisations_by_id([row.organisation_id]) if row.organisation_id else {}
    return render_template(
        "chain/prospect.html", chain=chain, row=row, name=prospects.prospect_name(row), fit=fit, names=names,
        reasons=wording.sentences(fit.reasons, names) if fit else [],
        adds=[*what_if.adds_of([row.id]).get(row.id, []), *row.brings.get("adds", ())],
        steps=prospects.steps_of(row), owners=staff_names(), stalled=prospects.is_stalled(row),
        moves=[s for s in PROSPECT_STATES if prospects.may_move(row.state, s)], states=prospects.ORDER,
        may_edit=current_actor().has(*chains.EDITORS), landed=landed.get(row.organisation_id or 0),
        open=row.state in prospects.OPEN, events=events_about("prospect", row.id, 30),
    )  # fmt: skip


@bp.post("/prospects/<code>/move")
@roles(*chains.EDITORS)
def move_prospect(code: str) -> Any:
    row = prospects.move(current_actor(), code, request.form.get("state", ""), request.form.get("note", ""))
    if row.state == "landed":
        flash_ok(_("企业已落地：已成为园区企业，产业链数据已更新。"))
    else:
        flash_ok(_("进展已记录。"))
    if request.form.get("board") == "1" and row.state != "landed":
        chain = next(c for c in chains.list_chains() if c.id == row.chain_id)
        return redirect(url_for("chain.prospect_list", chain=chain.code), 303)
    return redirect(url_for("chain.prospect", code=code), 303)


@bp.post("/prospects/<code>/plan")
@roles(*chains.EDITORS)
def plan_prospect(code: str) -> Any:
    form = request.form
    owner = form.get("owner", type=int)
    prospects.plan(
        current_actor(), code, next_step=form.get("next_step", ""), due_on=_day(form.get("due_on", "")),
        owner_id=owner if owner in staff_names() else None, note=form.get("note", ""),
    )  # fmt: skip
    flash_ok(_("下一步已记录。"))
    return redirect(url_for("chain.prospect", code=code), 303)


@bp.get("/actions")
@roles(*chains.STAFF)
def action_list() -> Any:
    return _action_list([], 200)


def _action_list(problems: list[str], status: int) -> Any:
    from app.chain.recruiting import advice

    chain = chosen_chain()
    found = chains.chain_facts(chain)
    names = found.names(language.lang())
    findings = {row.segment: row for row in chains.assessment(chain).findings}
    rows = actions.list_actions(chain)
    marks = {code: picture.status_of(row) for code, row in findings.items()}
    busy = {segment.code for action, segment in rows if action.state in ("planned", "in_progress")}
    ideas = [
        (idea, wording.sentences(idea.evidence[:2], names))
        for idea in advice(found, chains.assessment(chain))
        if idea.segment not in busy
        and (idea.kind == "extend" or marks[idea.segment] in (picture.WEAK, picture.GONE))
    ]
    return render_template(
        "chain/actions.html", chain=chain, chains=chains.list_chains(), rows=rows, ideas=ideas[:12], names=names,
        findings=findings, owners=staff_names(), today=clock.today(), moves=actions.MOVES, segments=found.segments,
        may_edit=current_actor().has(*chains.EDITORS), problems=problems, typed=request.values,
        me_id=current_actor().member_id,
    ), status  # fmt: skip


@bp.post("/actions")
@roles(*chains.EDITORS)
def add_action() -> Any:
    chain = chosen_chain()
    form = request.form
    try:
        actions.create_action(
            current_actor(), chain, segment=form.get("segment", ""), kind=form.get("kind", ""),
            title=form.get("title", ""), note=form.get("note", ""), due_on=_day(form.get("due_on", "")),
            owner_id=owner if (owner := form.get("owner", type=int)) in staff_names() else None,
        )  # fmt: skip
    except Refusal as refusal:
        return _action_list(sentences(refusal), refusal.status)
    flash_ok(_("行动已加入。"))
    return redirect(url_for("chain.action_list", chain=chain.code), 303)


@bp.post("/actions/<int:action_id>/move")
@roles(*chains.EDITORS)
def move_action(action_id: int) -> Any:
    actions.move(current_actor(), action_id, request.form.get("state", ""))
    flash_ok(_("行动状态已更新。"))
    return redirect(url_for("chain.action_list", chain=request.form.get("chain", "")), 303)
