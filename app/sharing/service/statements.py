"""Monthly statements of what an organisation owes and earns, to the fen, as a page, Excel and PDF."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock, units
from app.db import db
from app.errors import Invalid
from app.identity import service as identity
from app.identity.service import OrganisationInfo
from app.sharing.messages import RULE_NAMES
from app.sharing.models import Booking, Payment, Resource, Settlement

FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"


@dataclass(frozen=True)
class StatementLine:
    """One settlement row: what it changed, and for which booking."""

    made_at: dt.datetime
    booking_id: int
    version: int
    resource: str
    counterpart: str
    start_at: dt.datetime
    end_at: dt.datetime
    rule: str
    charged_minutes: int
    change_fen: int


@dataclass(frozen=True)
class Statement:
    """A month of one organisation; `side` is `user` (what it owes) or `owner` (what it earns)."""

    organisation: OrganisationInfo
    side: str
    month: dt.date
    lines: list[StatementLine]
    credits_fen: int
    voucher_fen: int
    cash_fen: int
    paid_fen: int

    @property
    def total_fen(self) -> int:
        return sum(line.change_fen for line in self.lines)

    @property
    def number(self) -> str:
        return f"{'SI' if self.side == 'owner' else 'SU'}-{self.organisation.code}-{self.month:%Y%m}"


def month_of(text: str) -> dt.date:
    """`2026-11` → its first day; nothing: this month."""
    if not text:
        return clock.today().replace(day=1)
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Invalid("statement_month") from None


def next_month(month: dt.date) -> dt.date:
    """
    >>> next_month(dt.date(2026, 12, 1))
    datetime.date(2027, 1, 1)
    """
    return dt.date(month.year + month.month // 12, month.month % 12 + 1, 1)


def statement(organisation_id: int, side: str, month: dt.date) -> Statement:
    """All settlement rows made in the month, own use left out."""
    if side not in ("user", "owner"):
        raise Invalid("statement_month")
    start, end = clock.start_of_day(month), clock.start_of_day(next_month(month))
    query = (
        sa.select(Settlement, Booking, Resource)
        .join(Booking, Booking.id == Settlement.booking_id)
        .join(Resource, Resource.id == Booking.resource_id)
        .where(Settlement.made_at >= start, Settlement.made_at < end, Booking.own_use.is_(False))
        .order_by(Settlement.made_at, Settlement.id)
    )
    mine = Booking.organisation_id if side == "user" else Resource.owner_id
    rows = db.session.execute(query.where(mine == organisation_id)).all()
    others = [r.Resource.owner_id if side == "user" else r.Booking.organisation_id for r in rows]
    names = identity.organisations_by_id([organisation_id, *others])
    lines = [
        StatementLine(
            row.Settlement.made_at,
            row.Booking.id,
            row.Settlement.version,
            row.Resource.name,
            names[other].name,
            row.Booking.start_at,
            row.Booking.end_at,
            row.Settlement.rule,
            row.Settlement.charged_minutes,
            row.Settlement.change_fen,
        )
        for row, other in zip(rows, others, strict=True)
    ]
    paid = db.session.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(Payment.credits_fen), 0),
            sa.func.coalesce(sa.func.sum(Payment.voucher_fen), 0),
            sa.func.coalesce(sa.func.sum(Payment.cash_fen), 0),
            sa.func.coalesce(sa.func.sum(Payment.amount_fen), 0),
        )
        .join(Booking, Booking.id == Payment.booking_id)
        .join(Resource, Resource.id == Booking.resource_id)
        .where(Payment.made_at >= start, Payment.made_at < end, mine == organisation_id)
    ).one()
    return Statement(names[organisation_id], side, month, lines, *(int(x) for x in paid))


def headers() -> list[str]:
    return [
        _("记账时间"), _("预约"), _("仪器"), _("对方"), _("时段"), _("规则"), _("计费小时"), _("金额（元）"),
    ]  # fmt: skip


def _cells(line: StatementLine) -> list[str]:
    return [
        units.moment(line.made_at),
        f"{line.booking_id}-{line.version}",
        line.resource,
        line.counterpart,
        f"{units.moment(line.start_at)}–{units.clock_time(line.end_at)}",
        str(RULE_NAMES.get(line.rule, line.rule)),
        units.hours(line.charged_minutes),
    ]


def title(found: Statement) -> str:
    return _("共享收入账单") if found.side == "owner" else _("仪器使用账单")


def statement_xlsx(found: Statement) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = found.month.strftime("%Y-%m")
    sheet.append([f"{found.organisation.name} · {title(found)} · {found.month:%Y-%m} · {found.number}"])
    sheet.append(headers())
    for cell in sheet[2]:
        cell.font = Font(bold=True)
    for line in found.lines:
        sheet.append([*(_plain(c) for c in _cells(line)), line.change_fen / 100])
    sheet.append([_("合计"), "", "", "", "", "", "", found.total_fen / 100])
    for column, width in zip("ABCDEFGH", (17, 10, 22, 22, 24, 16, 10, 12), strict=True):
        sheet.column_dimensions[column].width = width
    for row in sheet.iter_rows(min_row=3, min_col=8, max_col=8):
        row[0].number_format = "#,##0.00"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(text: str) -> str:
    """A name that begins like a formula stays a text in the spreadsheet."""
    return "'" + text if text[:1] in "=+-@" else text


def statement_pdf(found: Statement) -> bytes:
    from fpdf import FPDF

    pdf = FPDF(orientation="L")
    pdf.add_font("noto", fname=str(FONTS / "NotoSansSC-Regular.ttf"))
    pdf.add_font("noto", style="B", fname=str(FONTS / "NotoSansSC-Bold.ttf"))
    pdf.set_title(f"{found.number}")
    pdf.add_page()
    pdf.set_font("noto", "B", 16)
    pdf.cell(0, 10, f"{title(found)} {found.month:%Y-%m}", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("noto", size=10)
    pdf.cell(
        0,
        7,
        f"{found.organisation.name} ({found.organisation.code}) · {found.number}",
        new_x="LMARGIN",
        new_y="NEXT",
    )
    pdf.ln(2)
    pdf.set_font("noto", size=8)
    with pdf.table(col_widths=(28, 16, 40, 40, 46, 28, 18, 22), text_align="LEFT") as table:
        table.row(headers())
        for line in found.lines:
            table.row([*_cells(line), f"{line.change_fen / 100:,.2f}"])
    pdf.ln(2)
    pdf.set_font("noto", "B", 11)
    pdf.cell(0, 8, f"{_('合计')} {units.yuan(found.total_fen)}", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("noto", size=9)
    pdf.cell(
        0, 6,
        f"{_('本月已结清')} {units.yuan(found.paid_fen)} = {_('仪器券')} {units.yuan(found.voucher_fen)}"
        f" + {_('积分抵扣')} {units.yuan(found.credits_fen)} + {_('现金')} {units.yuan(found.cash_fen)}",
    )  # fmt: skip
    return bytes(pdf.output())
