"""The room's one blueprint of pages and its API, and what its views share."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, request

from app.chain.register import service as chains
from app.chain.register.models import ChainFirm, IndustryChain
from app.chain.weak_links.words import judgement, label_tags, mark_tag
from app.hall import clock
from app.hall.api.blueprint import api_blueprint
from app.hall.errors import Invalid, NotFound
from app.hall.web.guards import current_actor
from app.identity import door as identity

bp = Blueprint("chain", __name__, url_prefix="/chain")


api = api_blueprint("chain")

bp.add_app_template_global(label_tags, "chain_labels")
bp.add_app_template_global(judgement, "chain_judgement")
bp.add_app_template_global(mark_tag, "chain_mark")


def chosen_chain() -> IndustryChain:
    return chains.get_chain(request.args.get("chain", "") or request.form.get("chain", ""))


def visible_firm(code: str) -> ChainFirm:
    firm = chains.get_firm(code)
    if not chains.may_see_firm(current_actor(), firm):
        raise NotFound("chain_firm_not_found", code=code)
    return firm


def chain_for(firm: ChainFirm) -> IndustryChain:
    """The chain that was asked for, else the one the firm stands on."""
    asked = request.args.get("chain") or request.form.get("chain")
    return chains.get_chain(asked) if asked else chains.home_of(firm)


def form_day(text: str) -> dt.date | None:
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
