"""Where each segment stands on the map: columns by stage, order inside a column by barycentres."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.chain.register.facts import Input, Segment
from app.chain.register.graph import segment_graph

_SWEEPS = 24


@dataclass(frozen=True, slots=True)
class Place:
    """Column and row of a segment, both from 0; `stage` is the number the column stands for."""

    segment: str
    stage: int
    column: int
    row: int


def stages(segments: Iterable[Segment], inputs: Iterable[Input]) -> dict[str, int]:
    """Every segment's stage: the given one, else one more than its inputs' (layers of the condensation).

    Segments of a loop share a layer unless somebody gave them stages.

    >>> stages([Segment("a"), Segment("b"), Segment("c", stage=7)], [Input("a", "b", 1.0)])
    {'c': 7, 'a': 0, 'b': 1}
    """
    import networkx as nx

    segments = list(segments)
    found = {row.code: row.stage for row in segments if row.stage is not None}
    graph = segment_graph([row.code for row in segments], inputs)
    condensed = nx.condensation(graph)
    layer: dict[int, int] = {}
    for group in nx.lexicographical_topological_sort(
        condensed, key=lambda g: min(condensed.nodes[g]["members"])
    ):
        codes = sorted(condensed.nodes[group]["members"])
        known = [found[code] for code in codes if code in found]
        before = [layer[previous] + 1 for previous in condensed.predecessors(group)]
        layer[group] = max(known) if known else max(before, default=0)
        for code in codes:
            found.setdefault(code, layer[group])
    return found


def layout(segments: Iterable[Segment], inputs: Iterable[Input]) -> list[Place]:
    """Places of all segments, by column and row.

    Each sweep sorts every column by the mean relative height of the neighbours in other columns (Sugiyama,
    Tagawa, Toda, IEEE Trans. SMC 11, 1981); ties keep their order, which starts by code. O(sweeps · edges).

    >>> [(p.segment, p.column, p.row) for p in layout([Segment("a"), Segment("b")], [Input("a", "b", 1.0)])]
    [('a', 0, 0), ('b', 1, 0)]
    """
    segments, inputs = list(segments), list(inputs)
    stage = stages(segments, inputs)
    columns: dict[int, list[str]] = {}
    for code in sorted(stage):
        columns.setdefault(stage[code], []).append(code)
    near: dict[str, list[str]] = {}
    for row in inputs:
        near.setdefault(row.source, []).append(row.target)
        near.setdefault(row.target, []).append(row.source)
    row_of = {code: n for codes in columns.values() for n, code in enumerate(codes)}
    numbers = sorted(columns)
    for sweep in range(_SWEEPS):
        for number in numbers if sweep % 2 == 0 else reversed(numbers):
            codes = columns[number]
            weight = {}
            for code in codes:
                heights = [
                    (row_of[other] + 0.5) / len(columns[stage[other]])
                    for other in near.get(code, ())
                    if stage[other] != number
                ]
                weight[code] = sum(heights) / len(heights) if heights else (row_of[code] + 0.5) / len(codes)
            codes.sort(key=weight.__getitem__)
            row_of.update({code: n for n, code in enumerate(codes)})
    return [Place(code, s, n, r) for n, s in enumerate(numbers) for r, code in enumerate(columns[s])]
