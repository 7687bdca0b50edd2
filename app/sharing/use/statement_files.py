"""Statements and invoices as files people send each other: Excel, and the park's paper."""

from __future__ import annotations

import io

from flask_babel import gettext as _

from app.hall import clock, park
from app.hall.files.paper.document import Block, Column, Figures, Pair, Paper, Paragraph, Table
from app.hall.files.paper.press import press
from app.hall.files.spreadsheet import Value, add_row
from app.hall.text import units
from app.identity.door import OrganisationInfo
from app.sharing.use.statements import Statement, StatementLine
from app.sharing.use.words import RULE_NAMES

FORMATS = ("yyyy-mm-dd hh:mm", "0.00", "#,##0.00")
"""Of the moment, the hours and the sum."""
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
        _("记账时间"),
        _("预约"),
        _("仪器"),
        _("对方"),
        _("时段"),
        _("规则"),
        _("计费小时"),
        _("金额（元）"),
    ]


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
    add_row(sheet, [f"{found.organisation.name} · {title(found)} · {found.month:%Y-%m} · {found.number}"])
    sheet["A1"].font = Font(bold=True, size=14)
    add_row(sheet, _headers())
    for cell in sheet[2]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="EAF0FF")
    for line in found.lines:
        add_row(sheet, _values(line))
    add_row(sheet, [_("合计"), "", "", "", "", "", "", found.total_fen / 100])
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for column, width in zip("ABCDEFGH", (17, 10, 22, 22, 24, 16, 10, 12), strict=True):
        sheet.column_dimensions[column].width = width
    for row in sheet.iter_rows(min_row=3):
        row[0].number_format, row[6].number_format, row[7].number_format = FORMATS
    sheet.freeze_panes = "A3"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _values(line: StatementLine) -> list[Value]:
    """The cells of the workbook: moments are dates and hours numbers, so that it can be sorted and summed."""
    _recorded, *texts, _hours = _cells(line)
    recorded = clock.local(line.made_at).replace(tzinfo=None, microsecond=0)
    return [
        recorded,
        *texts,
        round(line.charged_minutes / 60, 4),
        line.change_fen / 100,
    ]


def statement_pdf(found: Statement) -> bytes:
    """The month on the park's paper: who is paid by whom, every line, the sum, and how it was settled."""
    rows = [[*_cells(line), f"{line.change_fen / 100:,.2f}"] for line in found.lines]
    totals = [_("合计"), *[""] * 6, f"{found.total_fen / 100:,.2f}"] if rows else []
    paid = _(
        "本月已结清 %(paid)s = 仪器券 %(vouchers)s + 积分抵扣 %(credits)s + 现金 %(cash)s",
        paid=units.yuan(found.paid_fen),
        vouchers=units.yuan(found.voucher_fen),
        credits=units.yuan(found.credits_fen),
        cash=units.yuan(found.cash_fen),
    )
    both = parties(found)
    blocks: list[Block] = [
        Table(_columns(), rows, nothing=_("这个月没有记账。"), totals=totals),
        Figures(
            [
                (_("合计"), units.yuan(found.total_fen)),
                (_("已结清"), units.yuan(found.settled_fen)),
                (_("待结清"), units.yuan(found.open_fen)),
            ]
        ),
        Paragraph(paid, "soft"),
        Paragraph(_("更正只增加新的一行，不改旧的。"), "soft"),
    ]
    return press(
        Paper(
            title(found),
            blocks,
            number=found.number,
            period=f"{found.month:%Y-%m}",
            parties=_parties(found),
            note=_note() if both else "",
            stamps=[side.name for side in both] if both else [park.identity().name],
            landscape=True,
        )
    )


def _note() -> str:
    said = _("本单据用于结算核对，不作为税务发票。")
    title = park.identity().tax_title
    return " ".join([said, _("园区开票信息：%(title)s", title=title)]) if title else said


def _columns() -> list[Column]:
    return [
        Column(head, width, figures=place > 5)
        for place, (head, width) in enumerate(zip(_headers(), WIDTHS, strict=True))
    ]


def _parties(found: Statement) -> list[Pair]:
    both = parties(found)
    if both is None:
        return [(_("单位"), f"{found.organisation.name}（{found.organisation.code}）")]
    names = [f"{side.name}（{side.code}）" for side in both]
    return [(_("收款方"), names[0]), (_("付款方"), names[1])]
