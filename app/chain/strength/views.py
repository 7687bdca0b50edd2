"""Strength and place of every segment in one sortable table."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from app.chain.limits import ROWS_PER_PAGE
from app.chain.pages import bp, chosen_chain
from app.chain.register import service as chains
from app.chain.strength import service as places
from app.chain.weak_links.labels import MARKS
from app.chain.weak_links.service import assessment
from app.hall.text import language
from app.hall.web.guards import only
from app.hall.web.listing import Listing
from app.identity.door import roles

SORTS = dict.fromkeys(
    ("name", "quotient", "suppliers", "backward", "forward", "upstreamness", "density", "gap"), ""
)


@bp.get("/strength")
@only(roles.SEES_CHAINS)
def strength() -> ResponseReturnValue:
    chain = chosen_chain()
    listing = Listing.from_request(
        SORTS, "upstreamness", filters=("mark", "region"), desc=True, per_page=ROWS_PER_PAGE
    )
    names = chains.chain_facts(chain).names(language.lang())
    findings = {row.segment: row for row in assessment(chain).findings}
    every = places.places(chain)
    regions = sorted({q.region for place in every.values() for q in place.quotients})
    region = listing.filters["region"] if listing.filters["region"] in regions else next(iter(regions), "")
    rows: list[dict[str, Any]] = []
    for code, place in every.items():
        quotient = next((q for q in place.quotients if q.region == region), None)
        rows.append(
            {
                "code": code,
                "name": names[code],
                "place": place,
                "base": quotient,
                "mark": findings[code].mark,
                "quotient": quotient.location_quotient if quotient else None,
                "suppliers": place.effective_suppliers,
                "backward": place.backward,
                "forward": place.forward,
                "upstreamness": place.upstreamness,
                "density": place.density,
                "gap": findings[code].shortfall_wan,
            }
        )
    marks = {mark: sum(row["mark"] == mark for row in rows) for mark in MARKS}
    word = listing.q.lower()
    rows = [
        row
        for row in rows
        if word in f"{row['name']} {row['code']}".lower() and listing.filters["mark"] in ("", row["mark"])
    ]
    return render_template(
        "chain/strength/strength.html",
        chain=chain,
        chains=chains.list_chains(),
        listing=listing,
        regions=regions,
        region=region,
        marks=marks,
        page=listing.slice(_sorted(rows, listing)),
        by_layers=any(place.by_layers for place in every.values()),
        by_popularity=any(place.by_popularity for place in every.values()),
        linked=any(place.backward is not None for place in every.values()),
    )


def _sorted(rows: list[dict[str, Any]], listing: Listing) -> list[dict[str, object]]:
    """By the asked column, rows without a figure last; ties by code."""
    rows = sorted(rows, key=lambda row: row["code"])
    known = [row for row in rows if row[listing.sort] is not None]
    known.sort(key=lambda row: row[listing.sort], reverse=listing.desc)
    return known + [row for row in rows if row[listing.sort] is None]
