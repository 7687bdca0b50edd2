"""The statement as people file it: the park's paper, and an Excel sheet that adds up."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _

from app.credits.ledger import accounts, statement
from app.credits.ledger.accounts import AccountSummary
from app.credits.ledger.statement import StatementLine
from app.credits.ledger.words import TRANSFER_KINDS, TRANSFER_PHASES
from app.credits.limits import STATEMENT_LINES
from app.hall import clock, park
from app.hall.files.paper.document import Block, Column, Pair, Paper, Paragraph, Table
from app.hall.files.paper.press import press
from app.hall.files.spreadsheet import add_row
from app.hall.text import units
from app.identity import door as identity
from app.identity.door import OrganisationInfo

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
    organisation = identity.get_organisation(organisation_id)
    lines = statement.all_lines(statement.statement_query(organisation_id, *wanted))
    summary = accounts.account_summary(organisation_id)
    title = _("创新积分对账单")
    if kind == "pdf":
        data = as_pdf(title, organisation, summary, lines, line_label, (wanted[2], wanted[3]))
    else:
        data = as_xlsx(title, organisation, summary, lines, line_label)
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
    add_row(sheet, [f"{title} · {organisation.name}"])
    add_row(
        sheet,
        [
            _("制表时间 %(at)s", at=units.moment(clock.now())),
            "",
            "",
            "",
            "",
            _("可用"),
            summary.available_credits,
            _("冻结"),
            summary.held_credits,
        ],
    )
    add_row(sheet, [])
    add_row(sheet, _heads())
    for line in lines:
        add_row(
            sheet,
            [
                line.seq,
                line.number,
                clock.local(line.at).replace(tzinfo=None, microsecond=0),
                label(line),
                line.title,
                line.amount,
                line.held,
                line.balance,
                line.held_after,
            ],
        )
    for row in sheet.iter_rows(min_row=5, min_col=3, max_col=3):
        row[0].number_format = "yyyy-mm-dd hh:mm"
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


def as_pdf(
    title: str,
    organisation: OrganisationInfo,
    summary: AccountSummary,
    lines: list[StatementLine],
    label: Label,
    period: tuple[dt.date | None, dt.date | None] = (None, None),
) -> bytes:
    """The statement on the park's paper: opening and closing balance, every line, the newest hash at the end."""
    rows = [
        (
            str(line.seq),
            line.number,
            units.moment(line.at),
            label(line),
            line.title,
            units.signed(line.amount),
            units.signed(line.held),
            f"{line.balance:,}",
            f"{line.held_after:,}",
        )
        for line in lines
    ]
    blocks: list[Block] = [
        Table(columns(), rows, nothing=_("没有分录")),
        *(Paragraph(_("末笔分录哈希 %(hash)s", hash=line.hash), "soft") for line in lines[-1:]),
    ]
    if len(lines) == STATEMENT_LINES:
        most = f"{STATEMENT_LINES:,}"
        blocks.append(Paragraph(_("只列出最早的 %(most)s 笔；请用日期分段下载其余的。", most=most), "strong"))
    first, last = (lines[0].seq, lines[-1].seq) if lines else (0, 0)
    opening, closing = balances(lines)
    note = _(
        "可用 %(free)s · 冻结 %(held)s · 累计获得 %(earned)s",
        free=f"{summary.available_credits:,}",
        held=f"{summary.held_credits:,}",
        earned=f"{summary.lifetime_earned_credits:,}",
    )
    return press(
        Paper(
            title,
            blocks,
            number=f"DZ-{organisation.code}-{first}-{last}",
            period=shown_period(lines, period),
            parties=[(_("单位"), f"{organisation.name}（{organisation.code}）")],
            opening=opening,
            closing=closing,
            note=note,
            stamps=[park.identity().name],
        )
    )


def columns() -> list[Column]:
    widths = (9, 36, 26, 13, 50, 13, 16, 13, 16)
    return [
        Column(head, width, figures=place == 0 or place > 4)
        for place, (head, width) in enumerate(zip(_heads(), widths, strict=True))
    ]


def balances(lines: list[StatementLine]) -> tuple[Pair | None, Pair | None]:
    """Opening and closing balance; none where lines were filtered out between them, as they would not add up."""
    adds_up = all(after.balance == before.balance + after.amount for before, after in pairwise(lines))
    if not lines or not adds_up:
        return None, None
    opening, closing = lines[0].balance - lines[0].amount, lines[-1].balance
    return (_("期初余额"), f"{opening:,}"), (_("期末余额"), f"{closing:,}")


def shown_period(lines: list[StatementLine], period: tuple[dt.date | None, dt.date | None]) -> str:
    """The days that were asked for; where none were, those of the first and the last line."""
    since, until = period
    first = since or (clock.day_of(lines[0].at) if lines else None)
    last = until or clock.today()
    return f"{units.day(first)} – {units.day(last)}" if first else units.day(last)
