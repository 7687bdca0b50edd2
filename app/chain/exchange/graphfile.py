"""A chain as a graph file back to tables: GraphML, GEXF and node-link JSON as the export writes them, or edited elsewhere.

Nodes carry `kind` (segment, firm) and `code`; edges carry `kind` (input, position, supply, essentiality). The tables that
come out are CSV text: they go through the same reading, with the same checks, as an uploaded folder.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from app.chain.exchange.tables import FOLDER
from app.chain.limits import LARGEST_GRAPH_BYTES
from app.hall.files.archives import Unreadable
from app.hall.files.csvfile import MOST_ROWS

SUFFIXES = (".graphml", ".gexf", ".json")


Attributes = Mapping[str, Any]
Nodes = Mapping[str, Attributes]
Edges = Iterable[tuple[str, str, Attributes]]


def tables_of(name: str, stream: BinaryIO) -> dict[str, BinaryIO]:
    """The five tables of contract 2 as CSV streams; refuses what is no graph or no chain."""
    content = stream.read(LARGEST_GRAPH_BYTES + 1)
    if len(content) > LARGEST_GRAPH_BYTES:
        raise Unreadable("table_too_large", megabytes=LARGEST_GRAPH_BYTES // 1024 // 1024)
    rows = _rows(*graph_of(name, content))
    return {table.name: csv_of(table.header, rows[table.name]) for table in FOLDER}


def graph_of(name: str, content: bytes) -> tuple[Nodes, Edges]:
    """Nodes and edges with their attributes, whatever they mean; the name tells the format."""
    word = name.lower()
    if word.endswith((".graphml", ".gexf")):
        return _xml(content, word.endswith(".gexf"))
    return _node_link(content)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("table_not_utf8") from None


def _xml(content: bytes, gexf: bool) -> tuple[Nodes, Edges]:
    import networkx as nx

    text = _text(content)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:  # entities may unpack to anything
        raise Unreadable("chain_not_a_graph")
    try:
        text = text.removeprefix("\ufeff")
        graph = (
            nx.read_gexf(io.BytesIO(text.encode())) if gexf else nx.parse_graphml(text, force_multigraph=True)
        )
    except Exception:  # XML errors, unknown types, missing keys: all mean the same to who uploaded it
        raise Unreadable("chain_not_a_graph") from None
    return dict(graph.nodes(data=True)), graph.edges(data=True)


def _node_link(content: bytes) -> tuple[Nodes, Edges]:
    try:
        data = json.loads(_text(content))
        nodes = {str(node["id"]): dict(node) for node in data["nodes"]}
        edges = [
            (str(edge["source"]), str(edge["target"]), dict(edge))
            for edge in (data["edges"] if "edges" in data else data["links"])
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unreadable("chain_not_a_graph") from None
    return nodes, edges


def _rows(nodes: Nodes, edges: Edges) -> dict[str, list[list[object]]]:
    rows: dict[str, list[list[object]]] = {table.name: [] for table in FOLDER}
    for node in nodes.values():
        if node.get("kind") == "segment":
            rows["segments"].append([node.get(key, "") for key in ("code", "name_zh", "name_en", "stage")])
    for count, edge in enumerate(edges):
        if count > MOST_ROWS:
            raise Unreadable("table_too_many_rows", most=MOST_ROWS)
        table = _TABLE_OF.get(str(edge[2].get("kind")))
        if table is not None:
            rows[table].append(_row(table, nodes, edge))
    if not any(rows.values()):
        raise Unreadable("chain_not_a_graph")
    return rows


_TABLE_OF = {
    "input": "inputs",
    "position": "positions",
    "supply": "supply",
    "essentiality": "essentiality",
}
_VALUES = {
    "inputs": ("coefficient",),
    "supply": ("segment", "value_wan"),
    "essentiality": ("class",),
}


def _row(table: str, nodes: Nodes, edge: tuple[str, str, Attributes]) -> list[object]:
    source, target, values = edge
    first: object = nodes.get(source, {}).get("code", source)
    second: object = nodes.get(target, {}).get("code", target)
    if table == "positions":
        name = nodes.get(source, {}).get("name", "")
        return [first, name, second, values.get("output_wan", ""), values.get("in_park", "")]
    return [first, second, *(values.get(key, "") for key in _VALUES[table])]


def csv_of(header: Iterable[str], rows: list[list[object]]) -> BinaryIO:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    for row in rows:
        writer.writerow(["yes" if v is True else "no" if v is False else "" if v is None else v for v in row])
    return io.BytesIO(text.getvalue().encode("utf-8", "replace"))
