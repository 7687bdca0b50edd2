"""Strength and place of every segment in one sortable table."""

from __future__ import annotations

from typing import Any

from flask import render_template

from app import language
from app.chain.service import chains, picture, places
from app.chain.views import bp
from app.chain.views.atlas import chosen_chain
from app.web import Listing, roles

SORTS = dict.fromkeys(
    ("name", "quotient", "suppliers", "backward", "forward", "upstreamness", "density", "gap"), ""
)
PER_PAGE = 50


@bp.get("/strength")
@roles(*chains.STAFF)
def strength() -> Any:
    chain = chosen_chain()
    listing = Listing.from_request(
        SORTS, "upstreamness", filters=("mark", "region"), desc=True, per_page=PER_PAGE
    )
    names = chains.chain_facts(chain).names(language.lang())
    findings = {row.segment: row for row in chains.assessment(chain).findings}
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
                "mark": picture.status_of(findings[code]),
                "quotient": quotient.location_quotient if quotient else None,
                "suppliers": place.effective_suppliers,
                "backward": place.backward,
                "forward": place.forward,
                "upstreamness": place.upstreamness,
                "density": place.density,
                "gap": findings[code].shortfall_wan,
            }
        )
    marks = {mark: sum(row["mark"] == mark for row in rows) for mark in picture.MARKS}
    word = listing.q.lower()
    rows = [
        row
        for row in rows
        if word in f"{row['name']} {row['code']}".lower() and listing.filters["mark"] in ("", row["mark"])
    ]
    return render_template(
        "chain/strength.html", chain=chain, chains=chains.list_chains(), listing=listing, regions=regions,
        region=region, marks=marks, page=listing.slice(_sorted(rows, listing)),
        by_layers=any(place.by_layers for place in every.values()),
        by_popularity=any(place.by_popularity for place in every.values()),
        linked=any(place.backward is not None for place in every.values()),
    )  # fmt: skip


def _sorted(rows: list[dict[str, Any]], listing: Listing) -> list[dict[str, Any]]:
    """By the asked column, rows without a figure last; ties by code."""
    rows = sorted(rows, key=lambda row: row["code"])
    known = [row for row in rows if row[listing.sort] is not None]
    known.sort(key=lambda row: row[listing.sort], reverse=listing.desc)
    return known + [row for row in rows if row[listing.sort] is None]
