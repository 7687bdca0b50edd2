"""Names that begin like a formula come back from a workbook as they were, and no program runs them."""

from __future__ import annotations

import io

from openpyxl import Workbook, load_workbook
from python_calamine import load_workbook as read_workbook

from app.hall.files.spreadsheet import add_row

NAMES = ["=SUM(A1:A9)", "+86 实验室", "-40 ℃ 高低温箱", "@园区中心", "−5 ℃ 冷库", "'=引号", "普通名称"]


def test_names_come_back_as_they_were() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for name in NAMES:
        add_row(sheet, [name, 3])
    out = io.BytesIO()
    book.save(out)
    kept = load_workbook(io.BytesIO(out.getvalue())).active
    assert kept is not None
    cells = [row[0] for row in kept.iter_rows(max_col=1)]
    assert [cell.value for cell in cells] == NAMES
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.quotePrefix for cell in cells] == [True, True, True, True, False, False, False]
    rows = read_workbook(io.BytesIO(out.getvalue())).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == NAMES
