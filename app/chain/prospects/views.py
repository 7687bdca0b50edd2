"""Prospects from identified to landed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.chain.actions.rules import kind_for_firm
from app.chain.limits import BOARD_COLUMN, LARGEST_AMOUNT_WAN, ROWS_PER_PAGE
from app.chain.pages import bp, chosen_chain, form_day, staff_names
from app.chain.prospects import files, sheet
from app.chain.prospects import queries as prospect_queries
from app.chain.prospects import service as prospects
from app.chain.prospects.models import PROSPECT_STATES, Prospect
from app.chain.prospects.rules import OPEN, ORDER, Landing, NewProspect, may_move
from app.chain.register import service as chains
from app.chain.register import words as wording
from app.chain.weak_links.service import assessment
from app.hall import clock
from app.hall.errors import Invalid, Refusal
from app.hall.files import list_export
from app.hall.rooms import doors
from app.hall.text import language
from app.hall.web.answers import flash_ok, sentences
from app.hall.web.guards import current_actor, only
from app.hall.web.listing import Listing
from app.hall.web.money import in_wan
from app.identity import door as identity
from app.identity.door import events_about, roles


@bp.get("/prospects")
@only(roles.SEES_CHAINS)
def prospect_list() -> ResponseReturnValue:
    return _prospect_list([], 200)


SORTS = ("fit", "name", "state", "owner", "due")


def _prospect_list(problems: list[str], status: int) -> ResponseReturnValue:
    chain = chosen_chain()
    rows = prospect_queries.list_prospects(chain)
    listing = Listing.from_request(
        dict.fromkeys(SORTS), "fit", ("state", "only"), True, per_page=ROWS_PER_PAGE
    )
    fits = {fit.code: fit for fit in prospect_queries.fits(chain)}
    found = chains.chain_facts(chain)
    names = found.names(language.lang())
    owners, word, me = staff_names(), listing.q.lower(), current_actor().member_id
    adds = prospect_queries.adds_of([row.id for row in rows])
    tests: dict[str, Callable[[Prospect], bool]] = {
        "stalled": prospect_queries.is_stalled,
        "late": _late,
        "mine": lambda row: row.owner_id == me,
    }
    wanted = tests.get(listing.filters["only"])

    def words(row: Prospect) -> str:
        makes = " ".join(names.get(code, code) for code, _output in adds.get(row.id, ()))
        return f"{row.code} {row.name_zh} {row.name_en} {row.region} {row.products} {makes}".lower()

    shown = [row for row in rows if (wanted is None or wanted(row)) and (not word or word in words(row))]
    counts = {s: sum(row.state == s for row in shown) for s in PROSPECT_STATES}
    asked = request.args.get("view", "")
    view = asked if asked in ("table", "outside") else "board"
    if listing.filters["state"] in PROSPECT_STATES and view == "table":
        shown = [row for row in shown if row.state == listing.filters["state"]]
    keys: dict[str, Any] = {
        "fit": lambda row: fits[row.code].score if row.code in fits else -1.0,
        "name": prospect_queries.prospect_name,
        "state": lambda row: PROSPECT_STATES.index(row.state),
        "owner": lambda row: owners.get(row.owner_id, ""),
        "due": lambda row: row.due_on or dt.date.max,
    }
    shown.sort(key=keys[listing.sort if view == "table" else "fit"], reverse=listing.desc or view != "table")
    firms = [
        (fit, firm)
        for fit, firm in prospect_queries.outside_fits(chain)
        if not word
        or word in f"{firm.code} {firm.name} {' '.join(names.get(s, s) for s, _o in firm.adds)}".lower()
    ]
    if list_export.wanted():
        return sheet.prospects_file(shown, fits, owners)
    return render_template(
        "chain/prospects/list.html",
        chain=chain,
        chains=chains.list_chains(),
        rows=shown,
        fits=fits,
        adds=adds,
        names=names,
        counts=counts,
        listing=listing,
        view=view,
        page=listing.slice(firms if view == "outside" else shown),
        outside_count=len(firms),
        column_most=BOARD_COLUMN,
        sentences_of=lambda fit: wording.sentences(fit.reasons, names),
        stalled=prospect_queries.is_stalled,
        late=_late,
        owners=owners,
        today=clock.today(),
        total=len(rows),
        numbers={name: sum(map(test, rows)) for name, test in tests.items()},
        may_move=may_move,
        may_edit=current_actor().may(roles.EDITS_CHAINS),
        segments=found.segments,
        name_of=prospect_queries.prospect_name,
        states=ORDER,
        problems=problems,
        typed=request.form,
    ), status


@bp.post("/prospects/outside/<code>")
@only(roles.EDITS_CHAINS)
def take_up_outside(code: str) -> ResponseReturnValue:
    """An outside firm the data know of enters the pipeline."""
    row = prospects.take_up(current_actor(), chosen_chain(), code)
    flash_ok(_("已加入招商储备库。"))
    return redirect(url_for("chain.prospect", code=row.code), 303)


def _late(row: Prospect) -> bool:
    return row.due_on is not None and row.due_on < clock.today() and row.state in OPEN


@bp.post("/prospects")
@only(roles.EDITS_CHAINS)
def add_prospect() -> ResponseReturnValue:
    chain = chosen_chain()
    form = request.form
    try:
        adds: dict[str, float] = {}
        for segment, output in zip(form.getlist("segment"), form.getlist("output"), strict=False):
            if segment.strip():
                try:
                    adds[segment] = float(in_wan(output))
                except ValueError:
                    raise Invalid("chain_not_a_number", value=output[:40]) from None
                if not 0 <= adds[segment] <= LARGEST_AMOUNT_WAN:
                    raise Invalid("chain_not_a_number", value=output[:40])
        row = prospects.create_prospect(
            current_actor(),
            chain,
            NewProspect(
                name_zh=form.get("name", ""),
                region=form.get("region", ""),
                products=form.get("products", ""),
                adds=adds,
            ),
        )
    except Refusal as refusal:
        return _prospect_list(sentences(refusal), refusal.status)
    flash_ok(_("已加入招商储备库。"))
    return redirect(url_for("chain.prospect", code=row.code), 303)


@bp.get("/prospects/<code>")
@only(roles.SEES_CHAINS)
def prospect(code: str) -> ResponseReturnValue:
    row = prospect_queries.get_prospect(code)
    chain = next(c for c in chains.list_chains() if c.id == row.chain_id)
    found = chains.chain_facts(chain)
    names = found.names(language.lang())
    for segment in row.brings.get("segments", ()):
        names.setdefault(segment[0], segment[2] if language.lang() == "en" else segment[1])
    fit = next((f for f in prospect_queries.fits(chain) if f.code == code), None)
    adds = [*prospect_queries.adds_of([row.id]).get(row.id, []), *row.brings.get("adds", ())]
    brings = [segment[0] for segment in row.brings.get("segments", ())]
    landed = identity.organisations_by_id([row.organisation_id]) if row.organisation_id else {}
    steps = prospect_queries.steps_of(row)
    return render_template(
        "chain/prospects/prospect.html",
        chain=chain,
        row=row,
        name=prospect_queries.prospect_name(row),
        fit=fit,
        names=names,
        reasons=wording.sentences(fit.reasons, names) if fit else [],
        adds=adds,
        kind=kind_for_firm(found, assessment(chain), [code for code, _output in adds], brings),
        steps=steps,
        owners=staff_names(),
        stalled=prospect_queries.is_stalled(row),
        moves=[s for s in PROSPECT_STATES if may_move(row.state, s)],
        states=ORDER,
        may_edit=current_actor().may(roles.EDITS_CHAINS),
        landed=landed.get(row.organisation_id or 0),
        open=row.state in OPEN,
        lost_because=next((step.note for step in reversed(steps) if step.state == "lost"), ""),
        events=events_about("prospect", row.id, 30),
        files=files.files_of(row),
        doors=doors(current_actor(), "prospect", row.id),
    )


@bp.post("/prospects/<code>/move")
@only(roles.EDITS_CHAINS)
def move_prospect(code: str) -> ResponseReturnValue:
    form = request.form
    landing = Landing(
        form.get("credit_code", "")[:60],
        form.get("contact", "")[:60],
        form.get("contact_phone", "")[:30],
        form.get("administrator", "")[:60],
        form.get("email", "")[:120],
        form.get("organisation", "")[:20],
        form.get("another") == "1",
    )
    row = prospects.move(current_actor(), code, form.get("state", ""), form.get("note", ""), landing)
    if row.state == "landed":
        flash_ok(_("企业已落地：已成为园区企业，产业链数据已更新。"))
        if not _somebody_comes(row, landing):
            flash_ok(_("还没有首位管理员：请在机构页面邀请，企业才能登录。"))
    else:
        flash_ok(_("进展已记录。"))
    if request.form.get("board") == "1" and row.state != "landed":
        chain = next(c for c in chains.list_chains() if c.id == row.chain_id)
        return redirect(url_for("chain.prospect_list", chain=chain.code), 303)
    return redirect(url_for("chain.prospect", code=code), 303)


def _somebody_comes(row: Prospect, landing: Landing) -> bool:
    """Whether a first administrator is invited: named just now, or before by whoever wrote the firm down."""
    if landing.administrator.strip() or row.organisation_id is None:
        return True
    return bool(landing.organisation) and identity.waiting_invitation(row.organisation_id) is not None


@bp.post("/prospects/<code>/note")
@only(roles.EDITS_CHAINS)
def note_prospect(code: str) -> ResponseReturnValue:
    """What happened, without a move."""
    prospects.note(current_actor(), code, request.form.get("note", ""))
    flash_ok(_("进展已记录。"))
    return redirect(url_for("chain.prospect", code=code), 303)


@bp.post("/prospects/<code>/take-back")
@only(roles.EDITS_CHAINS)
def take_back_landing(code: str) -> ResponseReturnValue:
    prospects.take_back(current_actor(), code, request.form.get("reason", "")[:500])
    flash_ok(_("落地已撤回，企业回到已签约。"))
    return redirect(url_for("chain.prospect", code=code), 303)


@bp.post("/prospects/<code>/plan")
@only(roles.EDITS_CHAINS)
def plan_prospect(code: str) -> ResponseReturnValue:
    form = request.form
    owner, row = form.get("owner", type=int), prospect_queries.get_prospect(code)
    known = staff_names()
    prospects.plan(
        current_actor(),
        code,
        next_step=form.get("next_step", ""),
        due_on=form_day(form.get("due_on", "")),
        owner_id=owner if owner in known or owner == row.owner_id else None,
        note=form.get("note", ""),
        contact=(form.get("contact", row.contact), form.get("contact_phone", row.contact_phone)),
    )
    flash_ok(_("下一步已记录。"))
    return redirect(url_for("chain.prospect", code=code), 303)
