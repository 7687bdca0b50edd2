"""The chain over the API (contract section 4), and everything else the pages can do with it."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any, Literal

from pydantic import Field

from app import language
from app.api import ApiModel, PageQuery, PartQuery, api_blueprint, idempotent, listed, listed_part
from app.chain.service import answers, chains, matches, prospects, what_if, wording
from app.web import current_actor, download, roles, signed_in

api = api_blueprint("chain")

Code = Annotated[str, Field(min_length=1, max_length=64)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Amount = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]


class ChainQuery(ApiModel):
    chain: str = Field("", max_length=64)


class ChainPartQuery(PartQuery):
    chain: str = Field("", max_length=64)


class SegmentsQuery(ChainQuery):
    by: Literal["shortfall", "halt"] = "shortfall"


class NewPosition(ApiModel):
    name: Name
    segment: Code
    output_wan: Amount


class WhatIfBody(ApiModel):
    chain: str = Field("", max_length=64)
    positions: list[NewPosition] = Field(default_factory=list, max_length=500)
    prospects: list[Code] = Field(default_factory=list, max_length=200)
    without: list[Code] = Field(default_factory=list, max_length=500)


class FirmPath(ApiModel):
    code: Code


class MatchQuery(ChainQuery):
    side: Literal["suppliers", "customers"] = "suppliers"
    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0, le=100_000)


class KnockOutQuery(PageQuery):
    chain: str = Field("", max_length=64)
    firm: str = Field("", max_length=64)


class RiskQuery(PageQuery):
    chain: str = Field("", max_length=64)
    epsilon: float = Field(0.01, ge=0, lt=1, allow_inf_nan=False)
    substitution: bool = True


class ProspectQuery(PageQuery):
    chain: str = Field("", max_length=64)
    state: Literal["", "identified", "contacted", "visited", "negotiating", "signed", "landed", "lost"] = ""


class FormatPath(ApiModel):
    format: Literal["csv", "xlsx", "graphml", "json"]


class MoveBody(ApiModel):
    state: Literal["contacted", "visited", "negotiating", "signed", "landed", "lost"]
    note: str = Field("", max_length=1000)


@api.get("/chains")
@signed_in
def list_chains(query: PartQuery) -> Any:
    rows = chains.list_chains()
    items = [
        {
            "chain": row.code,
            "name": chains.chain_name(row),
            "version": row.version,
            "updated_at": row.updated_at.isoformat(),
        }
        for row in rows
    ]
    return listed_part(items, query)


@api.get("/segments")
@roles(*chains.STAFF)
def segments(query: SegmentsQuery) -> Any:
    chain = chains.get_chain(query.chain)
    found = chains.assessment(chain, query.by)
    answer = answers.assessment_answer(found, chains.chain_facts(chain), language.lang())
    return answer | {
        "chain": chain.code,
        "version": chain.version,
        "updated_at": chain.updated_at.isoformat(),
    }


@api.post("/what-if")
@roles(*chains.STAFF)
def what_if_now(body: WhatIfBody) -> Any:
    chain = chains.get_chain(body.chain)
    wish = what_if.Wish(
        what_if.newcomers([row.model_dump() for row in body.positions]),
        tuple(body.prospects),
        tuple(body.without),
    )
    return what_if.answer(what_if.run(chain, wish))


@api.get("/enterprises/<code>/matches")
@signed_in
def enterprise_matches(path: FirmPath, query: MatchQuery) -> Any:
    chain = chains.get_chain(query.chain)
    firm = chains.get_firm(path.code)
    rows = matches.list_matches(current_actor(), chain, firm, query.side)
    part = rows[query.offset : query.offset + query.limit]
    items = [
        {
            "enterprise": row.handle,
            "name": row.name,
            "masked": row.masked,
            "segment": row.match.segment,
            "score": round(row.score, 6),
            "value_wan": row.value_wan,
            "state": row.state,
            "reasons": list(row.reasons),
        }
        for row in part
    ]
    answer = listed(items, len(rows))
    if current_actor().has(*chains.STAFF):
        learnt = matches.market(chain).learnt
        answer |= {"weights": dataclasses.asdict(learnt.weights), "learnt_from": learnt.choices}
    return answer


@api.get("/knock-out")
@roles(*chains.STAFF)
def knock_out(query: KnockOutQuery) -> Any:
    from app.chain.knockout import ordered

    chain = chains.get_chain(query.chain)
    found = chains.chain_facts(chain)
    network = chains.supply_network(chain)
    names = found.firm_names()
    if query.firm:
        if query.firm not in network:
            chains.get_firm(query.firm)
            return {"enterprise": query.firm, "stopped": 0, "halted_output_wan": 0.0, "depth": 0, "firms": []}
        stops = [
            dataclasses.asdict(row) | {"name": names.get(row.enterprise, "")}
            for row in network.stops(query.firm)
        ]
        return dataclasses.asdict(network.outcome(query.firm)) | {"firms": stops}
    rows = ordered(list(network.outcomes()))
    part = rows[query.offset : query.offset + query.limit]
    return listed(
        [dataclasses.asdict(row) | {"name": names.get(row.enterprise, "")} for row in part], len(rows)
    )


@api.get("/risk")
@roles(*chains.STAFF)
def risk(query: RiskQuery) -> Any:
    from app.chain.risk import systemic_risk

    chain = chains.get_chain(query.chain)
    found = chains.chain_facts(chain)
    rows = chains.kept(
        "risk",
        chain,
        (query.epsilon, query.substitution),
        lambda: sorted(
            systemic_risk(found, query.epsilon, query.substitution),
            key=lambda row: (-row.risk, row.enterprise),
        ),
    )
    part = rows[query.offset : query.offset + query.limit]
    return listed([dataclasses.asdict(row) for row in part], len(rows)) | {
        "epsilon": query.epsilon,
        "substitution": query.substitution,
    }


@api.get("/strength")
@roles(*chains.STAFF)
def strength(query: ChainPartQuery) -> Any:
    """Place and strength of every segment: location quotients, linkages, upstreamness, relatedness."""
    from app.chain.service import places

    chain = chains.get_chain(query.chain)
    found = places.places(chain)
    items = [dataclasses.asdict(found[code]) for code in sorted(found)]
    return listed_part(items, query) | {"chain": chain.code, "version": chain.version}


@api.get("/prospects")
@roles(*chains.STAFF)
def list_prospects(query: ProspectQuery) -> Any:
    """The pipeline, open ones by fit first; `state` narrows it."""
    chain = chains.get_chain(query.chain)
    fits = {fit.code: fit for fit in prospects.fits(chain)}
    names = chains.chain_facts(chain).names(language.lang())
    every = [r for r in prospects.list_prospects(chain) if not query.state or r.state == query.state]
    every.sort(key=lambda row: -fits[row.code].score if row.code in fits else 1.0)
    rows = every[query.offset : query.offset + query.limit]
    adds = what_if.adds_of([row.id for row in rows])
    items = []
    for row in rows:
        fit = fits.get(row.code)
        items.append(
            {
                "prospect": row.code,
                "name": prospects.prospect_name(row),
                "state": row.state,
                "adds": [{"segment": code, "output_wan": output} for code, output in adds.get(row.id, ())],
                "fit": fit.score if fit else None,
                "reasons": wording.sentences(fit.reasons, names) if fit else [],
                "stalled": prospects.is_stalled(row),
            }
        )
    return listed(items, len(every))


@api.post("/prospects/<code>/move")
@roles(*chains.EDITORS)
@idempotent
def move_prospect(path: FirmPath, body: MoveBody) -> Any:
    row = prospects.move(current_actor(), path.code, body.state, body.note)
    return {"prospect": row.code, "state": row.state}


@api.get("/export/<format>")
@roles(*chains.STAFF)
def export(path: FormatPath, query: ChainQuery) -> Any:
    from app.chain.service import exports

    chain = chains.get_chain(query.chain)
    found = chains.chain_facts(chain)
    name = f"chain-{chain.code}"
    if path.format == "csv":
        return download(exports.csv_zip(found), f"{name}.zip", "application/zip")
    if path.format == "xlsx":
        mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return download(exports.workbook(found), f"{name}.xlsx", mime)
    if path.format == "graphml":
        return download(exports.graphml(chains.chain_graph(chain)), f"{name}.graphml", "application/xml")
    return download(exports.node_link(chains.chain_graph(chain)), f"{name}.json", "application/json")
