"""Weak links, and one gap with everything that bears on it."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.chain.actions import service as actions
from app.chain.actions.rules import advice
from app.chain.limits import ROWS_PER_PAGE
from app.chain.map import service as picture
from app.chain.pages import bp, chosen_chain
from app.chain.prospects import queries as prospect_queries
from app.chain.register import contributions
from app.chain.register import service as chains
from app.chain.register import words as wording
from app.chain.strength import service as places
from app.chain.weak_links.labels import MARKS, NEEDS_A_LOOK
from app.chain.weak_links.service import assessment, coefficients_of, origins_of
from app.hall.text import language
from app.hall.web.guards import current_actor, only
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import roles


@bp.get("/weak-links")
@only(roles.SEES_CHAINS)
def weak_links() -> ResponseReturnValue:
    chain = chosen_chain()
    by = "halt" if request.args.get("by") == "halt" else "shortfall"
    found = assessment(chain, by)
    other = {
        row.segment: row.rank
        for row in assessment(chain, "halt" if by == "shortfall" else "shortfall").findings
    }
    names = chains.chain_facts(chain).names(language.lang())
    rows: list[dict[str, Any]] = [
        {
            "row": row,
            "name": names.get(row.segment, row.segment),
            "mark": row.mark,
            "other_rank": other.get(row.segment),
        }
        for row in found.findings
    ]
    listing = Listing.from_request({}, "", per_page=ROWS_PER_PAGE)
    word = listing.q.lower()
    shown = rows
    if request.args.get("all") != "1" and not word:
        shown = [item for item in rows if item["row"].rank or item["mark"] in NEEDS_A_LOOK]
    if word:
        shown = [item for item in rows if word in f"{item['name']} {item['row'].segment}".lower()]
    page = listing.slice(shown)
    keys = chains.segment_keys(chain)
    heard = contributions.heard(current_actor(), [keys[item["row"].segment] for item in page.items])
    for item in page.items:
        item["heard"] = heard.get(keys[item["row"].segment])
        item["reasons"] = wording.sentences(item["row"].reasons, names)
    return render_template(
        "chain/weak_links/list.html",
        chain=chain,
        chains=chains.list_chains(),
        found=found,
        page=page,
        listing=listing,
        marks={mark: sum(item["mark"] == mark for item in rows) for mark in MARKS},
        hidden=0 if word else len(rows) - len(shown),
        by=by,
        names=names,
    )


@bp.get("/segments/<code>")
@only(roles.SEES_CHAINS)
def segment(code: str) -> ResponseReturnValue:
    chain = chosen_chain()
    row = chains.get_segment(chain, code)
    keys = chains.segment_keys(chain)
    found = assessment(chain)
    finding = found.finding(code)
    facts_now = chains.chain_facts(chain)
    names = facts_now.names(language.lang())
    made = {f.segment: f for f in found.findings}
    firm_names = facts_now.firm_names()
    sales = sorted(
        (s for s in facts_now.supplies if s.segment == code),
        key=lambda s: (-s.value_wan, s.supplier, s.customer),
    )
    places_known, sales_known = origins_of(row)
    said = (*places_known.values(), *sales_known.values())
    return render_template(
        "chain/weak_links/segment.html",
        chain=chain,
        segment=row,
        name=chains.segment_name(row),
        stage=picture.stage_of(chain, code),
        row=finding,
        mark=finding.mark,
        names=names,
        reasons=wording.sentences(finding.reasons, names),
        inputs=[
            (i, made[i.source])
            for i in sorted(facts_now.inputs, key=lambda i: -i.coefficient)
            if i.target == code
        ],
        fits=[
            (fit, p, prospect_queries.prospect_name(p), wording.sentences(fit.reasons, names))
            for fit, p in prospect_queries.fits_for(chain, code)
        ],
        outside=[
            (fit, firm, wording.sentences(fit.reasons, names))
            for fit, firm in prospect_queries.outside_fits(chain, code)[:5]
        ],
        may_edit=current_actor().may(roles.EDITS_CHAINS),
        advice=next((a for a in advice(facts_now, found) if a.segment == code), None),
        actions=actions.list_actions(chain, segment=code),
        sales=[
            (s, firm_names.get(s.supplier, s.supplier), firm_names.get(s.customer, s.customer)) for s in sales
        ],
        total=found.total_shortfall_wan,
        place=places.places(chain)[code],
        places_known=places_known,
        sales_known=sales_known,
        people=identity.member_names(one.confirmed_by for one in said if one.confirmed_by),
        coefficients_known=coefficients_of(chain),
        fillers=contributions.fillers(current_actor(), keys[code]),
        heard=contributions.heard(current_actor(), [keys[code]]).get(keys[code]),
    )
