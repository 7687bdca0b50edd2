"""The quarter of shared instruments: page, workbook, paper."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app.hall import clock
from app.hall.errors import Invalid
from app.hall.web import charts
from app.hall.web.answers import download
from app.hall.web.guards import current_actor, only
from app.identity.door import roles
from app.insight.pages import bp
from app.insight.quarter import paper, service, sheet
from app.insight.quarter.rules import Quarter, quarter_of, read_quarter

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _quarter() -> Quarter:
    """The quarter of the address, by default the last that is over."""
    text = request.args.get("quarter", "").strip()
    found = read_quarter(text) if text else service.newest()
    if found is None or found > quarter_of(clock.today()):
        raise Invalid("insight_not_a_quarter", value=text[:20])
    return found


@bp.get("/quarter")
@only(roles.READS_INSTRUMENT_QUARTER)
def quarter_page() -> ResponseReturnValue:
    """Effective hours, hours for others, share and yield, with the quarters before."""
    found = service.report(current_actor(), _quarter())
    now = quarter_of(clock.today())
    choices = [now]
    while len(choices) < 8:
        choices.append(choices[-1].before)
    return render_template(
        "insight/quarter.html",
        found=found,
        choices=choices,
        chart=_chart(found),
        rate=paper.rate,
        definitions=paper.definitions(found),
    )


def _chart(found: service.Report) -> Markup:
    columns = [
        charts.Column(quarter.text, (one.own / 60, one.served / 60), paper.rate(one.share))
        for quarter, one in found.trend
    ]
    return Markup(charts.columns(columns, ("in-end", "in-up"), _("各季度自用与对外服务机时，柱顶为共享率")))


@bp.get("/quarter.xlsx")
@only(roles.READS_INSTRUMENT_QUARTER)
def quarter_sheet() -> ResponseReturnValue:
    found = service.report(current_actor(), _quarter())
    return download(sheet.quarter_sheet(found), f"instruments-{found.quarter.text}.xlsx", SHEET)


@bp.get("/quarter.pdf")
@only(roles.READS_INSTRUMENT_QUARTER)
def quarter_paper() -> ResponseReturnValue:
    found = service.report(current_actor(), _quarter())
    return download(paper.quarter_paper(found), f"instruments-{found.quarter.text}.pdf", "application/pdf")
