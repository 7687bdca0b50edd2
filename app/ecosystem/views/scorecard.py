"""The scorecard: what came of it per month; every figure opens its rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import render_template, request

from app.ecosystem import gains
from app.ecosystem.service import elsewhere, introductions, outcomes, scorecard, sight
from app.ecosystem.views import bp
from app.errors import NotFound
from app.web import current_actor, roles

READERS = ("investment_staff", "park_admin", "committee_secretary", "auditor")


@bp.get("/scorecard")
@roles(*READERS)
def scorecard_page() -> Any:
    months = scorecard.scorecard()
    return render_template(
        "ecosystem/scorecard.html",
        months=months,
        units=scorecard.units_of(months),
        now=scorecard.open_counts(),
        totals=outcomes.confirmed_totals(),
        elsewhere=tuple(elsewhere.OPENERS),
        opens=[
            *scorecard.OWN,
            *(key for key in elsewhere.OPENERS if elsewhere.may_open(current_actor(), key)),
        ],
    )


@bp.get("/scorecard/<any(needs, offers, matches, introductions, outcomes, meetings):key>/<month>")
@roles(*READERS)
def scorecard_rows(key: str, month: str) -> Any:
    first = _first_of(month)
    unit = request.args.get("unit", "")[:20] if key == "outcomes" else ""
    rows: Any = scorecard.outcomes_in(unit, first) if unit else scorecard.rows_of(key, first)
    extra: dict[str, Any] = {"unit": unit}
    if key == "introductions":
        extra["seen"] = introductions.see(rows)
    if key == "outcomes":
        extra["about"] = outcomes.titles([o.introduction_id for o in rows])
        extra["totals"] = gains.by_unit(outcomes.as_gains(rows))
    if key in ("needs", "offers"):
        extra["who"] = sight.organisations(r.organisation_id for r in rows)
    return render_template("ecosystem/scorecard_rows.html", key=key, first=first, rows=rows, **extra)


@bp.get("/scorecard/<any(links, hours, licences, credits):key>/<month>")
@roles(*READERS)
def scorecard_elsewhere(key: str, month: str) -> Any:
    """Show the rows of another room that a figure sums, and that they add up to it."""
    first = _first_of(month)
    rows = elsewhere.rows_of(current_actor(), key, first)
    following = (first + dt.timedelta(days=32)).replace(day=1)
    return render_template(
        "ecosystem/scorecard_elsewhere.html",
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
