"""A published table to an import that waits for its confirmation: kept as read, matched to segments, reckoned."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.chain.exchange import drafts
from app.chain.exchange import service as imports
from app.chain.exchange.models import ImportBatch, ImportDraft
from app.chain.limits import MOST_ROWS
from app.chain.register import facts
from app.chain.register import service as chains
from app.chain.register.models import IndustryChain
from app.chain.sector_tables.reading import Read
from app.chain.sector_tables.rules import NEW, Answer, LeftOut, Sector, SectorTable, coefficients, offer
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid, Reason
from app.identity import door as identity

KIND = "sectors"
FIRST_YEAR, LAST_YEAR = 1950, 2200
_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20\d\d)(?!\d)")


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    """What the person said: the source and year, what the cells hold, the smallest coefficient, a segment a sector."""

    source: str
    year: int | None
    kind: str
    least: float | None
    segment_of: Mapping[int, str]


def keep(
    actor: identity.Actor, chain: IndustryChain | None, new: Mapping[str, Any], file_name: str, read: Read
) -> int:
    """Keep a table that was read until somebody says which segment each sector is."""
    assert read.table is not None
    content = {
        "table": dataclasses.asdict(read.table),
        "sheet": read.sheet,
        "others": list(read.others),
        "new": dict(new),
    }
    return drafts.keep(actor, KIND, chain, file_name, content)


def table_of(draft: ImportDraft) -> SectorTable:
    kept = draft.content["table"]
    return SectorTable(
        tuple(Sector(**one) for one in kept["sectors"]),
        tuple(tuple(row) for row in kept["cells"]),
        tuple(kept["totals"]),
        tuple(kept["subtotals"]),
        tuple(LeftOut(**one) for one in kept["left_out"]),
        kept["layout"],
        kept["title"],
    )


def guessed_year(draft: ImportDraft) -> int | None:
    """The first year that the title or the file's name tells."""
    found = _YEAR.search(f"{draft.content['table']['title']} {draft.file_name}")
    return int(found[1]) if found else None


def offered(chain: IndustryChain | None, table: SectorTable) -> dict[int, str]:
    segments = chains.chain_facts(chain).segments if chain else ()
    return offer(table.sectors, {s.code: (s.name_zh, s.name_en) for s in segments})


def make_import(actor: identity.Actor, draft: ImportDraft, wish: Wish) -> ImportBatch:
    """The coefficients of the table as an import to look at; all that stands in the way at once.

    Coefficients between two segments that the table tells of are the table's; all others stay as they are.
    """
    table, chain = table_of(draft), drafts.chain_of(draft)
    current = chains.chain_facts(chain) if chain else facts.Chain()
    segment_of, fresh = _named(table, wish.segment_of, current)
    answer = coefficients(table, wish.kind, segment_of, wish.least or 0.0)
    told = set(segment_of.values())
    others = [row for row in current.inputs if not (row.source in told and row.target in told)]
    rows = [*others, *(facts.Input(*row) for row in answer.rows)]
    if reasons := _reasons(wish, table, segment_of, answer, len(rows)):
        raise Invalid("sector_wrong", reasons=reasons)
    uploaded = dataclasses.replace(
        current, inputs=tuple(rows), segments=(*current.segments, *fresh), positions=(), supplies=()
    )
    origin = {
        "source": wish.source,
        "year": wish.year,
        "holds": wish.kind,
        "segments": sorted(told),
        "smaller": answer.smaller,
        "least": wish.least or 0.0,
        "sectors": {
            code: [table.sectors[at].name for at in sorted(segment_of) if segment_of[at] == code]
            for code in sorted(told)
        },
    }
    tables = ["inputs", "segments"] if fresh or chain is None else ["inputs"]
    with transaction():
        chain = drafts.chain_for(actor, draft)
        batch = imports.preview(actor, chain, uploaded, tables, draft.file_name, origin)
        drafts.drop(draft)
        return batch


def _named(
    table: SectorTable, wanted: Mapping[int, str], current: facts.Chain
) -> tuple[dict[int, str], list[facts.Segment]]:
    """Sectors by segment, those that become segments of their own among them."""
    taken = set(current.segment_codes)
    segment_of: dict[int, str] = {}
    fresh = []
    for at, code in sorted(wanted.items()):
        if code == NEW:
            sector = table.sectors[at]
            code = _free(sector.code or sector.name[:60], taken)
            taken.add(code)
            fresh.append(facts.Segment(code, name_zh=sector.name, name_en=sector.name_en))
        segment_of[at] = code
    return segment_of, fresh


def _free(code: str, taken: set[str]) -> str:
    """The code itself, or with the first number behind it that is free."""
    number, found = 2, code
    while found in taken:
        found, number = f"{code}-{number}", number + 1
    return found


def _reasons(
    wish: Wish, table: SectorTable, segment_of: Mapping[int, str], answer: Answer, rows: int
) -> Sequence[Reason]:
    found = []
    if not wish.source:
        found.append(Reason("sector_source", {"at": "source"}))
    if wish.year is None or not FIRST_YEAR <= wish.year <= LAST_YEAR:
        found.append(Reason("sector_year", {"at": "year"}))
    if wish.least is None or not 0 <= wish.least < 1:
        found.append(Reason("sector_least", {"at": "least"}))
    if not segment_of:
        found.append(Reason("sector_nobody"))
    found += [Reason(code, params) for code, params in answer.faults if code != "sector_no_total"]
    lacking = [params["segment"] for code, params in answer.faults if code == "sector_no_total"]
    if lacking:
        code = "sector_no_total_row" if not table.totals else "sector_no_total"
        found.append(Reason(code, {"at": "kind", "segments": "、".join(lacking[:10])}))
    if rows > MOST_ROWS:
        found.append(Reason("sector_too_many_rows", {"at": "least", "count": rows, "most": MOST_ROWS}))
    return found
