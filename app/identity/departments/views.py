"""The park's pages of departments, duties, working hours, buildings and rooms."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice

from app.hall import clock
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only
from app.identity.departments import service
from app.identity.departments.rules import Post
from app.identity.departments.schemas import BuildingForm, DepartmentForm, DutyForm, HoursForm, RoomForm
from app.identity.departments.words import DUTY_NAMES
from app.identity.organisations.directory import members_of
from app.identity.pages import bp
from app.identity.places import service as places
from app.identity.roles import RUNS_THE_PARK

bp.add_app_template_global(places.place_names, "park_places")


@bp.route("/identity/departments", methods=["GET", "POST"])
@only(RUNS_THE_PARK)
def departments() -> ResponseReturnValue:
    """Departments with their people and duties; a form adds one more."""
    form = DepartmentForm()
    if form.validate_on_submit():
        with refusals_to(form):
            service.add_department(
                current_actor(), form.code.data or "", form.name_zh.data or "", form.name_en.data or ""
            )
            flash_ok(_("部门已添加。"))
            return redirect(url_for("identity.departments"), 303)
    return _departments(form, _duty_form(None), HoursForm(formdata=None)), form_status(form)


@bp.post("/identity/departments/<int:department_id>/people")
@only(RUNS_THE_PARK)
def department_people(department_id: int) -> ResponseReturnValue:
    wanted = [one for text in request.form.getlist("people") if (one := whole(text)) is not None]
    service.set_people(current_actor(), department_id, wanted)
    flash_ok(_("部门成员已更新。"))
    return redirect(url_for("identity.departments"), 303)


@bp.post("/identity/duties")
@only(RUNS_THE_PARK)
def give_duty() -> ResponseReturnValue:
    form = _duty_form(request.form)
    if form.validate():
        with refusals_to(form):
            post = Post(
                0,
                form.kind.data,
                form.member_id.data,
                form.from_on.data or clock.today(),
                form.until_on.data,
                form.department_id.data or None,
                form.instead_of_id.data or None,
            )
            service.give_duty(current_actor(), post)
            flash_ok(_("任职已登记。"))
            return redirect(url_for("identity.departments"), 303)
    page = _departments(DepartmentForm(formdata=None), form, HoursForm(formdata=None))
    return page, max(form_status(form), 422 if form.errors else 200)


@bp.post("/identity/duties/<int:duty_id>/end")
@only(RUNS_THE_PARK)
def end_duty(duty_id: int) -> ResponseReturnValue:
    service.end_duty(current_actor(), duty_id, clock.today())
    flash_ok(_("任职今天结束。"))
    return redirect(url_for("identity.departments"), 303)


@bp.post("/identity/working-hours")
@only(RUNS_THE_PARK)
def working_hours() -> ResponseReturnValue:
    form = HoursForm()
    if form.validate():
        with refusals_to(form):
            service.set_working_hours(current_actor(), _spans(form.hours.data or ""))
            flash_ok(_("工作时段已更新。"))
            return redirect(url_for("identity.departments"), 303)
    page = _departments(DepartmentForm(formdata=None), _duty_form(None), form)
    return page, max(form_status(form), 422 if form.errors else 200)


def _spans(text: str) -> list[tuple[str, str]]:
    """`09:00-12:00, 13:00-17:30` as pairs; what is no pair stays wrong for the rule to refuse."""
    found = []
    for part in text.replace("，", ",").replace("–", "-").split(","):
        first, _dash, last = part.strip().partition("-")
        found.append((first.strip(), last.strip()))
    return found


def _departments(form: DepartmentForm, duty_form: DutyForm, hours_form: HoursForm) -> str:
    rows = service.list_departments()
    staff = {member.id: member for member in members_of(current_actor().organisation_id)}
    if hours_form.hours.data is None:
        hours_form.hours.data = ", ".join(
            f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in service.working_hours()
        )
    return render_template(
        "identity/departments/departments.html",
        form=form,
        duty_form=duty_form,
        hours_form=hours_form,
        rows=rows,
        people=service.people_of(row.id for row in rows),
        staff=staff,
        duties=service.posts(),
        duty_names=DUTY_NAMES,
        names={row.id: row.name for row in rows},
    )


def _duty_form(data: Any) -> DutyForm:
    form = DutyForm(formdata=data)
    none = SelectChoice(0, "—")
    staff = [SelectChoice(one.id, one.name) for one in members_of(current_actor().organisation_id)]
    form.kind.choices = [SelectChoice(code, name) for code, name in DUTY_NAMES.items()]
    form.member_id.choices = staff
    form.instead_of_id.choices = [none, *staff]
    form.department_id.choices = [none, *(SelectChoice(d.id, d.name) for d in service.list_departments())]
    if form.from_on.data is None and data is None:
        form.from_on.data = clock.today()
    return form


@bp.route("/identity/places", methods=["GET", "POST"])
@only(RUNS_THE_PARK)
def places_page() -> ResponseReturnValue:
    """Buildings and rooms; two small forms add more."""
    wants_room = request.form.get("what") == "room"
    building = BuildingForm(formdata=None if wants_room else request.form)
    room = RoomForm(formdata=request.form if wants_room else None)
    room.building_id.choices = [SelectChoice(one.id, one.name) for one in places.list_buildings()]
    form: FlaskForm = room if wants_room else building
    if request.method == "POST" and form.validate():
        with refusals_to(form):
            _add_place(building, room, wants_room)
            flash_ok(_("已添加。"))
            return redirect(url_for("identity.places_page"), 303)
    page = render_template(
        "identity/places/places.html",
        building_form=building,
        room_form=room,
        buildings=places.list_buildings(),
        rooms=places.list_rooms(),
        missing=places.missing_rows(),
    )
    return page, form_status(form)


@bp.post("/identity/places/register")
@only(RUNS_THE_PARK)
def register_place_texts() -> Any:
    """What only stands as text becomes buildings and rooms."""
    count = places.register_texts(current_actor())
    flash_ok(_("已登记 %(num)s 处楼宇与房间。", num=count))
    return redirect(url_for("identity.places_page"), 303)


def _add_place(building: BuildingForm, room: RoomForm, wants_room: bool) -> None:
    actor = current_actor()
    if wants_room:
        texts = (room.floor.data, room.code.data, room.name_zh.data, room.name_en.data)
        places.add_room(actor, room.building_id.data, *(text or "" for text in texts))
    else:
        texts_of_building = (building.code.data, building.name_zh.data, building.name_en.data)
        places.add_building(actor, *(text or "" for text in texts_of_building))


def holds_today(post: Post, today: dt.date) -> bool:
    return post.holds(today)


bp.add_app_template_test(holds_today, "held_on")
