"""The investment report as a workbook."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.chain.register.models import IndustryChain
from app.chain.report.service import Cell, Change, Ratio, content
from app.hall.files.spreadsheet import add_row

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


def _number_format(value: Cell) -> str:
    if isinstance(value, Ratio):
        return "0.0%"
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    figure = "#,##0" if whole else "#,##0.00"
    if isinstance(value, Change):
        return f'+{figure};"−"{figure};0'
    return "yyyy-mm-dd" if isinstance(value, dt.date) else figure


def workbook(chain: IndustryChain) -> bytes:
    """A summary and one sheet per table: figures are numbers, headings stay in sight, every sheet prints on A4 width."""
    import openpyxl
    from openpyxl.styles import Alignment, Border, Font, Side

    data = content(chain)
    thin = Border(bottom=Side(style="thin", color="D6DCE6"))
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = _("摘要")
    add_row(sheet, [data["title"]])
    sheet["A1"].font = Font(bold=True, size=16)
    add_row(sheet, [f"{data['day']} · {data['data']}"])
    sheet["A2"].font = Font(color="4A566A")
    add_row(sheet, [])
    for label, value in data["figures"]:
        add_row(sheet, [label, value])
        name, figure = sheet[sheet.max_row]
        name.border = figure.border = thin
        figure.font, figure.alignment = Font(bold=True), Alignment(horizontal="right")
        if isinstance(value, (int, float)):
            figure.number_format = _number_format(value)
    add_row(sheet, [])
    for n, line in enumerate(data["lines"]):
        add_row(sheet, [line])
        sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=2)
        cell = sheet.cell(sheet.max_row, 1)
        cell.font = Font(bold=n == 0)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[sheet.max_row].height = 16 * (1 + len(line) // 60)
    sheet.column_dimensions["A"].width = 60
    sheet.column_dimensions["B"].width = 24
    sheet.sheet_view.showGridLines = False
    _on_paper(sheet)
    for heading, columns, widths, rows in data["tables"]:
        page = book.create_sheet(heading.split("（")[0].split(" (")[0].replace("/", " ")[:31])
        _fill(page, columns, widths, rows)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _on_paper(sheet: Worksheet, wide: bool = False) -> None:
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if wide else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P / &N"


def _fill(page: Worksheet, columns: list[str], widths: list[int], rows: list[list[Cell]]) -> None:
    """One table: figures to the right as numbers, headings that stay, a width per column."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    thin = Border(bottom=Side(style="thin", color="D6DCE6"))
    add_row(page, columns)
    for row in rows:
        add_row(page, row)
    figures = [any(isinstance(row[n], (int, float)) for row in rows) for n in range(len(columns))]
    for n, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(n)].width = max(
            10, width * 0.75, len(columns[n - 1]) * 2 + 2
        )
    for cell, figure in zip(page[1], figures, strict=True):
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="EAF0FF")
        cell.alignment = Alignment(horizontal="right" if figure else "left", vertical="center")
    for line, row in zip(page.iter_rows(min_row=2), rows, strict=False):
        for cell, value in zip(line, row, strict=True):
            figure = isinstance(value, (int, float))
            cell.alignment = Alignment(
                wrap_text=True, vertical="top", horizontal="right" if figure else "left"
            )
            cell.border = thin
            if figure or isinstance(value, dt.date):
                cell.number_format = _number_format(value)
    page.freeze_panes = "A2"
    page.print_title_rows = "1:1"
    if rows:
        page.auto_filter.ref = page.dimensions
    _on_paper(page, wide=True)
