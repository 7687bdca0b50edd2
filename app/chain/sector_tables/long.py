"""A long input–output table: one row for each pair of sectors, as databases give it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.chain.sector_tables import labels
from app.chain.sector_tables.cells import Sayer, number
from app.chain.sector_tables.rules import LeftOut, SectorTable
from app.hall.files.cells import shown
from app.hall.files.sheets.columns import Cell, fold
from app.hall.files.sheets.judge import as_text
from app.hall.files.sheets.source import Raw

_INPUT = [
    "投入部门代码",
    "投入部门编码",
    "row",
    "投入部门",
    "来源部门",
    "投入",
    "投入行业",
    "inputsector",
    "input",
    "from",
    "fromsector",
]
_OUTPUT = [
    "产出部门代码",
    "产出部门编码",
    "col",
    "column",
    "产出部门",
    "使用部门",
    "消耗部门",
    "产出",
    "产出行业",
    "outputsector",
    "output",
    "to",
    "tosector",
]
_COEFFICIENT = ["直接消耗系数", "投入系数", "消耗系数", "系数", "coefficient", "inputcoefficient"]
_FLOW = ["流量", "投入额", "金额", "中间投入", "value", "obsvalue", "flow", "amount"]
LOOKED_AT = 60
MOST_PAIRS = 250_000  # of five hundred sectors


@dataclass(frozen=True, slots=True)
class Head:
    """The headings of a long table: where the input, the output and the value stand; names beside codes."""

    at: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    value: int
    heading: str
    rows: range


def head(raw: Raw) -> Head | None:
    """The row of headings, if this is a long table."""
    for at, (_number, cells) in enumerate(raw.rows[:LOOKED_AT]):
        words = [fold(as_text(cell)) if isinstance(cell, str) else "" for cell in cells]
        inputs, outputs = _places(words, _INPUT), _places(words, _OUTPUT)
        values = _places(words, _COEFFICIENT) or _places(words, _FLOW)
        if inputs and outputs and values:
            heading = as_text(cells[values[0]]).strip()
            return Head(at, inputs, outputs, values[0], heading, range(at + 1, len(raw.rows)))
    return None


def _places(words: Sequence[str], known: Sequence[str]) -> tuple[int, ...]:
    """Where known headings stand, codes before names."""
    return tuple(words.index(word) for word in known if word in words)


def read(raw: Raw, place: Head, say: Sayer) -> SectorTable:
    """Every pair once; a pair that is not listed is no input."""
    named: dict[str, dict[str, list[str]]] = {"row": {}, "column": {}}
    values: dict[tuple[str, str], float | None] = {}
    left_out: dict[str, LeftOut] = {}
    totals: dict[str, dict[str, float | None]] = {labels.TOTAL_INPUT: {}, labels.SUBTOTAL: {}}
    for at, line, source, target in _pairs(raw, place, say):
        kinds = [_why(words) for words in (source, target)]
        found = number(raw, at, place.value, say, place.heading)
        one, other = labels.key(source[0]), labels.key(target[0])
        for words, kind, side in ((source, kinds[0], "row"), (target, kinds[1], "column")):
            if kind:
                left_out.setdefault(words[-1], LeftOut(shown(words[-1]), side, kind))
            elif not any(kinds):
                named[side].setdefault(labels.key(words[0]), words)
        if not any(kinds):
            if (one, other) in values:
                say(line, place.heading, "sector_pair_twice", pair=shown(f"{source[-1]} → {target[-1]}"))
            values[one, other] = found
        elif kinds[0] in totals and not kinds[1]:
            totals[kinds[0]][other] = found
    sectors = named["column"] | named["row"]
    keys = list(named["row"] | named["column"])
    if not keys and not say.found:
        say(place.at + 1, place.heading, "sector_no_table")
    sums = [tuple(found.get(one) for one in keys) if found else () for found in totals.values()]
    return SectorTable(
        labels.sectors([sectors[one] for one in keys]),
        tuple(tuple(values.get((one, other)) for other in keys) for one in keys),
        sums[0],
        sums[1],
        tuple(left_out.values()),
        "long",
        place.heading,
    )


def _pairs(raw: Raw, place: Head, say: Sayer) -> Iterator[tuple[int, int, list[str], list[str]]]:
    """Index and number of each row that names a pair, and how it names both."""
    if len(place.rows) > MOST_PAIRS:
        say(MOST_PAIRS, place.heading, "table_too_many_rows", most=MOST_PAIRS)
    for at in place.rows[:MOST_PAIRS]:
        line, cells = raw.rows[at]
        source, target = (_words(cells, places) for places in (place.inputs, place.outputs))
        if source and target:
            yield at, line, source, target
        else:
            say(line, place.heading, "sector_no_pair")


def _words(cells: Sequence[Cell], places: Sequence[int]) -> list[str]:
    found = [as_text(cells[at]).strip() for at in places if at < len(cells)]
    return [word for word in found if word]


def _why(words: list[str]) -> str:
    return next((kind for word in words if (kind := labels.why(word))), "")
