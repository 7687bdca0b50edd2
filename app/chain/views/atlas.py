"""The map with its panel, the sankey and the heat map."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from app import language
from app.chain.models import IndustryChain
from app.chain.service import beyond, chains, picture, prospects, wording
from app.chain.views import bp
from app.web import current_actor, signed_in


def chosen_chain() -> IndustryChain:
    return chains.get_chain(request.args.get("chain", "") or request.form.get("chain", ""))


@bp.get("/")
@signed_in
def index() -> Any:
    actor = current_actor()
    chain = chains.find_chain(request.args.get("chain", ""))
    if chain is None:
        if request.args.get("chain"):
            chains.get_chain(request.args["chain"])
        return render_template("chain/empty.html", may_edit=actor.has(*chains.EDITORS))
    marked = actor.has(*chains.STAFF)
    data = picture.map_data(chain, marked)
    view = request.args.get("view", "map")
    if view not in ("map", "sankey", "heat") or not marked:
        view = "map"
    marks = {mark: sum(n["mark"] == mark for n in data["nodes"]) for mark in ("strong", "weak", "missing")}
    chart = picture.flows(chain) if view == "sankey" else picture.heat(chain) if view == "heat" else None
    q = request.args.get("q", "").strip()[:60]
    chosen = request.args.get("segment", "") or picture.find_segment(data, q) or _first(chain, data, marked)
    found = chains.chain_facts(chain)
    firms = {row.enterprise for row in found.positions if row.in_park}
    return render_template(
        "chain/map.html",
        chain=chain,
        chains=chains.list_chains(),
        data=data,
        columns=picture.columns(data),
        q=q,
        view=view,
        marked=marked,
        marks=marks,
        chart=chart,
        counts=(len(firms), len(data["nodes"]), len(found.supplies)),
        chosen=chosen if any(node["code"] == chosen for node in data["nodes"]) else "",
        **(_panel(chain, chosen, marked) if chosen else {}),
    )


def _first(chain: IndustryChain, data: dict[str, Any], marked: bool) -> str:
    """The segment the panel opens with: the first weak link for staff, the own one for a firm."""
    if marked:
        first = next((row for row in chains.assessment(chain).findings if row.rank == 1), None)
        return first.segment if first else ""
    own = chains.own_firm(current_actor())
    mine = [row.segment for row in chains.chain_facts(chain).positions if own and row.enterprise == own.code]
    return mine[0] if mine else (data["nodes"][0]["code"] if data["nodes"] else "")


def _panel(chain: IndustryChain, code: str, marked: bool) -> dict[str, Any]:
    found = chains.chain_facts(chain)
    if code not in found.segment_codes:
        return {"panel": None}
    names = found.names(language.lang())
    row = chains.assessment(chain).finding(code)
    inputs = sorted((i for i in found.inputs if i.target == code), key=lambda i: -i.coefficient)
    data = picture.map_data(chain, marked)
    places = {node["code"]: node for node in data["nodes"]}
    panel: dict[str, Any] = {
        "code": code,
        "name": names[code],
        "stage": data["stages"][places[code]["column"]]["name"],
        "up": [(names[i.source], places[i.source]["mark"], i.coefficient, i.source) for i in inputs],
        "down": [
            (names[use.segment], places[use.segment]["mark"], use.demand_wan, use.segment) for use in row.uses
        ],
    }
    if not marked:
        own = chains.own_firm(current_actor())
        panel["public"] = picture.public_figures(chain, row, own)
        panel["mine"] = [f for f in row.firms if own is not None and f.enterprise == own.code]
        return {"panel": panel}
    return {
        "panel": panel
        | {
            "row": row,
            "mark": picture.status_of(row),
            "reasons": wording.sentences(row.reasons, names),
            "fits": [(fit, prospects.prospect_name(p)) for fit, p in prospects.fits_for(chain, code)[:3]],
            "fillers": beyond.fillers(current_actor(), code),
        }
    }


@bp.get("/segments/<code>/panel")
@signed_in
def panel(code: str) -> Any:
    chain = chosen_chain()
    chains.get_segment(chain, code)
    marked = current_actor().has(*chains.STAFF)
    return render_template("chain/panel.html", chain=chain, marked=marked, **_panel(chain, code, marked))
