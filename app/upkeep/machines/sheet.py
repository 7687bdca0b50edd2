"""Workbooks of the room: the register, and a year's plan."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask import Response

from app.hall.db.base import db
from app.hall.files.spreadsheet import add_row
from app.hall.web.answers import download
from app.upkeep.machines.models import Machine

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = ("machine", "code", "name", "model", "serial", "place", "state", "overhauled_on")
MOST = 20_000
Cell = str | int | dt.date | None


def workbook(statement: sa.Select[Any]) -> Response:
    """One row a machine, in the order of the list."""
    rows: Iterable[Machine] = db.session.scalars(statement.limit(MOST))
    cells = (
        (
            row.id,
            row.code,
            row.name,
            row.model,
            row.serial,
            row.place,
            row.state,
            row.overhauled_on,
        )
        for row in rows
    )
    return sheet("machines", HEADS, cells)


def sheet(name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A workbook of one sheet; texts stay texts, whatever they begin with."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    page = book.create_sheet(name)
    add_row(page, heads)
    for row in rows:
        add_row(page, row)
    out = io.BytesIO()
    book.save(out)
    return download(out.getvalue(), f"{name}.xlsx", XLSX)
