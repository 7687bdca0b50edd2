"""The map with its panel, the sankey and the heat map."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.chain.map import picture_files
from app.chain.map import service as picture
from app.chain.pages import bp, chosen_chain
from app.chain.prospects import queries as prospect_queries
from app.chain.register import contributions
from app.chain.register import service as chains
from app.chain.register import words as wording
from app.chain.register.models import IndustryChain
from app.chain.weak_links.labels import MARKS
from app.chain.weak_links.service import assessment
from app.hall import clock
from app.hall.text import language
from app.hall.web.answers import download
from app.hall.web.guards import current_actor, signed_in
from app.identity.door import roles


@bp.get("/")
@signed_in
def index() -> ResponseReturnValue:
    actor = current_actor()
    every, code = chains.list_chains(), request.args.get("chain", "").strip()
    chain = next((one for one in every if code in ("", one.code)), None)
    if chain is None and code:  # an archived one, or none
        chain = chains.get_chain(code)
    if chain is None:
        return render_template("chain/map/empty.html", may_edit=actor.may(roles.EDITS_CHAINS))
    marked = actor.may(roles.SEES_CHAINS)
    data = picture.map_data(chain, marked)
    by_age = marked and request.args.get("colour") == "age"
    if by_age:
        data = picture.by_age(chain, data)
    view = request.args.get("view", "map")
    if view not in ("map", "sankey", "heat") or not marked:
        view = "map"
    marks = {mark: sum(n["mark"] == mark for n in data["nodes"]) for mark in MARKS}
    chart = picture.flows(chain) if view == "sankey" else picture.heat(chain) if view == "heat" else None
    q = request.args.get("q", "").strip()[:60]
    chosen = request.args.get("segment", "") or picture.find_segment(data, q) or _first(chain, data, marked)
    found = chains.chain_facts(chain)
    firms = {row.enterprise for row in found.positions if row.in_park}
    return render_template(
        "chain/map/map.html",
        chain=chain,
        chains=every,
        data=data,
        columns=picture.columns(data),
        q=q,
        view=view,
        by_age=by_age,
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
        first = next((row for row in assessment(chain).findings if row.rank == 1), None)
        return first.segment if first else ""
    own = chains.own_firm(current_actor())
    mine = [row.segment for row in chains.chain_facts(chain).positions if own and row.enterprise == own.code]
    return mine[0] if mine else (data["nodes"][0]["code"] if data["nodes"] else "")


def _panel(chain: IndustryChain, code: str, marked: bool) -> dict[str, Any]:
    found = chains.chain_facts(chain)
    if code not in found.segment_codes:
        return {"panel": None}
    names = found.names(language.lang())
    row = assessment(chain).finding(code)
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
        panel["public"] = picture.public_figures(row, own)
        panel["mine"] = [f for f in row.firms if own is not None and f.enterprise == own.code]
        return {"panel": panel}
    return {
        "panel": panel
        | {
            "row": row,
            "mark": row.mark,
            "reasons": wording.sentences(row.reasons, names),
            "fits": [
                (fit, prospect_queries.prospect_name(p))
                for fit, p in prospect_queries.fits_for(chain, code)[:3]
            ],
            "fillers": contributions.fillers(current_actor(), chains.segment_keys(chain)[code]),
        }
    }


@bp.get("/map.<any(svg, png):kind>")
@signed_in
def map_file(kind: str) -> ResponseReturnValue:
    """The map as one picture; who may not see the marks gets it without them."""
    chain = chosen_chain()
    marked = current_actor().may(roles.SEES_CHAINS)
    by_age = request.args.get("colour") == "age"
    name = f"chain-map-{chain.code}-{clock.today():%Y%m%d}"
    if kind == "png":
        return download(picture_files.png(chain, marked, by_age), f"{name}.png", "image/png")
    drawn = picture_files.drawing(chain, marked, by_age)
    return download(drawn.encode(), f"{name}.svg", "image/svg+xml")


@bp.get("/segments/<code>/panel")
@signed_in
def panel(code: str) -> ResponseReturnValue:
    chain = chosen_chain()
    chains.get_segment(chain, code)
    marked = current_actor().may(roles.SEES_CHAINS)
    return render_template("chain/map/panel.html", chain=chain, marked=marked, **_panel(chain, code, marked))
