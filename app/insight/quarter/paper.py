"""The quarter on paper, in the reader's language."""

from __future__ import annotations

from fractions import Fraction

from flask_babel import gettext as _

from app.hall.files.paper.document import Block, Column, Figures, Heading, Paper, Paragraph, Table
from app.hall.files.paper.press import press
from app.hall.text import units
from app.insight.quarter.rules import Line
from app.insight.quarter.service import Report


def quarter_paper(found: Report) -> bytes:
    """Key figures, the quarters before, then every instrument."""
    all_ = found.all
    blocks: list[Block] = [
        Figures(
            [
                (_("有效机时"), units.hours(all_.effective)),
                (_("对外服务机时"), units.hours(all_.served)),
                (_("共享率"), rate(all_.share)),
                (_("收益率"), rate(all_.yields)),
            ]
        ),
        Paragraph(definitions(found), "soft"),
        Heading(_("各季度")),
        _trend(found),
        Heading(_("各类仪器") if found.by_category else _("各仪器"), len(found.lines)),
        _lines(found),
    ]
    period = f"{found.quarter.first} – {found.quarter.last}"
    return press(Paper(_("大型科研仪器开放共享季度报告"), blocks, number=found.quarter.text, period=period))


def rate(value: Fraction | None) -> str:
    """A rate as it is shown; what is unknown is not zero."""
    return "—" if value is None else units.percent(float(value))


def definitions(found: Report) -> str:
    """What the figures mean, and of how many instruments the yield is."""
    return _(
        "有效机时 = 自用 + 对外服务；共享率 = 对外服务机时 ÷ 有效机时；收益率 = 对外服务收入 ÷ 仪器原值，"
        "只算填了原值的 %(valued)s / %(all)s 台。",
        valued=found.all.valued,
        all=found.all.instruments,
    )


def _trend(found: Report) -> Table:
    columns = (
        Column(_("季度"), 1.4),
        Column(_("可用机时"), 1.4, True),
        Column(_("有效机时"), 1.4, True),
        Column(_("对外服务机时"), 1.6, True),
        Column(_("共享率"), 1.2, True),
        Column(_("收入"), 1.8, True),
        Column(_("收益率"), 1.2, True),
    )
    rows = [(quarter.text, *_figures(one)) for quarter, one in found.trend]
    return Table(columns, rows)


def _figures(one: Line) -> tuple[str, ...]:
    return (
        units.hours(one.bookable),
        units.hours(one.effective),
        units.hours(one.served),
        rate(one.share),
        units.yuan(one.income_fen),
        rate(one.yields),
    )


def _lines(found: Report) -> Table:
    columns = (
        Column(_("类别") if found.by_category else _("仪器"), 3),
        Column(_("可用机时"), 1.3, True),
        Column(_("有效机时"), 1.3, True),
        Column(_("对外服务机时"), 1.5, True),
        Column(_("共享率"), 1.1, True),
        Column(_("收入"), 1.6, True),
        Column(_("收益率"), 1.1, True),
    )
    rows = [(one.name, *_figures(one)) for one in found.lines]
    return Table(columns, rows, totals=(_("合计"), *_figures(found.all)))
