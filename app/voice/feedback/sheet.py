"""Remarks as an Excel file, and a sheet of remarks typed elsewhere read, checked and kept whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Callable, Sequence
from pathlib import Path

from app.hall.db.transaction import transaction
from app.hall.files.cells import BadCell, Problem
from app.hall.files.sheet import Column, read_sheet
from app.hall.files.spreadsheet import add_row
from app.hall.files.values import read_day, read_yes_no
from app.identity.door import Actor
from app.voice import limits
from app.voice.feedback import rules, service
from app.voice.feedback.queries import Card
from app.voice.feedback.service import Entry
from app.voice.visits.states import CHANNELS

HEADS = (
    "id",
    "heard_on",
    "channel",
    "visibility",
    "enterprise",
    "layer",
    "state",
    "text",
    "probe",
    "became",
    "answer",
)


def workbook(cards: Sequence[Card]) -> bytes:
    """One row a remark, with what its reader may know."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("feedback")
    add_row(sheet, HEADS)
    for card in cards:
        became = "; ".join(f"{one.kind} {one.number}".strip() for one in card.links)
        row = [card.id, _day(card.day), card.channel, card.visibility, card.code, card.layer, card.state]
        add_row(sheet, [*row, card.text, card.probe, became, card.answer])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _day(text: str) -> dt.date | str:
    """A day as a day; of a remark whose author is hidden only the month is known, and that stays a text."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return text


def _one_of(allowed: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        found = text.strip()
        if found not in allowed:
            raise BadCell("voice_cell_unknown", value=found[:40], allowed=", ".join(allowed))
        return found

    return read


COLUMNS = (
    Column("enterprise", str.strip),
    Column("channel", _one_of(CHANNELS)),
    Column("heard_on", read_day),
    Column("text", str.strip),
    Column("visibility", _one_of(rules.VISIBILITIES)),
    Column("hesitation", read_yes_no, optional=True),
    Column("probe", str.strip, optional=True),
    Column("promise", str.strip, optional=True),
)


def read(path: Path) -> tuple[list[Entry], list[Problem]]:
    """The remarks of a CSV file or workbook; the same row read twice is the same remark."""
    sheet = read_sheet(path, "feedback", COLUMNS)
    entries = []
    for _line, row in sheet.rows:
        key = hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest()
        entries.append(Entry(client_id=f"sheet:{key}", **row))
    problems = list(sheet.problems)
    if len(entries) > limits.SHEET_ROWS:
        problems.append(
            Problem("feedback", limits.SHEET_ROWS + 1, "", "table_too_many_rows", {"most": limits.SHEET_ROWS})
        )
    return entries, problems


def keep_all(actor: Actor, entries: Sequence[Entry]) -> int:
    """All rows are looked at before the first is written; then some at a time, so that nobody waits for a whole sheet.

    Answers how many were new. A sheet that was cut off is sent again: what is there already is known by its row.
    """
    ready = [service.prepare(actor, one) for one in entries]
    fresh = 0
    for start in range(0, len(ready), limits.SHEET_CHUNK):
        with transaction():
            fresh += sum(service.keep(one).fresh for one in ready[start : start + limits.SHEET_CHUNK])
    return fresh
