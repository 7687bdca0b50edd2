"""The chain as a NetworkX graph: loops, what lies up and down the line, and the exchange formats."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from app.chain.register.facts import Chain, Input
from app.hall.text.normalise import writable

if TYPE_CHECKING:
    import networkx as nx


def segment_graph(segments: Iterable[str], inputs: Iterable[Input]) -> nx.DiGraph:
    """Directed graph of segments, an edge from each input to what it goes into (attribute `coefficient`).

    Every row of the inputs is an edge, also with coefficient 0: it says that the input is used.

    >>> sorted(segment_graph(["a"], [Input("a", "b", 0.5)]).edges(data="coefficient"))
    [('a', 'b', 0.5)]
    """
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(sorted(segments))
    for row in sorted(inputs, key=lambda row: (row.source, row.target)):
        graph.add_edge(row.source, row.target, coefficient=row.coefficient)
    return graph


def loops(graph: nx.DiGraph) -> list[list[str]]:
    """Strongly connected sets of segments (more than one, or feeding itself), each walked along its edges.

    A set starts at its smallest code and follows the smallest unvisited successor (depth first); sets are
    ordered by their first code. O(segments + inputs). Source: Tarjan, SIAM J. Comput. 1 (1972).

    >>> loops(segment_graph([], [Input("b", "a", 1), Input("a", "b", 1), Input("c", "c", 1), Input("a", "d", 1)]))
    [['a', 'b'], ['c']]
    """
    import networkx as nx

    found = []
    for members in nx.strongly_connected_components(graph):
        start = min(members)
        if len(members) == 1 and not graph.has_edge(start, start):
            continue
        inside = graph.subgraph(members)
        found.append(
            list(nx.dfs_preorder_nodes(inside, start, sort_neighbors=lambda nodes: iter(sorted(nodes))))
        )
    return sorted(found)


def build(chain: Chain) -> nx.MultiDiGraph:
    """The whole park as one graph: nodes of kind `segment` and `firm`, edges `input`, `position`, `supply`,
    `essentiality`.

    Node ids are ("segment", code) and ("firm", code) as `segment:code` and `firm:code`, so that both may
    carry the same code. Rows are added in sorted order: the graph does not depend on the order of rows.

    >>> from app.chain.register.facts import Position, Segment
    >>> graph = build(Chain(segments=(Segment("cell"),), positions=(Position("E1", "一号", "cell", 9.0),)))
    >>> list(graph.edges(keys=True))
    [('firm:E1', 'segment:cell', 'position')]
    """
    import networkx as nx

    graph = nx.MultiDiGraph()
    for segment in sorted(chain.segments, key=lambda row: row.code):
        attributes: dict[str, Any] = {"kind": "segment", "code": segment.code}
        attributes |= {"name_zh": segment.name_zh, "name_en": segment.name_en}
        if segment.stage is not None:
            attributes["stage"] = segment.stage
        graph.add_node(f"segment:{segment.code}", **attributes)
    names = chain.firm_names()
    inside = {row.enterprise for row in chain.positions if row.in_park}
    firms = {row.enterprise for row in chain.positions}
    firms |= {row.supplier for row in chain.supplies} | {row.customer for row in chain.supplies}
    for firm in sorted(firms):
        graph.add_node(
            f"firm:{firm}", kind="firm", code=firm, name=names.get(firm, firm), in_park=firm in inside
        )
    for need in sorted(chain.inputs, key=lambda row: (row.source, row.target)):
        graph.add_edge(
            f"segment:{need.source}",
            f"segment:{need.target}",
            key="input",
            kind="input",
            coefficient=need.coefficient,
        )
    for position in sorted(chain.positions, key=lambda row: (row.enterprise, row.segment)):
        graph.add_edge(
            f"firm:{position.enterprise}",
            f"segment:{position.segment}",
            key="position",
            kind="position",
            output_wan=position.output_wan or 0.0,
            in_park=position.in_park,
        )
    for sale in sorted(chain.supplies, key=lambda row: (row.supplier, row.customer, row.segment)):
        graph.add_edge(
            f"firm:{sale.supplier}",
            f"firm:{sale.customer}",
            key=f"supply:{sale.segment}",
            kind="supply",
            segment=sale.segment,
            value_wan=sale.value_wan,
        )
    for pair in sorted(chain.essentiality, key=lambda row: (row.source, row.target)):
        graph.add_edge(
            f"segment:{pair.source}",
            f"segment:{pair.target}",
            key="essentiality",
            kind="essentiality",
            **{"class": pair.kind},
        )
    return graph


def graphml(graph: nx.MultiDiGraph) -> bytes:
    """The graph as GraphML, readable by Gephi, yEd and igraph.

    Every edge and every key gets an id of its own over the whole file: Gephi keeps one edge per id, so that edges
    numbered by their kind would vanish.
    """
    import networkx as nx

    numbered = nx.MultiDiGraph()
    numbered.add_nodes_from((node, _writable(attributes)) for node, attributes in graph.nodes(data=True))
    for number, (source, target, attributes) in enumerate(graph.edges(data=True)):
        numbered.add_edge(source, target, key=f"e{number}", **_writable(attributes))
    stream = io.BytesIO()
    nx.write_graphml_xml(numbered, stream, encoding="utf-8", named_key_ids=False)
    return stream.getvalue()


def gexf(graph: nx.MultiDiGraph) -> bytes:
    """The graph as GEXF 1.2 for Gephi; every edge has an id of its own."""
    import networkx as nx

    numbered = nx.MultiDiGraph()
    for node, attributes in graph.nodes(data=True):
        name = attributes.get("name") or attributes.get("name_zh") or attributes.get("code") or node
        numbered.add_node(node, label=writable(str(name)), **_writable(attributes))
    for number, (source, target, attributes) in enumerate(graph.edges(data=True)):
        numbered.add_edge(source, target, key=f"e{number}", id=f"e{number}", **_writable(attributes))
    stream = io.BytesIO()
    nx.write_gexf(numbered, stream, encoding="utf-8")
    return stream.getvalue()


def cypher(graph: nx.MultiDiGraph) -> bytes:
    """The graph as Cypher statements: one MERGE a node and a relation, so that running it twice doubles nothing."""
    lines = ["// ParkLink"]
    for node, attributes in graph.nodes(data=True):
        label = "Firm" if attributes.get("kind") == "firm" else "Segment"
        lines.append(f"MERGE (n:{label} {{id: {_said(node)}}}) SET n += {_properties(attributes)};")
    for source, target, key, attributes in graph.edges(keys=True, data=True):
        kind = str(attributes.get("kind", "link")).upper()
        ends = f"MATCH (a {{id: {_said(source)}}}), (b {{id: {_said(target)}}})"
        lines.append(
            f"{ends} MERGE (a)-[r:{kind} {{key: {_said(key)}}}]->(b) SET r += {_properties(attributes)};"
        )
    return ("\n".join(lines) + "\n").encode()


def _properties(attributes: Mapping[str, Any]) -> str:
    """
    >>> _properties({"code": "a", "value_wan": 1.5, "in_park": True})
    '{`code`: "a", `value_wan`: 1.5, `in_park`: true}'
    """
    return "{" + ", ".join(f"`{name}`: {_said(value)}" for name, value in _writable(attributes).items()) + "}"


def _said(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _writable(attributes: Mapping[str, Any]) -> dict[str, object]:
    """Attributes that every file can hold."""
    return {name: writable(value) if isinstance(value, str) else value for name, value in attributes.items()}


def node_link(graph: nx.MultiDiGraph) -> dict[str, object]:
    """The graph as node-link data (`nodes`, `edges`), readable by D3 and by NetworkX itself."""
    import networkx as nx

    clean = nx.MultiDiGraph()
    clean.add_nodes_from((node, _writable(attributes)) for node, attributes in graph.nodes(data=True))
    clean.add_edges_from(
        (source, target, key, _writable(attributes))
        for source, target, key, attributes in graph.edges(keys=True, data=True)
    )
    return nx.node_link_data(clean, edges="edges")


def paths(graph: nx.DiGraph, segment: str) -> tuple[list[str], list[str]]:
    """All segments that feed `segment`, and all it feeds, directly or through others, without itself.

    >>> paths(segment_graph([], [Input("a", "b", 1), Input("b", "c", 1)]), "b")
    (['a'], ['c'])
    """
    import networkx as nx

    return sorted(nx.ancestors(graph, segment)), sorted(nx.descendants(graph, segment))
