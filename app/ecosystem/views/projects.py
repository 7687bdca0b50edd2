"""University projects with their dates, the 183-day rule, half-year figures, and joint bases."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.ecosystem import pipeline
from app.ecosystem.forms import BaseForm, ProjectForm, StageForm, choices
from app.ecosystem.service import committee, posts, projects, sight
from app.ecosystem.views import bp
from app.ecosystem.views.choices import organisations, segments
from app.web import current_actor, flash_ok, form_status, refusals_to, roles, signed_in


@bp.get("/projects")
@signed_in
def projects_page() -> Any:
    actor = current_actor()
    rows = projects.all_projects()
    bases = projects.bases()
    firms = projects.firms_of([b.id for b in bases])
    pure = projects.as_pure(rows)
    ids = {r.university_id for r in rows} | {r.enterprise_id for r in rows}
    ids |= {b.university_id for b in bases} | {f for group in firms.values() for f in group}
    return render_template(
        "ecosystem/projects.html",
        rows=rows,
        days={p.id: pipeline.days_to_production(p) for p in pure},
        in_time={p.id for p in pure if pipeline.in_time(p)},
        named={r.id for r in rows if projects.may_read(actor, r)},
        halves=pipeline.half_years(pure),
        bases=bases,
        firms=firms,
        who=sight.organisations(ids),
        running=sum(r.stage not in ("production", "dropped") for r in rows),
        can_start=actor.has("university_office", *sight.MATCHMAKERS),
        is_staff=sight.is_matchmaker(actor),
        rule=pipeline.TRANSFER_DAYS,
    )


@bp.route("/projects/new", methods=["GET", "POST"])
@roles("university_office", *sight.MATCHMAKERS)
def new_project() -> Any:
    actor = current_actor()
    form = ProjectForm()
    need = _need(actor)
    form.university_id.choices = choices(organisations("university", "institute"))
    form.enterprise_id.choices = choices(organisations("enterprise"))
    form.segment.choices = choices(segments())
    form.base_id.choices = choices([(0, "—"), *((b.id, b.name) for b in projects.bases())])
    if form.validate_on_submit():
        with refusals_to(form):
            row = projects.start(
                actor,
                title=form.title.data,
                university_id=form.university_id.data,
                enterprise_id=form.enterprise_id.data,
                started_on=form.started_on.data,
                base_id=form.base_id.data or None,
                segment=form.segment.data or None,
                need_id=need.id if need else None,
            )
            flash_ok(_("项目已建立。"))
            return redirect(url_for("ecosystem.project", project_id=row.id), 303)
    elif request.method == "GET":
        form.started_on.data = clock.today()
        form.university_id.data = actor.organisation_id
        if need is not None:
            form.segment.data = posts.shown_segment(actor, need) or ""
            if posts.shows_identity(actor, need):
                form.title.data, form.enterprise_id.data = need.title, need.organisation_id
    return render_template("ecosystem/project_form.html", form=form, need=need), form_status(form)


def _need(actor: Any) -> Any:
    """Return the need a project is started from, if the address names one the reader may see."""
    number = request.args.get("need", "")
    return posts.get(actor, int(number)) if number.isdecimal() and len(number) < 16 else None


@bp.route("/projects/<int:project_id>", methods=["GET", "POST"])
@signed_in
def project(project_id: int) -> Any:
    actor = current_actor()
    row = projects.get(actor, project_id)
    form = StageForm()
    form.stage.choices = choices([(s, _stage(s)) for s in pipeline.reachable("transfer", row.stage)])
    if form.validate_on_submit():
        with refusals_to(form):
            projects.advance(actor, row.id, form.stage.data, form.on.data, form.note.data or "")
            flash_ok(_("项目进展已更新。"))
            return redirect(url_for("ecosystem.project", project_id=row.id), 303)
    elif request.method == "GET":
        form.on.data = clock.today()
    pure = projects.as_pure([row])[0]
    sides = (row.university_id, row.enterprise_id)
    may = actor.has(*sight.WRITERS) and (actor.organisation_id in sides or sight.is_matchmaker(actor))
    return (
        render_template(
            "ecosystem/project.html",
            row=row,
            form=form,
            who=sight.organisations(sides),
            need=posts.find_many(actor, [row.need_id or 0]).get(row.need_id or 0),
            days=pipeline.days_to_production(pure),
            in_time=pipeline.in_time(pure),
            running_days=(clock.today() - row.started_on).days,
            rule=pipeline.TRANSFER_DAYS,
            stages=projects.STAGES,
            can_write=may and row.stage not in ("production", "dropped"),
        ),
        form_status(form),
    )


def _stage(stage: str) -> str:
    from app.ecosystem.messages import STAGES

    return str(STAGES[stage])


@bp.route("/bases/new", methods=["GET", "POST"])
@roles(*sight.MATCHMAKERS)
def new_base() -> Any:
    form = BaseForm()
    form.university_id.choices = choices(organisations("university", "institute"))
    form.firms.choices = choices(organisations("enterprise"))
    form.resolution_id.choices = choices([(0, "—"), *((r.id, r.text[:40]) for r in committee.resolutions())])
    if form.validate_on_submit():
        with refusals_to(form):
            projects.found_base(
                current_actor(),
                name=form.name.data,
                field=form.field.data or "",
                university_id=form.university_id.data,
                firms=form.firms.data or [],
                founded_on=form.founded_on.data,
                resolution_id=form.resolution_id.data or None,
            )
            flash_ok(_("联合基地已建立。"))
            return redirect(url_for("ecosystem.projects_page"), 303)
    elif request.method == "GET":
        form.founded_on.data = clock.today()
        number = request.args.get("resolution", "")
        if number.isdecimal() and len(number) < 16:
            resolution, said = committee.voices_behind(int(number))
            form.resolution_id.data, form.firms.data = resolution.id, said
            form.university_id.data = resolution.owner_id
    return render_template("ecosystem/base_form.html", form=form), form_status(form)
