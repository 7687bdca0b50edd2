"""Tables that the tests of the toolkit read, and workbooks made for them."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook

from app.hall.files.sheets.columns import Choice, Column, Table

FIRMS = Table(
    "firms",
    (
        Column("name", "企业名称", "Name", required=True, also=("公司名称", "单位名称")),
        Column("code", "统一社会信用代码", "Credit code", "code", also=("信用代码",)),
        Column("capital", "注册资本", "Registered capital", "number", unit="万元", low=0, high=1_000_000),
        Column("staff", "员工人数", "Staff", "whole", low=0, high=100_000),
        Column("price", "服务价格", "Price", "yuan", unit="元", low=0, high=1e8),
        Column("founded", "成立日期", "Founded on", "day"),
        Column("opens", "开门时间", "Opens at", "time"),
        Column("in_park", "是否在园", "In the park", "yes_no"),
        Column(
            "kind",
            "企业类型",
            "Kind",
            "choice",
            choices=(Choice("a", "民营", "private"), Choice("b", "国有", "state-owned")),
        ),
        Column("products", "主要产品", "Products", "list"),
    ),
    ("name",),
    "企业名册",
    "Register of firms",
    examples=({"name": "示例新材料有限公司", "capital": "530", "founded": None},),
)


def book(
    *sheets: tuple[str, list[list[Any]]], hidden: tuple[str, ...] = (), merged: tuple[str, ...] = ()
) -> bytes:
    """A workbook with these sheets; `merged` ranges lie on the last one."""
    made = Workbook()
    made.remove(made.active)
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
        if title in hidden:
            sheet.sheet_state = "hidden"
    for place in merged:
        made.worksheets[-1].merge_cells(place)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
