"""Statements and invoices as files people send each other: Excel, and PDF with a Chinese font inside."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from app import clock, units
from app.identity.service import OrganisationInfo
from app.sharing.messages import RULE_NAMES
from app.sharing.service.statements import Statement, StatementLine

FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"
INK, PALE, LINE, BLUE = (24, 33, 47), (245, 247, 250), (214, 221, 231), (36, 86, 230)
WIDTHS = (28, 18, 42, 42, 46, 30, 20, 28)


def title(found: Statement) -> str:
    if found.counterpart is not None:
        return _("仪器共享结算单")
    return _("共享收入账单") if found.side == "owner" else _("仪器使用账单")


def parties(found: Statement) -> tuple[OrganisationInfo, OrganisationInfo] | None:
    """Who is paid and who pays, on an invoice."""
    if found.counterpart is None:
        return None
    pair = (found.organisation, found.counterpart)
    return pair if found.side == "owner" else (pair[1], pair[0])


def _headers() -> list[str]:
    return [
        _("记账时间"), _("预约"), _("仪器"), _("对方"), _("时段"), _("规则"), _("计费小时"), _("金额（元）"),
    ]  # fmt: skip


def _cells(line: StatementLine) -> list[str]:
    return [
        units.moment(line.made_at),
        f"{line.booking_id}-{line.version}",
        line.resource,
        line.counterpart.name,
        f"{units.moment(line.start_at)}–{units.clock_time(line.end_at)}",
        str(RULE_NAMES.get(line.rule, line.rule)),
        units.hours(line.charged_minutes),
    ]


def statement_xlsx(found: Statement) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = found.month.strftime("%Y-%m")
    sheet.append([f"{found.organisation.name} · {title(found)} · {found.month:%Y-%m} · {found.number}"])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.append(_headers())
    for cell in sheet[2]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="EAF0FF")
    for line in found.lines:
        sheet.append([*(_plain(c) for c in _cells(line)), line.change_fen / 100])
    sheet.append([_("合计"), "", "", "", "", "", "", found.total_fen / 100])
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for column, width in zip("ABCDEFGH", (17, 10, 22, 22, 24, 16, 10, 12), strict=True):
        sheet.column_dimensions[column].width = width
    for row in sheet.iter_rows(min_row=3, min_col=8, max_col=8):
        row[0].number_format = "#,##0.00"
    sheet.freeze_panes = "A3"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(text: str) -> str:
    """A name that begins like a formula stays a text in the spreadsheet."""
    return "'" + text if text[:1] in "=+-@" else text


def statement_pdf(found: Statement) -> bytes:
    from fpdf import FPDF

    class Paper(FPDF):
        def footer(self) -> None:
            self.set_y(-12)
            self.set_font("noto", size=8)
            self.set_text_color(102, 112, 133)
            made = _("生成于 %(moment)s", moment=units.moment(clock.now()))
            self.cell(0, 5, f"{found.number} · {made}", align="L", new_x="LMARGIN")
            self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="R")

    pdf = Paper(orientation="L")
    pdf.add_font("noto", fname=str(FONTS / "NotoSansSC-Regular.ttf"))
    pdf.add_font("noto", style="B", fname=str(FONTS / "NotoSansSC-Bold.ttf"))
    pdf.set_title(found.number)
    pdf.set_margin(14)
    pdf.set_auto_page_break(True, 18)
    pdf.add_page()
    _head(pdf, found)
    _table(pdf, found)
    _sums(pdf, found)
    return bytes(pdf.output())


def _head(pdf: Any, found: Statement) -> None:
    pdf.set_fill_color(*BLUE)
    pdf.rect(0, 0, pdf.w, 4, style="F")
    pdf.set_fill_color(255)
    pdf.set_text_color(*INK)
    pdf.set_font("noto", "B", 18)
    pdf.cell(0, 11, f"{title(found)}  {found.month:%Y-%m}", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("noto", size=10)
    pdf.set_text_color(74, 86, 106)
    both = parties(found)
    if both is None:
        who = f"{found.organisation.name}（{found.organisation.code}）"
    else:
        who = _(
            "收款：%(owner)s（%(first)s）    付款：%(user)s（%(second)s）",
            owner=both[0].name, first=both[0].code, user=both[1].name, second=both[1].code,
        )  # fmt: skip
    pdf.cell(0, 6, f"{who}    {found.number}", new_x="LMARGIN", new_y="NEXT")
    if both is not None:
        pdf.cell(0, 6, _("本单据用于结算核对，不作为税务发票。"), new_x="LMARGIN", new_y="NEXT")
    pdf.ln(3)


def _table(pdf: Any, found: Statement) -> None:
    from fpdf.fonts import FontFace

    pdf.set_text_color(*INK)
    pdf.set_draw_color(*LINE)
    pdf.set_font("noto", size=8.5)
    with pdf.table(
        col_widths=WIDTHS,
        text_align=("LEFT",) * 6 + ("RIGHT", "RIGHT"),
        borders_layout="HORIZONTAL_LINES",
        headings_style=FontFace(emphasis="BOLD", fill_color=PALE, color=INK),
        line_height=6.4,
        padding=(0, 1.5),
    ) as table:
        table.row(_headers())
        for line in found.lines:
            table.row([*_cells(line), f"{line.change_fen / 100:,.2f}"])
        if not found.lines:
            table.row([_("这个月没有记账。"), *[""] * 7])


def _sums(pdf: Any, found: Statement) -> None:
    pdf.ln(3)
    pdf.set_font("noto", "B", 14)
    total = _("合计")
    pdf.cell(0, 8, f"{total}  {units.yuan(found.total_fen)}", align="R", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("noto", size=9)
    pdf.set_text_color(74, 86, 106)
    paid = _(
        "本月已结清 %(paid)s = 仪器券 %(vouchers)s + 积分抵扣 %(credits)s + 现金 %(cash)s",
        paid=units.yuan(found.paid_fen), vouchers=units.yuan(found.voucher_fen),
        credits=units.yuan(found.credits_fen), cash=units.yuan(found.cash_fen),
    )  # fmt: skip
    pdf.cell(0, 6, paid, align="R", new_x="LMARGIN", new_y="NEXT")
    pdf.cell(0, 6, _("更正只增加新的一行，不改旧的。"), align="R")
