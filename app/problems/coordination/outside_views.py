"""The page of a cause outside the park: which problems, how many before and after, and off to the round table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.ecosystem import door as ecosystem
from app.hall import clock
from app.hall.api.idempotency import idempotent
from app.hall.errors import Invalid
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok
from app.hall.web.guards import current_actor, only, signed_in
from app.identity.door import roles
from app.problems import schemas, sight
from app.problems.board import queries as board
from app.problems.coordination import outside, shapes
from app.problems.pages import api, bp
from app.problems.reports.categories import CATEGORIES

MONTHS = (3, 6, 12, 24)
USUAL_MONTHS = 6


def _asked(kinds: Mapping[str, int]) -> tuple[str, dt.date, int]:
    """Category, day and months before it, as the address says; the kind with most open problems where it does not."""
    most = next(iter(kinds), "other")
    category = request.values.get("category", "")
    since = clock.read_day(request.values.get("since")) or clock.months_later(clock.today(), -3)
    months = whole(request.values.get("months", ""))
    return (
        category if category in CATEGORIES else most,
        min(since, clock.today()),
        months if months in MONTHS else USUAL_MONTHS,
    )


@bp.get("/problems/outside")
@only(roles.SEES_OUTSIDE_CAUSES)
def outside_page() -> ResponseReturnValue:
    """Problems of one kind before and after a day, and the form that proposes an initiative."""
    actor = current_actor()
    reader = sight.reader_of(actor)
    kinds = outside.open_by_category(reader)
    category, since_on, months = _asked(kinds)
    counts = outside.count(category, since_on, months)
    rows = outside.candidates(reader, category)
    return render_template(
        "problems/board/outside.html",
        category=category,
        since_on=since_on,
        since_at=clock.start_of_day(since_on),
        months=months,
        choices=MONTHS,
        kinds=kinds,
        counts=counts,
        chance=outside.chance(counts),
        cards=board.cards(reader, rows),
        initiatives=ecosystem.list_initiatives(("proposed", "agreed", "in_progress")),
        may_propose=actor.may(roles.PROPOSES_INITIATIVES),
        reader=reader,
        tab="outside",
    )


@bp.post("/problems/outside")
@only(roles.PROPOSES_INITIATIVES)
def propose_outside() -> ResponseReturnValue:
    """Three problems or more to the round table, with the counts the page showed."""
    category, since_on, months = _asked(outside.open_by_category(sight.reader_of(current_actor())))
    chosen = [found for one in request.form.getlist("problems") if (found := whole(one)) is not None]
    factor, title = (request.form.get(name, "").strip()[:120] for name in ("factor", "title"))
    if not factor or not title:
        raise Invalid("initiative_incomplete")
    cause = outside.Cause(factor, since_on, title)
    made = outside.propose(current_actor(), cause, outside.count(category, since_on, months), chosen)
    flash_ok(_("已提议，将列入下次圆桌会议议程。"))
    return redirect(url_for("ecosystem.initiative", initiative_id=made), 303)


@api.post("/initiatives")
@signed_in
@idempotent
def propose_initiative(body: schemas.InitiativeBody) -> tuple[shapes.InitiativeProposed, int]:
    """Three problems or more with one outside cause become an initiative; counted here, or brought along."""
    counts = (
        outside.Counts(
            body.before.complaints, body.before.firm_months, body.after.complaints, body.after.firm_months
        )
        if body.before and body.after
        else outside.count(body.category, body.since_on, body.months)
    )
    cause = outside.Cause(body.factor, body.since_on, body.title)
    made = outside.propose(current_actor(), cause, counts, body.problems)
    return {
        "initiative": made,
        "before": {"complaints": counts.before, "firm_months": counts.firm_months_before},
        "after": {"complaints": counts.after, "firm_months": counts.firm_months_after},
        "p": outside.chance(counts),
    }, 201
