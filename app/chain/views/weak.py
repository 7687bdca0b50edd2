"""Weak links, one gap, what stops if a firm stops, systemic risk."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request

from app import language
from app.chain.service import (
    actions,
    beyond,
    chains,
    evidence,
    outside,
    picture,
    places,
    prospects,
    risks,
    wording,
)
from app.chain.views import bp
from app.chain.views.atlas import chosen_chain
from app.web import Listing, current_actor, roles


@bp.get("/weak-links")
@roles(*chains.STAFF)
def weak_links() -> Any:
    chain = chosen_chain()
    by = "halt" if request.args.get("by") == "halt" else "shortfall"
    found = chains.assessment(chain, by)
    other = {
        row.segment: row.rank
        for row in chains.assessment(chain, "halt" if by == "shortfall" else "shortfall").findings
    }
    names = chains.chain_facts(chain).names(language.lang())
    rows: list[dict[str, Any]] = [
        {
            "row": row,
            "name": names.get(row.segment, row.segment),
            "mark": picture.status_of(row),
            "other_rank": other.get(row.segment),
        }
        for row in found.findings
    ]
    listing = Listing.from_request({}, "", per_page=50)
    word = listing.q.lower()
    shown = rows
    if request.args.get("all") != "1" and not word:
        shown = [item for item in rows if item["row"].rank or item["mark"] in ("weak", "missing")]
    if word:
        shown = [item for item in rows if word in f"{item['name']} {item['row'].segment}".lower()]
    page = listing.slice(shown)
    for item in page.items:
        item["reasons"] = wording.sentences(item["row"].reasons, names)
    return render_template(
        "chain/weak_links.html", chain=chain, chains=chains.list_chains(), found=found, page=page, listing=listing,
        marks={mark: sum(item["mark"] == mark for item in rows) for mark in picture.MARKS},
        hidden=0 if word else len(rows) - len(shown), by=by, names=names,
    )  # fmt: skip


@bp.get("/segments/<code>")
@roles(*chains.STAFF)
def segment(code: str) -> Any:
    from app.chain.recruiting import advice

    chain = chosen_chain()
    row = chains.get_segment(chain, code)
    found = chains.assessment(chain)
    finding = found.finding(code)
    facts_now = chains.chain_facts(chain)
    names = facts_now.names(language.lang())
    made = {f.segment: f for f in found.findings}
    firm_names = facts_now.firm_names()
    sales = sorted(
        (s for s in facts_now.supplies if s.segment == code),
        key=lambda s: (-s.value_wan, s.supplier, s.customer),
    )
    return render_template(
        "chain/segment.html",
        chain=chain,
        segment=row,
        name=chains.segment_name(row),
        stage=picture.stage_of(chain, code),
        row=finding,
        mark=picture.status_of(finding),
        names=names,
        reasons=wording.sentences(finding.reasons, names),
        inputs=[
            (i, made[i.source])
            for i in sorted(facts_now.inputs, key=lambda i: -i.coefficient)
            if i.target == code
        ],
        fits=[
            (fit, p, prospects.prospect_name(p), wording.sentences(fit.reasons, names))
            for fit, p in prospects.fits_for(chain, code)
        ],
        outside=[
            (fit, firm, wording.sentences(fit.reasons, names)) for fit, firm in outside.fits(chain, code)[:5]
        ],
        may_edit=current_actor().has(*chains.EDITORS),
        advice=next((a for a in advice(facts_now, found) if a.segment == code), None),
        actions=actions.list_actions(chain, segment=code),
        sales=[
            (s, firm_names.get(s.supplier, s.supplier), firm_names.get(s.customer, s.customer)) for s in sales
        ],
        total=found.total_shortfall_wan,
        place=places.places(chain)[code],
        places_known=evidence.positions_of(row),
        sales_known=evidence.supplies_of(row),
        fillers=beyond.fillers(current_actor(), code),
    )


PICKED = 500


@bp.get("/knock-out")
@roles(*chains.STAFF)
def knock_out() -> Any:
    from app.chain.knockout import Network, ordered

    chain = chosen_chain()
    found = chains.chain_facts(chain)
    network = chains.kept("network", chain, language.lang(), lambda: Network(found))
    names = found.firm_names()
    asked = request.args.get("firm", "").strip()[:100]
    firm = (
        asked
        if asked in network
        else next((c for c, n in sorted(names.items()) if asked and asked in n), asked)
    )
    segment_names = found.names(language.lang())
    every = chains.kept("outcomes", chain, language.lang(), lambda: ordered(list(network.outcomes())))
    worst = [row for row in every if row.stopped][:100]
    stops = network.stops(firm) if firm in network else []
    return render_template(
        "chain/knock_out.html",
        chain=chain,
        chains=chains.list_chains(),
        firm=firm if firm in network else "",
        asked=asked,
        most=PICKED,
        outcome=network.outcome(firm) if firm in network else None,
        stops=stops,
        worst=worst,
        quiet=len(every) - len(worst),
        every=sorted(names.items(), key=lambda item: item[0]) or [],
        names=names,
        segment_names=segment_names,
        has_supply=bool(found.supplies),
    )


@bp.get("/risk")
@roles(*chains.STAFF)
def risk() -> Any:
    from app.chain.risk import EPSILONS

    chain = chosen_chain()
    found = chains.chain_facts(chain)
    run = risks.standing(chain, again=request.args.get("again") == "1")
    names = found.firm_names()
    listing = Listing.from_request({}, "", per_page=50)
    word = listing.q.lower()
    rows = [
        (place, row)
        for place, row in enumerate(run.rows or (), start=1)
        if word in f"{row.enterprise} {names.get(row.enterprise, '')}".lower()
    ]
    return render_template(
        "chain/risk.html", chain=chain, chains=chains.list_chains(), page=listing.slice(rows), listing=listing,
        has_supply=bool(found.supplies), run=run, names=names, epsilons=EPSILONS,
    )  # fmt: skip


@bp.get("/risk/progress")
@roles(*chains.STAFF)
def risk_progress() -> Any:
    """How far the computation is; when it has ended the page is told to load itself again."""
    chain = chosen_chain()
    run = risks.standing(chain)
    reply = make_response(render_template("chain/risk_progress.html", chain=chain, run=run))
    if run.ended.is_set():
        reply.headers["HX-Refresh"] = "true"
    return reply
