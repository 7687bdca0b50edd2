"""The scorecard: what came of it per month; every figure opens its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.ecosystem import sight
from app.ecosystem.introductions import queries as introductions_queries
from app.ecosystem.outcomes import rules as outcomes_rules
from app.ecosystem.outcomes import service as outcomes
from app.ecosystem.pages import bp
from app.ecosystem.scorecard import measures, service, words
from app.hall import clock
from app.hall.errors import NotFound
from app.hall.web import charts
from app.hall.web.guards import current_actor, only
from app.identity.door import roles


@bp.get("/scorecard")
@only(roles.SEES_SCORECARD)
def scorecard_page() -> ResponseReturnValue:
    months = service.scorecard()
    opens = [
        *service.OWN,
        *(key for key in measures.OPENERS if measures.may_open(current_actor(), key)),
    ]
    return render_template(
        "ecosystem/scorecard/scorecard.html",
        months=months,
        units=service.units_of(months),
        now=service.open_counts(),
        totals=outcomes.confirmed_totals(),
        elsewhere=tuple(measures.OPENERS),
        opens=opens,
        charts={key: _chart(months, key, key in opens) for key in words.SCORES},
    )


def _chart(months: Sequence[service.Month], key: str, opens: bool) -> Markup:
    """A figure's months as bars; each opens its rows where this reader may see them."""
    endpoint = "ecosystem.scorecard_elsewhere" if key in measures.OPENERS else "ecosystem.scorecard_rows"
    points = [
        charts.Point(
            f"{month.key}: {month.values[key]:g}",
            month.values[key],
            url_for(endpoint, key=key, month=month.key) if opens and month.values[key] else "",
        )
        for month in months
    ]
    return Markup(charts.bars(points, str(words.SCORES[key]), high=96))


@bp.get("/scorecard/<any(needs, offers, matches, introductions, outcomes, meetings):key>/<month>")
@only(roles.SEES_SCORECARD)
def scorecard_rows(key: str, month: str) -> ResponseReturnValue:
    first = _first_of(month)
    unit = request.args.get("unit", "")[:20] if key == "outcomes" else ""
    rows: Any = service.outcomes_in(unit, first) if unit else service.rows_of(key, first)
    extra: dict[str, Any] = {"unit": unit}
    if key == "introductions":
        extra["seen"] = introductions_queries.see(rows)
    if key == "outcomes":
        extra["about"] = outcomes.titles([o.introduction_id for o in rows])
        extra["totals"] = outcomes_rules.by_unit(outcomes.as_gains(rows))
    if key in ("needs", "offers"):
        extra["who"] = sight.organisations(r.organisation_id for r in rows)
    return render_template(
        "ecosystem/scorecard/scorecard_rows.html", key=key, first=first, rows=rows, **extra
    )


@bp.get("/scorecard/<any(links, hours, licences, credits):key>/<month>")
@only(roles.SEES_SCORECARD)
def scorecard_elsewhere(key: str, month: str) -> ResponseReturnValue:
    """Show the rows of another room that a figure sums, and that they add up to it."""
    first = _first_of(month)
    rows = measures.rows_of(current_actor(), key, first)
    following = clock.months_later(first, 1)
    return render_template(
        "ecosystem/scorecard/scorecard_elsewhere.html",
        key=key,
        first=first,
        last=following - dt.timedelta(days=1),
        rows=rows,
        total=sum(row.amount for row in rows),
    )


def _first_of(month: str) -> dt.date:
    try:
        first = dt.date.fromisoformat(f"{month}-01")
    except ValueError:
        raise NotFound("gap_not_found") from None
    if not 2000 <= first.year <= 2200:
        raise NotFound("gap_not_found")
    return first
