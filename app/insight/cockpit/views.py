"""The pages of figures: the cockpit, the rows behind a figure, a firm's own page."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app.hall.errors import NotFound
from app.hall.web.answers import download
from app.hall.web.guards import current_actor, only
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import roles
from app.insight.alerts.queries import Shown
from app.insight.cockpit import drawing, service
from app.insight.cockpit.paper import monthly_paper
from app.insight.cockpit.sheet import figure_sheet
from app.insight.figures.service import open_figure
from app.insight.heat import service as heat
from app.insight.pages import bp, month_of_address
from app.insight.reading import month_text
from app.insight.scores.models import ALL, LAYERS
from app.insight.scores.queries import board
from app.insight.scores.rules import rounded
from app.insight.scores.store import finished


def _period() -> service.Period:
    return service.period(month_of_address("month"), month_of_address("compare"))


# What stands on the page, the first thing of each reader first.
PARTS = {
    "": ("index", "lead", "heat", "leading", "clocks", "gaps", "use", "credits", "results"),
    "wall": ("index", "lead", "heat", "leading", "clocks", "gaps", "use", "credits", "results"),
    "investment": ("gaps", "results", "use", "credits", "index", "lead", "heat", "leading", "clocks"),
    "department": ("clocks", "lead", "leading", "heat", "index"),
}


@bp.get("")
@only(roles.SEES_FIGURES_OF_GROUPS)
def cockpit() -> ResponseReturnValue:
    actor, when = current_actor(), _period()
    view = request.args.get("view", "")
    seen = service.look(when)
    falls = [one for one in seen.alerts if one.alert.kind == "falls_twice"]
    lead = max(falls, key=_firms_that_agree, default=None)
    return render_template(
        "insight/cockpit.html",
        seen=seen,
        wall=view == "wall",
        parts=PARTS[view if view in PARTS else ""],
        spans=service.spans(when),
        lead=lead,
        leading=[one for one in seen.alerts if one.alert.kind == "leading"][:2],
        chart=drawing.index_chart(seen),
        lead_chart=_lead_chart(seen, lead),
        draw=drawing,
        layers=[ALL, *LAYERS],
        sees_gaps=actor.may(roles.SEES_GAPS),
        sees_firms=actor.may(roles.SEES_ONE_FIRMS_SCORES),
        percent_change=service.percent_change,
        month_text=month_text,
        recent=[finished() - back for back in range(6)],
    )


def _firms_that_agree(one: Shown) -> tuple[bool, int, bool, int]:
    """Open before closed, the newest first, a layer before all of them, the one of most firms."""
    row, paired = one.alert, one.opened.get("paired") or {"n": 0}
    return one.open, row.opened_month, bool(row.layer), paired["n"]


def _lead_chart(seen: service.Cockpit, lead: Shown | None) -> Markup | None:
    if lead is None:
        return None
    row = lead.alert
    return drawing.series_chart(seen.board, row.dimension, row.layer, seen.period.month, lead)


@bp.get("/rows")
@only(roles.OPENS_INSIGHT)
def rows() -> ResponseReturnValue:
    """The rows behind a figure, and that they add up to it."""
    figure = open_figure(current_actor(), request.args.get("figure", "")[:120])
    listing = Listing.from_request({"amount": "amount"}, "amount", per_page=50)
    return render_template(
        "insight/rows.html",
        figure=figure,
        back=_way_back(),
        value=None if figure.exact is None else rounded(figure.exact, figure.digits),
        total=rounded(figure.total, figure.digits),
        page=listing.slice(figure.rows),
        listing=listing,
    )


def _way_back() -> tuple[str, str]:
    if current_actor().may(roles.SEES_FIGURES_OF_GROUPS):
        return _("数据驾驶舱"), url_for("insight.cockpit")
    return _("我们的评价"), url_for("insight.mine")


@bp.get("/rows.xlsx")
@only(roles.OPENS_INSIGHT)
def rows_sheet() -> ResponseReturnValue:
    figure = open_figure(current_actor(), request.args.get("figure", "")[:120])
    return download(figure_sheet(figure), "rows.xlsx", SHEET)


SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/month.pdf")
@only(roles.SEES_FIGURES_OF_GROUPS)
def month_paper() -> ResponseReturnValue:
    """The month on paper: what got worse first."""
    when = _period()
    seen = service.look(when)
    return download(monthly_paper(seen), f"insight-{when.text}.pdf", "application/pdf")


@bp.get("/firms")
@only(roles.SEES_ONE_FIRMS_SCORES)
def firms() -> ResponseReturnValue:
    """Dimension by firm, for whom single firms may be seen."""
    month = month_of_address("month")
    month = finished() if month is None else month
    listing = Listing.from_request({"code": "code"}, "code", per_page=50)
    found = heat.by_firm(current_actor(), month)
    if listing.q:
        found = [one for one in found if listing.q.lower() in f"{one.code} {one.name}".lower()]
    return render_template(
        "insight/firms.html",
        page=listing.slice(found),
        listing=listing,
        month=month_text(month),
        names=board(month, month),
        draw=drawing,
    )


@bp.get("/mine")
@only(roles.SEES_OWN_SCORES)
def mine() -> ResponseReturnValue:
    """A firm's own scores beside the park's mean."""
    month = month_of_address("month")
    month = finished() if month is None else month
    actor = current_actor()
    firm = identity.organisation_of(actor)
    if firm.kind != "enterprise":
        raise NotFound("enterprise_not_found", code=firm.code)
    rows = heat.by_firm(actor, month)
    return render_template(
        "insight/mine.html",
        row=rows[0] if rows else None,
        firm=firm,
        month=month_text(month),
        before=month_text(month - 1),
        after=month_text(month + 1) if month < finished() else "",
        found=board(month, month),
        draw=drawing,
    )
