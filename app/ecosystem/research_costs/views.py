"""Research costs: what one's own firm said, the park's means, and the rows of those who allow it."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.ecosystem.pages import bp
from app.ecosystem.research_costs import rules, service
from app.ecosystem.research_costs.models import ResearchCost
from app.ecosystem.research_costs.schemas import ResearchCostForm
from app.hall import clock
from app.hall.text.numbers import whole
from app.hall.web import undo
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only, signed_in
from app.identity import door as identity
from app.identity.door import roles

READERS = roles.WRITES_POSTS | roles.SEES_SCORECARD


@bp.route("/research-costs", methods=["GET", "POST"])
@only(READERS)
def research_costs() -> ResponseReturnValue:
    """One year at a time: the form for a firm, the means with n for everybody who may read them."""
    actor = current_actor()
    years = service.years()
    year = whole(request.args.get("year"), 2199) or (years[0] if years else clock.today().year - 1)
    form = _form(year)
    if form.validate_on_submit():
        with refusals_to(form):
            said = form.said()
            row = service.say(
                actor, form.year.data, said, shown=bool(form.shown.data), note=form.note.data or ""
            )
            flash_ok(_("已保存 %(year)s 年的研发费用。", year=row.year))
            return redirect(url_for("ecosystem.research_costs", year=row.year), 303)
    rows = service.rows_of(year)
    may_see = actor.may(roles.SEES_SCORECARD)
    listed = [row for row in rows if may_see and row.shown]
    return render_template(
        "ecosystem/research_costs/research_costs.html",
        year=year,
        years=sorted({*years, year}, reverse=True),
        form=form,
        may_say=service.may_say(actor),
        own=[(row, service.said_of(row)) for row in service.own_rows(actor)],
        recorded=service.recorded(actor.organisation_id, year) if service.may_say(actor) else None,
        means=rules.means([service.said_of(row) for row in rows]),
        said=len(rows),
        fewest=rules.FEWEST,
        listed=[(row, service.said_of(row)) for row in listed],
        firms=identity.organisations_by_id(row.organisation_id for row in listed),
        may_see=may_see,
    ), form_status(form)


def _form(year: int) -> ResearchCostForm:
    if request.method == "POST":
        return ResearchCostForm()
    row = next((one for one in service.own_rows(current_actor()) if one.year == year), None)
    values = _values(row) if row else {"year": year, "base_year": year - 1}
    return ResearchCostForm(formdata=None, data=values)


def _values(row: ResearchCost) -> dict[str, object]:
    amounts = {name: getattr(row, f"{name}_fen") for name in ("base", "actual", *rules.SAVED)}
    shown = {name: None if fen is None else Decimal(fen) / 100 for name, fen in amounts.items()}
    return shown | {"year": row.year, "base_year": row.base_year, "note": row.note, "shown": row.shown}


@bp.post("/research-costs/<int:year>/take-back")
@signed_in
def take_back_research_cost(year: int) -> ResponseReturnValue:
    said, shown, note = service.take_back(current_actor(), year)
    undo.offer(
        _("已撤回 %(year)s 年的填报。", year=year),
        url_for("ecosystem.say_research_cost_again", year=year),
        {"said": json.dumps(asdict(said)), "shown": shown, "note": note},
    )
    return redirect(url_for("ecosystem.research_costs", year=year), 303)


@bp.post("/research-costs/<int:year>/again")
@signed_in
def say_research_cost_again(year: int) -> ResponseReturnValue:
    """Takes the taking back back, within the minute."""
    back = undo.given()
    said = rules.Said(**json.loads(str(back["said"])))
    service.say(current_actor(), year, said, shown=bool(back["shown"]), note=str(back["note"]))
    flash_ok(_("已撤销。"))
    return redirect(url_for("ecosystem.research_costs", year=year), 303)
