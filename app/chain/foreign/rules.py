"""What a foreign column may be, and the rows of a chain that follow from what somebody said each one is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.chain.sector_tables.rules import plain

FIRMS, SEGMENTS = "firms", "segments"
NODE, EDGE = "node", "edge"
ID = "id"  # the column of a node's own id
#: What a column may mean, and the words that make it the guess; of a node, of an edge.
MEANINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    NODE: {
        "code": ("osid", "code", "id", "企业编号", "编号", "代码", "enterprise", "facilityid", "oarid"),
        "name": ("name", "label", "namezh", "企业名称", "名称", "facilityname", "title"),
        "name_en": ("nameen", "英文名称", "englishname"),
        "segment": (
            "segment",
            "环节",
            "product",
            "producttype",
            "sectorproducttype",
            "sector",
            "industry",
            "type",
        ),
        "output_wan": ("outputwan", "产值", "年产值", "output", "revenue", "turnover"),
        "in_park": ("inpark", "在园", "是否在园"),
        "stage": ("stage", "级次", "tier", "level", "layer"),
    },
    EDGE: {
        "value_wan": ("valuewan", "供应额", "金额", "value", "amount", "weight", "volume"),
        "coefficient": ("coefficient", "系数", "投入系数", "weight", "share"),
        "segment": ("segment", "环节", "product", "good", "commodity"),
    },
}
OF = {
    FIRMS: {NODE: ("code", "name", "segment", "output_wan", "in_park"), EDGE: ("value_wan", "segment")},
    SEGMENTS: {NODE: ("code", "name", "name_en", "stage"), EDGE: ("coefficient",)},
}


@dataclass(frozen=True, slots=True)
class Foreign:
    """A graph or list as it came: nodes with their attributes, edges with theirs; all values as text."""

    nodes: tuple[Mapping[str, str], ...]
    edges: tuple[tuple[str, str, Mapping[str, str]], ...] = ()

    def columns(self, kind: str) -> dict[str, list[str]]:
        """Each column with up to three of its values, in the order in which they came."""
        rows: Iterable[Mapping[str, str]] = self.nodes if kind == NODE else (edge[2] for edge in self.edges)
        found: dict[str, list[str]] = {}
        for row in rows:
            for name, value in row.items():
                seen = found.setdefault(name, [])
                if value and value not in seen and len(seen) < 3:
                    seen.append(value)
        return found


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said: what the nodes are, each column's meaning, and what holds where no column tells it."""

    nodes_are: str
    meaning: Mapping[tuple[str, str], str]  # (node or edge, column) → meaning
    one_segment: str = ""
    output_wan: str = ""
    in_park: bool = False


def guess(foreign: Foreign) -> tuple[str, dict[tuple[str, str], str]]:
    """What the nodes are, and what each column most likely means; a meaning is given once.

    >>> one = Foreign(({"id": "a", "name": "甲", "sector": "丝"},), (("a", "a", {"weight": "3"}),))
    >>> guess(one)
    ('firms', {('node', 'id'): 'code', ('node', 'name'): 'name', ('node', 'sector'): 'segment', ('edge', 'weight'): 'value_wan'})
    """
    names = {plain(name) for name in foreign.columns(NODE)} | {plain(name) for name in foreign.columns(EDGE)}
    said = {"coefficient", "系数", "投入系数", "stage", "级次"}
    nodes_are = SEGMENTS if names & said and not names & {"sector", "industry", "产值"} else FIRMS
    found: dict[tuple[str, str], str] = {}
    for kind, meanings in OF[nodes_are].items():
        columns = list(foreign.columns(kind))
        for meaning in meanings:
            words = MEANINGS[kind][meaning]
            fits = [name for name in columns if plain(name) in words and (kind, name) not in found]
            if fits:
                found[kind, min(fits, key=lambda name: words.index(plain(name)))] = meaning
    order = [(kind, name) for kind in (NODE, EDGE) for name in foreign.columns(kind)]
    return nodes_are, {place: found[place] for place in order if place in found}


def faults(said: Said) -> list[tuple[str, dict[str, str]]]:
    """What stands in the way, all at once: a meaning given twice, one that is missing."""
    found: list[tuple[str, dict[str, str]]] = []
    chosen = [(kind, meaning) for (kind, _name), meaning in said.meaning.items()]
    for kind, meaning in sorted(set(chosen)):
        if meaning not in OF[said.nodes_are][kind]:
            found.append(("foreign_not_of_these", {"meaning": meaning}))
        elif chosen.count((kind, meaning)) > 1:
            found.append(("foreign_twice", {"meaning": meaning}))
    if (NODE, "code") not in chosen:
        found.append(("foreign_no_code", {}))
    if said.nodes_are == FIRMS:
        if (NODE, "segment") not in chosen and not said.one_segment:
            found.append(("foreign_no_segment", {"at": "one_segment"}))
        if (NODE, "output_wan") not in chosen and not said.output_wan:
            found.append(("foreign_no_output", {"at": "output_wan"}))
    return found


def tables(foreign: Foreign, said: Said, code_of: Mapping[str, str]) -> dict[str, list[list[Any]]]:
    """The rows of the five tables, as text for the strict reader; `code_of` names the segment a word stands for.

    Edges without a value tell of no amount: they are left out, never taken for zero.
    """
    column = {place: name for name, place in ((n, (k, m)) for (k, n), m in said.meaning.items())}

    def cell(kind: str, row: Mapping[str, str], meaning: str) -> str:
        return row.get(column.get((kind, meaning), ""), "").strip()

    codes = {row[ID]: cell(NODE, row, "code") or row[ID] for row in foreign.nodes}
    if said.nodes_are == SEGMENTS:
        fields = ("name", "name_en", "stage")
        return {
            "segments": [
                [codes[row[ID]], *(cell(NODE, row, one) for one in fields)] for row in foreign.nodes
            ],
            "inputs": [
                [codes.get(source, source), codes.get(target, target), value]
                for source, target, row in foreign.edges
                if (value := cell(EDGE, row, "coefficient"))
            ],
        }
    places = {
        row[ID]: code_of.get(word := cell(NODE, row, "segment") or said.one_segment, word)
        for row in foreign.nodes
    }
    inside = "yes" if said.in_park else "no"
    positions = [
        [
            codes[row[ID]],
            cell(NODE, row, "name"),
            places[row[ID]],
            cell(NODE, row, "output_wan") or said.output_wan,
            cell(NODE, row, "in_park") or inside,
        ]
        for row in foreign.nodes
    ]
    supply = []
    for source, target, row in foreign.edges:
        word = cell(EDGE, row, "segment")
        sold = code_of.get(word, word) or places.get(source, "")
        if value := cell(EDGE, row, "value_wan"):
            supply.append([codes.get(source, source), codes.get(target, target), sold, value])
    return {"positions": positions, "supply": supply} if supply else {"positions": positions}


def words_of(foreign: Foreign, said: Said) -> Sequence[str]:
    """Every word that stands for a segment, once, in the order in which they came."""
    found = [said.one_segment] if said.one_segment else []
    for (kind, name), meaning in said.meaning.items():
        if meaning == "segment":
            rows = foreign.nodes if kind == NODE else [edge[2] for edge in foreign.edges]
            found += [row.get(name, "").strip() for row in rows]
    return tuple(dict.fromkeys(word for word in found if word))
