"""The rows of a figure as a workbook."""

from __future__ import annotations

import io

from flask_babel import gettext as _

from app.hall.files.spreadsheet import add_row
from app.insight.figures.rules import Figure


def figure_sheet(figure: Figure) -> bytes:
    """Rows, then the figure itself under them."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    add_row(sheet, [_("项目"), _("说明"), _("数值"), _("家数或件数")])
    for row in figure.rows:
        add_row(sheet, [row.label, row.detail, float(row.amount), row.n])
    exact = figure.exact
    add_row(sheet, [figure.title, figure.unit, None if exact is None else float(exact), figure.n])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
