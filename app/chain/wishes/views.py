"""Pages on which a firm says what it makes, and an officer confirms or asks back."""

from __future__ import annotations

import re

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.chain.exchange.cells import read_cell
from app.chain.pages import bp
from app.chain.register import service as chains
from app.chain.wishes import service as wishes
from app.hall.errors import Invalid
from app.hall.files.cells import BadCell
from app.hall.web import bulk
from app.hall.web.answers import flash_ok
from app.hall.web.guards import current_actor, only
from app.hall.web.money import in_wan
from app.identity import door as identity
from app.identity.door import roles


def _codes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.upper() for one in re.split(r"[\s,，、;；]+", text) if one))[:50]


def _amount(text: str) -> float:
    try:
        return float(read_cell("amount", in_wan(text), False))
    except BadCell as wrong:
        raise Invalid(wrong.code, **wrong.params) from None


@bp.get("/say")
@only(roles.MANAGES_OWN_FIRM)
def say_page() -> ResponseReturnValue:
    """What does my firm make? Ten likely segments, then yearly output and partners."""
    chain = chains.find_chain(request.args.get("chain", ""))
    text = request.args.get("q", "").strip()[:500]
    return render_template(
        "chain/wishes/say.html",
        chain=chain,
        text=text,
        found=wishes.suggest(chain, text) if chain is not None and text else [],
        own=wishes.own(current_actor().organisation_id),
        segment_name=chains.segment_name,
    )


@bp.post("/say")
@only(roles.MANAGES_OWN_FIRM)
def say() -> ResponseReturnValue:
    form = request.form
    said = wishes.Said(
        form.get("segment", "")[:64],
        form.get("makes", "")[:500],
        _amount(form.get("output_wan", "")),
        form.get("inputs", "")[:500],
        _codes(form.get("suppliers", "")[:500]),
        _codes(form.get("customers", "")[:500]),
    )
    wishes.say(current_actor(), chains.get_chain(form.get("chain", "")), said)
    flash_ok(_("已提交，园区确认后立即登上图谱。"))
    return redirect(url_for("chain.say_page"), 303)


@bp.get("/wishes")
@only(roles.SEES_WISHES)
def wish_list() -> ResponseReturnValue:
    rows = wishes.waiting()
    return render_template(
        "chain/wishes/list.html",
        rows=rows,
        firms=identity.organisations_by_id(wish.organisation_id for wish, _segment in rows),
        segment_name=chains.segment_name,
        may_decide=current_actor().may(roles.EDITS_CHAINS),
        chains=chains.list_chains(),
    )


@bp.post("/wishes")
@only(roles.EDITS_CHAINS)
def confirm_wishes() -> ResponseReturnValue:
    """One answer to several firms; each is judged by itself, and what was refused is told with its reason."""
    actor = current_actor()
    bulk.each(
        bulk.chosen(),
        lambda wish_id: wishes.confirm(actor, wish_id),
        lambda wish_id: _("申请 %(id)s", id=wish_id),
    )
    return redirect(url_for("chain.wish_list"), 303)


@bp.post("/wishes/<int:wish_id>")
@only(roles.EDITS_CHAINS)
def decide_wish(wish_id: int) -> ResponseReturnValue:
    if request.form.get("decision") == "confirm":
        wishes.confirm(current_actor(), wish_id)
        flash_ok(_("已确认，企业已登上图谱。"))
    else:
        wishes.ask_back(current_actor(), wish_id, request.form.get("question", "")[:500])
        flash_ok(_("问题已发给企业。"))
    return redirect(url_for("chain.wish_list"), 303)


@bp.post("/positions")
@only(roles.EDITS_CHAINS)
def add_position() -> ResponseReturnValue:
    form = request.form
    wishes.add_position(
        current_actor(),
        form.get("chain", ""),
        form.get("enterprise", "").strip().upper(),
        form.get("segment", "").strip(),
        _amount(form.get("output_wan", "")),
        form.get("products", ""),
    )
    flash_ok(_("在链位置已写入。"))
    return redirect(url_for("chain.wish_list"), 303)


@bp.post("/supplies")
@only(roles.EDITS_CHAINS)
def add_supply() -> ResponseReturnValue:
    form = request.form
    wishes.add_supply(
        current_actor(),
        form.get("chain", ""),
        form.get("supplier", "").strip().upper(),
        form.get("customer", "").strip().upper(),
        form.get("segment", "").strip(),
        _amount(form.get("value_wan", "")),
    )
    flash_ok(_("供货关系已写入。"))
    return redirect(url_for("chain.wish_list"), 303)
