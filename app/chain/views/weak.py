"""Weak links, one gap, what stops if a firm stops, systemic risk."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from app import language
from app.chain.service import actions, chains, picture, prospects, what_if, wording
from app.chain.views import bp
from app.chain.views.atlas import chosen_chain
from app.web import roles


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
            "reasons": wording.sentences(row.reasons, names),
        }
        for row in found.findings
    ]
    shown = [item for item in rows if item["row"].rank or item["mark"] in ("weak", "missing")]
    if request.args.get("all") == "1":
        shown = rows
    return render_template(
        "chain/weak_links.html", chain=chain, chains=chains.list_chains(), found=found, rows=shown,
        hidden=len(rows) - len(shown), by=by, names=names,
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
    candidates = [
        (fit, prospect)
        for fit in prospects.fits(chain)
        for prospect in prospects.list_prospects(chain, open_only=True)
        if prospect.code == fit.code
        and any(s == code for s, _o in what_if.adds_of([prospect.id]).get(prospect.id, []))
    ]
    sales = sorted(
        (s for s in facts_now.supplies if s.segment == code),
        key=lambda s: (-s.value_wan, s.supplier, s.customer),
    )
    return render_template(
        "chain/segment.html",
        chain=chain,
        segment=row,
        name=chains.segment_name(row),
        stage=chains.stage_name(
            chain, next(n["column"] for n in picture.map_data(chain, True)["nodes"] if n["code"] == code)
        ),
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
            for fit, p in candidates
        ],
        advice=next((a for a in advice(facts_now, found) if a.segment == code), None),
        actions=actions.list_actions(chain, segment=code),
        sales=[
            (s, firm_names.get(s.supplier, s.supplier), firm_names.get(s.customer, s.customer)) for s in sales
        ],
        total=found.total_shortfall_wan,
        place=_place(chain, code),
    )


def _place(chain: Any, code: str) -> dict[str, Any]:
    """Where the segment stands between raw material and final use, and how much it pulls and pushes."""

    def compute() -> dict[str, Any]:
        from app.chain.strength import linkages, relatedness, upstreamness

        found = chains.chain_facts(chain)
        present = {row.segment for row in found.positions if row.in_park}
        return {
            "links": {row.segment: row for row in linkages(found.segment_codes, found.inputs)},
            "up": upstreamness(found),
            "near": {row.segment: row for row in relatedness(found.positions, present)},
        }

    every = chains.kept("place", chain, "", compute)
    return {
        "link": every["links"].get(code),
        "up": every["up"].values.get(code),
        "by_layers": every["up"].by_layers,
        "near": every["near"].get(code),
    }


@bp.get("/knock-out")
@roles(*chains.STAFF)
def knock_out() -> Any:
    from app.chain.knockout import Network, ordered

    chain = chosen_chain()
    found = chains.chain_facts(chain)
    network = chains.kept("network", chain, language.lang(), lambda: Network(found))
    firm = request.args.get("firm", "")
    names = found.firm_names()
    segment_names = found.names(language.lang())
    every = chains.kept("outcomes", chain, language.lang(), lambda: ordered(list(network.outcomes())))
    worst = [row for row in every if row.stopped][:100]
    stops = network.stops(firm) if firm in network else []
    return render_template(
        "chain/knock_out.html",
        chain=chain,
        chains=chains.list_chains(),
        firm=firm if firm in network else "",
        outcome=network.outcome(firm) if firm in network else None,
        stops=stops,
        worst=worst,
        quiet=len(every) - len(worst),
        every=sorted(names.items(), key=lambda item: item[0]) or [],
        names=names,
        segment_names=segment_names,
        has_supply=bool(found.supplies),
    )


EPSILONS = (0.05, 0.01, 0.001)


@bp.get("/risk")
@roles(*chains.STAFF)
def risk() -> Any:
    chain = chosen_chain()
    found = chains.chain_facts(chain)

    def compute() -> list[Any]:
        from app.chain.risk import systemic_risk

        table: dict[str, dict[str, float]] = {}
        for substitution in (True, False):
            for epsilon in EPSILONS:
                for row in systemic_risk(found, epsilon, substitution):
                    line = table.setdefault(row.enterprise, {"down": 0.0, "up": 0.0})
                    line[f"{epsilon}/{int(substitution)}"] = row.risk
                    if epsilon == 0.01 and substitution:
                        line["down"], line["up"] = row.risk_down, row.risk_up
        rows = []
        for firm, line in table.items():
            values = [value for key, value in line.items() if "/" in key]
            rows.append((firm, min(values), max(values), line))
        return sorted(rows, key=lambda row: (-row[2], -row[1], row[0]))

    rows = chains.kept("risk-range", chain, "", compute) if found.supplies else []
    return render_template(
        "chain/risk.html", chain=chain, chains=chains.list_chains(), rows=rows[:100], more=max(0, len(rows) - 100),
        names=found.firm_names(), epsilons=EPSILONS,
    )  # fmt: skip
