"""A chain as a graph file back to tables: GraphML and node-link JSON as the export writes them, or edited elsewhere.

Nodes carry `kind` (segment, firm) and `code`; edges carry `kind` (input, position, supply, essentiality). The tables that
come out are CSV text: they go through the same reading, with the same checks, as an uploaded folder.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from app.chain.importing.csvfile import MOST_ROWS
from app.chain.importing.tables import FOLDER
from app.chain.importing.workbook import Unreadable

LARGEST_GRAPH = 64 * 1024 * 1024
SUFFIXES = (".graphml", ".json")

Attributes = Mapping[str, Any]
Nodes = Mapping[str, Attributes]
Edges = Iterable[tuple[str, str, Attributes]]


def tables_of(name: str, stream: BinaryIO) -> dict[str, BinaryIO]:
    """The five tables of contract 2 as CSV streams; refuses what is no graph or no chain."""
    content = stream.read(LARGEST_GRAPH + 1)
    if len(content) > LARGEST_GRAPH:
        raise Unreadable("chain_file_too_large", megabytes=LARGEST_GRAPH // 1024 // 1024)
    nodes, edges = _graphml(content) if name.lower().endswith(".graphml") else _node_link(content)
    rows = _rows(nodes, edges)
    return {table.name: _csv(table.header, rows[table.name]) for table in FOLDER}


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("chain_not_utf8") from None


def _graphml(content: bytes) -> tuple[Nodes, Edges]:
    import networkx as nx

    text = _text(content)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:  # entities may unpack to anything
        raise Unreadable("chain_not_a_graph")
    try:
        graph = nx.parse_graphml(text.removeprefix("\ufeff"), force_multigraph=True)
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


def _rows(nodes: Nodes, edges: Edges) -> dict[str, list[list[Any]]]:
    rows: dict[str, list[list[Any]]] = {table.name: [] for table in FOLDER}

    def code(node: str) -> Any:
        return nodes.get(node, {}).get("code", node)

    for node in nodes.values():
        if node.get("kind") == "segment":
            rows["segments"].append([node.get(key, "") for key in ("code", "name_zh", "name_en", "stage")])
    for count, (source, target, edge) in enumerate(edges):
        if count > MOST_ROWS:
            raise Unreadable("chain_too_many_rows", most=MOST_ROWS)
        kind = edge.get("kind")
        if kind == "input":
            rows["inputs"].append([code(source), code(target), edge.get("coefficient", "")])
        elif kind == "position":
            name = nodes.get(source, {}).get("name", "")
            rows["positions"].append(
                [code(source), name, code(target), edge.get("output_wan", ""), edge.get("in_park", "")]
            )
        elif kind == "supply":
            rows["supply"].append(
                [code(source), code(target), edge.get("segment", ""), edge.get("value_wan", "")]
            )
        elif kind == "essentiality":
            rows["essentiality"].append([code(source), code(target), edge.get("class", "")])
    if not any(rows.values()):
        raise Unreadable("chain_not_a_graph")
    return rows


def _csv(header: Iterable[str], rows: list[list[Any]]) -> BinaryIO:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    for row in rows:
        writer.writerow(["yes" if v is True else "no" if v is False else "" if v is None else v for v in row])
    return io.BytesIO(text.getvalue().encode("utf-8", "replace"))
