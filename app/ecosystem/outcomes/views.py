"""Outcomes on the page of their introduction: written down, signed, contested."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.ecosystem.introductions import queries as introductions_queries
from app.ecosystem.introductions.views import done, page
from app.ecosystem.outcomes import service
from app.ecosystem.outcomes.rules import Result
from app.ecosystem.outcomes.schemas import OutcomeForm
from app.ecosystem.pages import bp
from app.ecosystem.schemas import choices
from app.hall.web.answers import flash_ok, refusals_to
from app.hall.web.guards import current_actor, signed_in


@bp.post("/introductions/<int:introduction_id>/verify")
@signed_in
def verify_introduction(introduction_id: int) -> ResponseReturnValue:
    service.verify(current_actor(), introduction_id)
    flash_ok(_("对接已验证。"))
    return done(introduction_id)


@bp.post("/introductions/<int:introduction_id>/outcomes")
@signed_in
def record_outcome(introduction_id: int) -> ResponseReturnValue:
    form = OutcomeForm()
    form.beneficiary_id.choices = choices(
        introductions_queries.sides(introductions_queries.get(current_actor(), introduction_id))
    )
    if form.validate_on_submit():
        with refusals_to(form):
            service.record(
                current_actor(),
                introduction_id,
                Result(
                    metric=form.metric.data,
                    baseline=form.baseline.data,
                    actual=form.actual.data,
                    unit=form.unit.data,
                    period=form.period.data,
                ),
                beneficiary_id=form.beneficiary_id.data or None,
            )
            flash_ok(_("成效已登记，等待受益方确认。"))
            return done(introduction_id, "outcomes")
    return page(introduction_id, outcome_form=form)


@bp.post("/outcomes/<int:outcome_id>/confirm")
@signed_in
def confirm_outcome(outcome_id: int) -> ResponseReturnValue:
    outcome = service.confirm(current_actor(), outcome_id)
    flash_ok(_("成效已确认并计入统计。"))
    return done(outcome.introduction_id, "outcomes")


@bp.post("/outcomes/<int:outcome_id>/contest")
@signed_in
def contest_outcome(outcome_id: int) -> ResponseReturnValue:
    outcome = service.contest(current_actor(), outcome_id, request.form.get("reason", ""))
    flash_ok(_("已提出异议。"))
    return done(outcome.introduction_id, "outcomes")
