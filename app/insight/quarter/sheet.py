"""The quarter as a workbook: numerators and denominators in their own columns, rates as the formulas of them."""

from __future__ import annotations

import io

from flask_babel import gettext as _

from app.hall.files.spreadsheet import add_row
from app.insight.quarter.rules import Line
from app.insight.quarter.service import Report


def heads() -> list[str]:
    return [
        _("仪器"),
        _("型号"),
        _("所属单位"),
        _("类别"),
        _("仪器原值（元）"),
        _("可用机时"),
        _("有效机时"),
        _("对外服务机时"),
        _("共享率"),
        _("对外服务收入（元）"),
        _("收益率"),
    ]


def quarter_sheet(found: Report) -> bytes:
    """One row an instrument, the sums under them."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = found.quarter.text
    add_row(sheet, [_("大型科研仪器开放共享季度报告 %(quarter)s", quarter=found.quarter.text)])
    add_row(sheet, heads())
    for one in (*found.lines, found.all):
        add_row(sheet, _cells(one, one is found.all))
    for cells in sheet.iter_rows(min_row=3, min_col=9, max_col=11):
        cells[0].number_format = cells[2].number_format = "0.0%"
    sheet.freeze_panes = "B3"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(one: Line, is_total: bool) -> list[str | float | None]:
    name = _("合计") if is_total else one.name
    return [
        name,
        one.model,
        one.owner,
        one.category,
        None if one.value_fen is None else one.value_fen / 100,
        *(round(minutes / 60, 2) for minutes in (one.bookable, one.effective, one.served)),
        None if one.share is None else float(one.share),
        one.income_fen / 100,
        None if one.yields is None else float(one.yields),
    ]
