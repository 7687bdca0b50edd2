"""Exports over the API."""

from __future__ import annotations

from typing import Annotated

from flask import Response

from app.chain.exchange import export as exports
from app.chain.exchange.schemas import FormatPath
from app.chain.pages import api
from app.chain.register import service as chains
from app.chain.schemas import ChainQuery
from app.hall.api.shapes import File
from app.hall.web.answers import download
from app.hall.web.guards import only
from app.identity.door import roles

GRAPH_FILES = File(
    (
        "application/zip",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/xml",
        "application/json",
    )
)


@api.get("/export/<format>")
@only(roles.SEES_CHAINS)
def export(path: FormatPath, query: ChainQuery) -> Annotated[Response, GRAPH_FILES]:
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
