"""The statement as people file it: a PDF with embedded Chinese type, and an Excel sheet that adds up."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from app import clock, units
from app.credits.messages import TRANSFER_KINDS, TRANSFER_PHASES
from app.credits.service import accounts
from app.credits.service.accounts import AccountSummary, StatementLine
from app.identity import service as identity
from app.identity.service import OrganisationInfo

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
Label = Callable[[StatementLine], str]
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def line_label(line: StatementLine) -> str:
    phase = str(TRANSFER_PHASES.get(line.phase, ""))
    return phase or str(TRANSFER_KINDS.get(line.kind, line.kind))


def statement_file(
    organisation_id: int, wanted: tuple[str, str, dt.date | None, dt.date | None], kind: str
) -> tuple[bytes, str, str]:
    """Bytes, file name and media type of the statement, as `kind` pdf or xlsx."""
    write = as_pdf if kind == "pdf" else as_xlsx
    organisation = identity.get_organisation(organisation_id)
    lines = accounts.all_lines(accounts.statement_query(organisation_id, *wanted))
    data = write(
        _("创新积分对账单"), organisation, accounts.account_summary(organisation_id), lines, line_label
    )
    return data, f"{organisation.code}-{_('积分对账单')}-{clock.today():%Y%m%d}.{kind}", MEDIA_TYPES[kind]


def _heads() -> list[str]:
    return [
        _("序号"),
        _("单号"),
        _("记账时间"),
        _("类型"),
        _("事项"),
        _("变动"),
        _("冻结变动"),
        _("余额"),
        _("其中冻结"),
    ]


def as_xlsx(
    title: str,
    organisation: OrganisationInfo,
    summary: AccountSummary,
    lines: list[StatementLine],
    label: Label,
) -> bytes:
    """One row per entry, oldest first; numbers are numbers."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill

    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("对账单")
    sheet.append([f"{title} · {_plain(organisation.name)}"])
    sheet.append([_("制表时间 %(at)s", at=units.moment(clock.now())), "", "", "", "", _("可用"), summary.available_credits,
                  _("冻结"), summary.held_credits])  # fmt: skip
    sheet.append([])
    sheet.append(_heads())
    for line in lines:
        sheet.append(
            [line.seq, line.number, units.moment(line.at), label(line), _plain(line.title), line.amount, line.held, line.balance,
             line.held_after]
        )  # fmt: skip
    sheet["A1"].font = Font(bold=True, size=14)
    for cell in sheet[4]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="EAF0FF")
        cell.alignment = Alignment(horizontal="center")
    for letter, width in zip("ABCDEFGHI", (7, 24, 18, 9, 40, 10, 10, 10, 10), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A5"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(text: str) -> str:
    """A cell never begins like a formula."""
    return f"'{text}" if text[:1] in "=+-@\t" else text


def as_pdf(
    title: str,
    organisation: OrganisationInfo,
    summary: AccountSummary,
    lines: list[StatementLine],
    label: Label,
) -> bytes:
    """A4, Noto Sans SC embedded as a subset, page numbers, the account's newest hash at the end."""
    from fpdf import FPDF

    class Statement(FPDF):
        def footer(self) -> None:
            self.set_y(-12)
            self.set_font("Noto", size=8)
            self.cell(0, 6, f"{organisation.code} · {self.page_no()} / {{nb}}", align="C")

    pdf = Statement(format="A4")
    pdf.add_font("Noto", "", str(FONTS / "NotoSansSC-Regular.ttf"))
    pdf.add_font("Noto", "B", str(FONTS / "NotoSansSC-Bold.ttf"))
    pdf.set_title(title)
    pdf.set_auto_page_break(True, 16)
    pdf.add_page()
    pdf.set_font("Noto", "B", 16)
    pdf.cell(0, 9, title, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Noto", size=9)
    pdf.cell(0, 6, f"{organisation.name}（{organisation.code}）", new_x="LMARGIN", new_y="NEXT")
    note = _(
        "可用 %(free)s · 冻结 %(held)s · 累计获得 %(earned)s · 制表 %(at)s", free=f"{summary.available_credits:,}",
        held=f"{summary.held_credits:,}", earned=f"{summary.lifetime_earned_credits:,}", at=units.moment(clock.now()),
    )  # fmt: skip
    pdf.cell(0, 6, note, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(2)
    pdf.set_font("Noto", size=7.5)
    widths = (9, 36, 26, 13, 50, 14, 15, 14, 13)
    aligns = ("RIGHT", "LEFT", "LEFT", "LEFT", "LEFT", "RIGHT", "RIGHT", "RIGHT", "RIGHT")
    with pdf.table(
        col_widths=widths, text_align=aligns, line_height=5, borders_layout="HORIZONTAL_LINES"
    ) as table:
        table.row(_heads())
        for line in lines:
            table.row(
                [str(line.seq), line.number, units.moment(line.at), label(line), line.title, units.signed(line.amount),
                 units.signed(line.held), f"{line.balance:,}", f"{line.held_after:,}"]
            )  # fmt: skip
    if lines:
        pdf.ln(3)
        pdf.set_font("Noto", size=7)
        pdf.cell(0, 5, _("末笔分录哈希 %(hash)s", hash=lines[-1].hash), new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())
