"""A foreign file to plain nodes and edges: node-link JSON, GEXF, GraphML, or a list of facilities as CSV or workbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.chain.exchange import graphfile
from app.chain.foreign.rules import ID, MEANINGS, NODE, Foreign, guess
from app.chain.limits import MOST_ROWS
from app.chain.sector_tables.rules import plain
from app.hall.files.archives import REGISTER, Unreadable
from app.hall.files.sheets.judge import as_text, is_blank
from app.hall.files.sheets.reading import is_sum_or_note
from app.hall.files.sheets.source import Raw, open_tables

MOST_COLUMNS = 60
LONGEST = 200


def graph(name: str, content: bytes) -> Foreign | None:
    """The graph of a file that is one but no chain of ours; nothing where it is no graph or has no nodes."""
    try:
        nodes, edges = graphfile.graph_of(name, content)
    except Unreadable:
        return None
    listed = [
        (str(source), str(target), _plain(row, ("source", "target", "key"))) for source, target, row in edges
    ]
    if not nodes or len(nodes) + len(listed) > MOST_ROWS:
        return None
    return Foreign(tuple({ID: str(node)} | _plain(row, (ID,)) for node, row in nodes.items()), tuple(listed))


def _plain(row: Mapping[str, Any], without: tuple[str, ...]) -> dict[str, str]:
    """What an attribute says as text; lists and tables inside an attribute tell nothing here."""
    found = {}
    for name, value in list(row.items())[:MOST_COLUMNS]:
        if name not in without and isinstance(value, (str, int, float, bool)):
            found[str(name)[:60]] = (
                ("yes" if value else "no") if isinstance(value, bool) else as_text(value)[:LONGEST]
            )
    return found


def facilities(name: str, content: bytes) -> Foreign | None:
    """A list of firms under headings that a supply-chain register uses; nothing where it is no such list."""
    try:
        raws = open_tables(content, name, REGISTER)
    except Unreadable:
        return None
    for raw in raws:
        found = None if raw.hidden or raw.problems else _facilities(raw)
        if found is not None:
            return found
    return None


def _facilities(raw: Raw) -> Foreign | None:
    known = MEANINGS[NODE]
    for at, (_number, cells) in enumerate(raw.rows[:60]):
        heads = [as_text(cell).strip() for cell in cells[:MOST_COLUMNS]]
        folded = {plain(head) for head in heads if head}
        if not (folded & set(known["code"]) and folded & set(known["name"]) and len(folded) >= 3):
            continue
        rows = [cells for _n, cells in raw.rows[at + 1 :] if not is_sum_or_note(cells)]
        if not rows or len(rows) > MOST_ROWS:
            return None
        named = [(place, head[:60]) for place, head in enumerate(heads) if head and head != ID]
        nodes = tuple(
            {ID: str(count)}
            | {
                head: as_text(cells[place])[:LONGEST]
                for place, head in named
                if place < len(cells) and not is_blank(cells[place])
            }
            for count, cells in enumerate(rows, start=1)
        )
        found = Foreign(nodes)
        return found if "code" in guess(found)[1].values() else None
    return None
