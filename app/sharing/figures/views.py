"""Pages of the utilisation report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app.hall import clock
from app.hall.web import charts
from app.hall.web.answers import download
from app.hall.web.guards import current_actor, signed_in
from app.identity import door as identity
from app.identity.door import roles
from app.sharing.bookings import demand
from app.sharing.figures import heat, sheet
from app.sharing.figures import service as figures
from app.sharing.pages import bp

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _period() -> tuple[dt.date, dt.date]:
    """First and last day asked for; by default the last 52 whole weeks."""
    monday = clock.today() - dt.timedelta(days=clock.today().weekday())
    first, last = monday - dt.timedelta(weeks=52), monday - dt.timedelta(days=1)
    try:
        first = dt.date.fromisoformat(request.args["from"])
        last = dt.date.fromisoformat(request.args["to"])
    except (KeyError, ValueError):
        pass
    if not dt.date(2000, 1, 1) <= first <= last <= dt.date(2200, 1, 1) or (last - first).days > 1100:
        first, last = monday - dt.timedelta(weeks=52), monday - dt.timedelta(days=1)
    return first, last


@bp.get("/utilisation")
@signed_in
def utilisation() -> ResponseReturnValue:
    """Own and shared hours of what could be used, per instrument and in all, and when the demand is."""
    actor = current_actor()
    first, last = _period()
    start, end = clock.start_of_day(first), clock.start_of_day(last + dt.timedelta(days=1))
    resources = figures.visible_resources(actor)
    edges = _edges(first, last)
    before_all, *parts = figures.utilisation_between(resources, [start - (end - start), *edges])
    before = figures.total_use(list(before_all.values()))
    uses = {one.id: figures.total_use([part[one.id] for part in parts]) for one in resources}
    total = figures.total_use(list(uses.values()))
    refused = demand.demand_for(actor, start, clock.now())
    return render_template(
        "sharing/figures/utilisation.html",
        first=first,
        last=last,
        resources=resources,
        uses=uses,
        total=total,
        change=_change(before, total),
        chart=_chart(edges, [figures.total_use(list(part.values())) for part in parts]),
        owners=identity.organisations_by_id(r.owner_id for r in resources),
        heat=heat.hours([r.id for r in resources], start, end),
        refused=refused,
        everything=actor.may(roles.SEES_SHARING_FIGURES),
    )


def _edges(first: dt.date, last: dt.date) -> list[dt.datetime]:
    """The period cut at the first days of its months; a short one, or one of years, is not cut so finely."""
    end = last + dt.timedelta(days=1)
    step = 1 if (last - first).days <= 430 else 3
    cuts, day = [first], clock.months_later(first.replace(day=1), step)
    while day < end:
        cuts.append(day)
        day = clock.months_later(day, step)
    return [clock.start_of_day(one) for one in (*cuts, end)]


def _chart(edges: Sequence[dt.datetime], uses: Sequence[figures.Use]) -> Markup:
    """Own and shared hours month by month, with the share of what could be used over each."""
    columns = [
        charts.Column(
            f"{clock.day_of(start):%y-%m}",
            (use.own / 60, use.shared / 60),
            "" if use.ratio is None else f"{100 * use.ratio:.1f}%",
        )
        for start, use in zip(edges, uses, strict=False)
    ]
    return Markup(charts.columns(columns, ("in-end", "in-up"), _("各月自用与共享小时，柱顶为利用率")))


def _change(before: figures.Use, now: figures.Use) -> tuple[float, float | None] | None:
    """From the same stretch of days before: points, and relative to what it was."""
    if before.ratio is None or now.ratio is None:
        return None
    relative = now.ratio / before.ratio - 1 if before.ratio else None
    return 100 * (now.ratio - before.ratio), relative


@bp.get("/utilisation.xlsx")
@signed_in
def utilisation_file() -> ResponseReturnValue:
    """The same figures as a sheet, numerators and denominators in their own columns."""
    first, last = _period()
    start, end = clock.start_of_day(first), clock.start_of_day(last + dt.timedelta(days=1))
    resources = figures.visible_resources(current_actor())
    data = sheet.utilisation_xlsx(resources, figures.utilisation(resources, start, end), first, last)
    return download(data, f"utilisation-{first}-{last}.xlsx", SHEET)
