"""University projects with their dates, the 183-day rule, half-year figures, and joint bases."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.ecosystem import limits, sight, states
from app.ecosystem.choices import organisations, segments
from app.ecosystem.market import queries as market_queries
from app.ecosystem.market.models import Post
from app.ecosystem.pages import bp
from app.ecosystem.projects import rules, service
from app.ecosystem.projects.rules import BasePlan, Plan
from app.ecosystem.projects.schemas import BaseForm, ProjectForm, StageForm
from app.ecosystem.projects.words import STAGES
from app.ecosystem.round_table import queries as round_table_queries
from app.ecosystem.schemas import choices
from app.hall import clock
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only, signed_in
from app.identity.door import Actor, roles


@bp.get("/projects")
@signed_in
def projects_page() -> ResponseReturnValue:
    actor = current_actor()
    rows = service.all_projects()
    bases = service.bases()
    firms = service.firms_of([b.id for b in bases])
    pure = service.as_pure(rows)
    ids = {r.university_id for r in rows} | {r.enterprise_id for r in rows}
    ids |= {b.university_id for b in bases} | {f for group in firms.values() for f in group}
    return render_template(
        "ecosystem/projects/projects.html",
        rows=rows,
        days={p.id: rules.days_to_production(p) for p in pure},
        in_time={p.id for p in pure if rules.in_time(p)},
        named={r.id for r in rows if service.may_read(actor, r)},
        halves=rules.half_years(pure),
        bases=bases,
        firms=firms,
        who=sight.organisations(ids),
        running=sum(r.stage not in ("production", "dropped") for r in rows),
        can_start=actor.may(roles.STARTS_PROJECTS),
        is_staff=sight.is_matchmaker(actor),
        rule=limits.TRANSFER_DAYS,
    )


@bp.route("/projects/new", methods=["GET", "POST"])
@only(roles.STARTS_PROJECTS)
def new_project() -> ResponseReturnValue:
    actor = current_actor()
    form = ProjectForm()
    need = _need(actor)
    form.university_id.choices = choices(organisations("university", "institute"))
    form.enterprise_id.choices = choices(organisations("enterprise"))
    form.segment.choices = choices(segments())
    form.base_id.choices = choices([(0, "—"), *((b.id, b.name) for b in service.bases())])
    if form.validate_on_submit():
        with refusals_to(form):
            row = service.start(
                actor,
                Plan(
                    title=form.title.data,
                    university_id=form.university_id.data,
                    enterprise_id=form.enterprise_id.data,
                    started_on=form.started_on.data,
                    base_id=form.base_id.data or None,
                    segment=form.segment.data or None,
                    need_id=need.id if need else None,
                ),
            )
            flash_ok(_("项目已建立。"))
            return redirect(url_for("ecosystem.project", project_id=row.id), 303)
    elif request.method == "GET":
        form.started_on.data = clock.today()
        form.university_id.data = actor.organisation_id
        if need is not None:
            form.segment.data = market_queries.shown_segment(actor, need) or ""
            if market_queries.shows_identity(actor, need):
                form.title.data, form.enterprise_id.data = need.title, need.organisation_id
    return render_template("ecosystem/projects/project_form.html", form=form, need=need), form_status(form)


def _need(actor: Actor) -> Post | None:
    """Return the need a project is started from, if the address names one the reader may see."""
    number = whole(request.args.get("need"))
    return market_queries.get(actor, number) if number is not None else None


@bp.route("/projects/<int:project_id>", methods=["GET", "POST"])
@signed_in
def project(project_id: int) -> ResponseReturnValue:
    actor = current_actor()
    row = service.get(actor, project_id)
    form = StageForm()
    form.stage.choices = choices([(s, _stage(s)) for s in states.reachable(rules.TRANSFER, row.stage)])
    if form.validate_on_submit():
        with refusals_to(form):
            service.advance(actor, row.id, form.stage.data, form.on.data, form.note.data or "")
            flash_ok(_("项目进展已更新。"))
            return redirect(url_for("ecosystem.project", project_id=row.id), 303)
    elif request.method == "GET":
        form.on.data = clock.today()
    pure = service.as_pure([row])[0]
    sides = (row.university_id, row.enterprise_id)
    may = actor.may(roles.WRITES_POSTS) and (actor.organisation_id in sides or sight.is_matchmaker(actor))
    return (
        render_template(
            "ecosystem/projects/project.html",
            row=row,
            form=form,
            who=sight.organisations(sides),
            need=market_queries.find_many(actor, [row.need_id or 0]).get(row.need_id or 0),
            days=rules.days_to_production(pure),
            in_time=rules.in_time(pure),
            running_days=(clock.today() - row.started_on).days,
            rule=limits.TRANSFER_DAYS,
            stages=service.STAGES,
            can_write=may and row.stage not in ("production", "dropped"),
        ),
        form_status(form),
    )


def _stage(stage: str) -> str:

    return str(STAGES[stage])


@bp.route("/bases/new", methods=["GET", "POST"])
@only(roles.MATCHES_PARTIES)
def new_base() -> ResponseReturnValue:
    form = BaseForm()
    form.university_id.choices = choices(organisations("university", "institute"))
    form.firms.choices = choices(organisations("enterprise"))
    form.resolution_id.choices = choices(
        [(0, "—"), *((r.id, r.text[:40]) for r in round_table_queries.resolutions())]
    )
    if form.validate_on_submit():
        with refusals_to(form):
            service.found_base(
                current_actor(),
                BasePlan(
                    name=form.name.data,
                    field=form.field.data or "",
                    university_id=form.university_id.data,
                    firms=form.firms.data or [],
                    founded_on=form.founded_on.data,
                    resolution_id=form.resolution_id.data or None,
                ),
            )
            flash_ok(_("联合基地已建立。"))
            return redirect(url_for("ecosystem.projects_page"), 303)
    elif request.method == "GET":
        form.founded_on.data = clock.today()
        number = whole(request.args.get("resolution"))
        if number is not None:
            resolution, said = round_table_queries.voices_behind(number)
            form.resolution_id.data, form.firms.data = resolution.id, said
            form.university_id.data = resolution.owner_id
    return render_template("ecosystem/projects/base_form.html", form=form), form_status(form)
