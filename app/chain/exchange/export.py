"""A chain as files: a folder of CSV in a zip, a workbook, GraphML, node-link JSON; what import reads again."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING

from app.chain.exchange.tables import FOLDER, TABLES, Table
from app.chain.register import facts
from app.chain.register import graph as graphs
from app.hall.files.cells import guarded
from app.hall.files.spreadsheet import add_row

if TYPE_CHECKING:
    import networkx as nx

Cell = str | int | float | bool | None


def _cell(value: Cell) -> str | int:
    """Text that a spreadsheet would run as a formula gets a quote in front; import takes it off again."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if value is None:
        return ""
    return guarded(str(value))


def table_rows(chain: facts.Chain, table: Table) -> list[tuple[Cell, ...]]:
    """The rows of one table in the order of its columns, sorted by key."""
    rows: list[tuple[Cell, ...]]
    if table.name == "segments":
        rows = [(s.code, s.name_zh, s.name_en, s.stage) for s in chain.segments]
    elif table.name == "inputs":
        rows = [(r.source, r.target, r.coefficient) for r in chain.inputs]
    elif table.name == "positions":
        rows = [(r.enterprise, r.name, r.segment, r.output_wan, r.in_park) for r in chain.positions]
    elif table.name == "supply":
        rows = [(r.supplier, r.customer, r.segment, r.value_wan) for r in chain.supplies]
    elif table.name == "essentiality":
        rows = [(r.source, r.target, r.kind) for r in chain.essentiality]
    else:
        rows = [(r.region, r.segment, r.output_wan, r.year, r.source) for r in chain.reference]
    return sorted(rows, key=lambda row: tuple(str(cell) for cell in row))


def tables_of(chain: facts.Chain) -> tuple[Table, ...]:
    """The tables of the contract, and the reference where there is one."""
    return TABLES if chain.reference else FOLDER


def csv_zip(chain: facts.Chain) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in tables_of(chain):
            text = io.StringIO(newline="")
            writer = csv.writer(text, lineterminator="\r\n")
            writer.writerow(table.header)
            writer.writerows([_cell(cell) for cell in row] for row in table_rows(chain, table))
            archive.writestr(f"{table.name}.csv", "\ufeff" + text.getvalue())
    return stream.getvalue()


def workbook(chain: facts.Chain) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for table in tables_of(chain):
        sheet = book.create_sheet(table.name)
        add_row(sheet, table.header)
        for cell in sheet[1]:
            cell.font = openpyxl.styles.Font(bold=True)
        sheet.freeze_panes = "A2"
        for row in table_rows(chain, table):
            add_row(
                sheet,
                (
                    value
                    if isinstance(value, str)
                    or (isinstance(value, (int, float)) and not isinstance(value, bool))
                    else _cell(value)
                    for value in row
                ),
            )
        for n in range(1, len(table.header) + 1):
            sheet.column_dimensions[chr(64 + n)].width = 20
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def graphml(graph: nx.MultiDiGraph) -> bytes:
    return graphs.graphml(graph)


def node_link(graph: nx.MultiDiGraph) -> bytes:
    return json.dumps(graphs.node_link(graph), ensure_ascii=False, indent=1).encode()
