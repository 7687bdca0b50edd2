"""What the map, the sankey and the heat map show: places from the layout, marks only for who may see them."""

from __future__ import annotations

from math import fsum
from typing import Any

from app.chain.firms import freshness
from app.chain.limits import LEAST_FIRMS
from app.chain.map.rules import layout
from app.chain.register import service as chains
from app.chain.register.models import ChainFirm, IndustryChain
from app.chain.weak_links.labels import NEEDS_A_LOOK, PLAIN
from app.chain.weak_links.rules import Finding
from app.chain.weak_links.service import assessment
from app.hall.text import language


def map_data(chain: IndustryChain, marked: bool) -> dict[str, Any]:
    """Nodes with column and row, edges with the mark of what they bring; no marks for who may not see them."""
    found = chains.chain_facts(chain)
    names = found.names(language.lang())
    places = chains.kept("layout", chain, "", lambda: layout(found.segments, found.inputs))
    findings = {row.segment: row for row in assessment(chain).findings}
    stages: list[dict[str, Any]] = []
    nodes = []
    number = {}
    given = any(row.stage is not None for row in found.segments)  # stage 1 in the file is stage 1 here
    for n, place in enumerate(places):
        number[place.segment] = n
        if place.column == len(stages):
            number_shown = place.stage if given else place.stage + 1
            name = chains.stage_name(chain, place.stage, number_shown)
            stages.append({"stage": place.stage, "name": name})
        row = findings[place.segment]
        nodes.append(
            {
                "code": place.segment,
                "name": names.get(place.segment, place.segment),
                "column": place.column,
                "row": place.row,
                "firms": len(row.enterprises),
                "mark": row.mark if marked else PLAIN,
            }
        )
    links = [
        {
            "s": number[row.source],
            "t": number[row.target],
            "mark": findings[row.source].mark if marked else PLAIN,
        }
        for row in sorted(found.inputs, key=lambda row: (row.source, row.target))
        if row.source != row.target
    ]
    return {"stages": stages, "nodes": nodes, "links": links}


AGE_MARKS = {freshness.FRESH: "strong", freshness.OLD: "weak", freshness.NEVER: "missing"}


def by_age(chain: IndustryChain, data: dict[str, Any]) -> dict[str, Any]:
    """The same map, coloured by how long ago somebody stood by what it says of each segment's firms."""
    ages = freshness.ages(chain)
    marks = {node["code"]: AGE_MARKS.get(ages.get(node["code"], ""), PLAIN) for node in data["nodes"]}
    nodes = [{**node, "mark": marks[node["code"]]} for node in data["nodes"]]
    links = [{**link, "mark": PLAIN} for link in data["links"]]
    return {**data, "nodes": nodes, "links": links}


def stage_of(chain: IndustryChain, code: str) -> str:
    data = map_data(chain, True)
    return next(data["stages"][n["column"]]["name"] for n in data["nodes"] if n["code"] == code)


def columns(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The same map as a list: per stage its segments, and how many of them need a look."""
    found: list[dict[str, Any]] = [
        {"name": stage["name"], "nodes": [], "weak": 0} for stage in data["stages"]
    ]
    for node in data["nodes"]:
        column = found[node["column"]]
        column["nodes"].append(node)
        column["weak"] += node["mark"] in NEEDS_A_LOOK
    return found


def find_segment(data: dict[str, Any], q: str) -> str:
    """The first segment whose name or code contains the words; empty where none does."""
    wanted = q.lower()
    hits = (n["code"] for n in data["nodes"] if wanted in f"{n['name']} {n['code']}".lower())
    return next(hits, "") if wanted else ""


def flows(chain: IndustryChain, most: int = 80) -> list[dict[str, Any]]:
    """The largest yearly demands along inputs, in 10,000 yuan; a sankey has no ways back into earlier columns."""
    data = map_data(chain, True)
    column = {node["code"]: node["column"] for node in data["nodes"]}
    names = {node["code"]: node["name"] for node in data["nodes"]}
    marks = {node["code"]: node["mark"] for node in data["nodes"]}
    rows = [
        {
            "source": names[finding.segment],
            "target": names[use.segment],
            "value": round(use.demand_wan, 2),
            "mark": marks[finding.segment],
            "target_mark": marks[use.segment],
        }
        for finding in assessment(chain).findings
        for use in finding.uses
        if use.demand_wan > 0 and column[finding.segment] < column[use.segment]
    ]
    rows.sort(key=lambda row: (-row["value"], row["source"], row["target"]))
    return rows[:most]


def heat(chain: IndustryChain, most: int = 40) -> dict[str, Any]:
    """Strength from 0 to 100 per segment: coverage, suppliers, balance, resilience; None where nothing is made."""
    names = chains.chain_facts(chain).names(language.lang())
    found = assessment(chain).findings
    worst = max((row.halted_output_wan for row in found), default=0.0)
    rows = []
    for row in found[:most]:
        top = max((firm.share or 0.0 for firm in row.firms), default=None)
        rows.append(
            {
                "name": names.get(row.segment, row.segment),
                "values": [
                    None if row.coverage_ratio is None else round(row.coverage_ratio * 100),
                    round(min(1.0, (row.effective_suppliers or 0.0) / 4) * 100),
                    None if top is None else round((1 - top) * 100),
                    round((1 - row.halted_output_wan / worst) * 100) if worst else 100,
                ],
            }
        )
    return {"rows": rows}


def public_figures(row: Finding, own: ChainFirm | None) -> dict[str, Any]:
    """What any member may know of a segment: how many firms, and about how much three others or more make together.

    The own firm's output is taken out of the sum before it is shown, so that nobody can subtract himself and be
    left with fewer than three; firms that make nothing do not help to hide one that does; and the sum is rounded
    to two digits, so that today's sum less yesterday's does not tell what a newcomer makes.
    """
    others = [firm for firm in row.firms if own is None or firm.enterprise != own.code]
    making = [firm.output_wan for firm in others if firm.output_wan > 0]
    return {
        "count": len(row.enterprises),
        "others_output_wan": float(f"{fsum(making):.1e}") if len(making) >= LEAST_FIRMS else None,
        "others": len(others),
    }
