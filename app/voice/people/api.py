"""The API of specialists, their training and their weeks at firms; the channels of a quarter."""

from __future__ import annotations

import datetime as dt

from app.hall import clock
from app.hall.api.blueprint import listed_part
from app.hall.api.fields import PartQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.web.guards import current_actor, only
from app.identity.door import roles
from app.voice import schemas
from app.voice.channels import service as channels
from app.voice.pages import api
from app.voice.people import service, shapes
from app.voice.people.models import Shadowing, Training


def _day(value: dt.date | None) -> str | None:
    return value.isoformat() if value else None


def training_out(row: Training) -> shapes.Training:
    return {
        "id": row.id,
        "title": row.title,
        "hours": row.hours,
        "due_on": row.due_on.isoformat(),
        "done_on": _day(row.done_on),
    }


def shadowing_out(row: Shadowing) -> shapes.Shadowing:
    return {
        "id": row.id,
        "from": row.from_on.isoformat(),
        "until": row.until_on.isoformat(),
        "state": row.state,
        "seen": row.seen,
    }


@api.get("/specialists")
@only(roles.SEES_SPECIALISTS)
def list_specialists(query: PartQuery) -> Listed[shapes.Specialist]:
    """Who visits: years of service, training plan, weeks at firms."""
    items: list[shapes.Specialist] = [
        {
            "login": one.member.login,
            "name": one.member.name,
            "employed_since": _day(one.employed_since),
            "may_visit_from": _day(one.may_visit_from),
            "suspended_because": one.suspended_because,
            "visits_a_day": one.visits_a_day,
            "without_a_week": one.without_a_week,
            "training": [training_out(row) for row in one.trainings],
            "shadowing": [{**shadowing_out(row), "enterprise": firm} for row, firm in one.weeks],
        }
        for one in service.cards()
    ]
    return listed_part(items, query)


@api.post("/specialists")
@only(roles.KEEPS_SPECIALISTS)
@idempotent
def set_specialist(body: schemas.SpecialistBody) -> shapes.SpecialistSet:
    """Since when somebody serves, whether the right to visit is withdrawn, what binds them to firms."""
    bound = (
        None
        if body.ties is None
        else [
            service.TieTo(one.enterprise.upper(), one.owns_part, one.employed, one.left_on)
            for one in body.ties
        ]
    )
    row = service.set_specialist(
        current_actor(), body.login, body.employed_since, body.suspended_because, body.visits_a_day, bound
    )
    return {"login": body.login, "employed_since": _day(row.employed_since), "visits_a_day": row.visits_a_day}


@api.post("/trainings")
@only(roles.KEEPS_SPECIALISTS)
@idempotent
def plan_training(body: schemas.TrainingBody) -> tuple[shapes.Training, int]:
    """One line of a training plan."""
    row = service.plan_training(current_actor(), body.login, body.title, body.hours, body.due_on)
    return training_out(row), 201


@api.post("/trainings/<int:number>/done")
@only(roles.SEES_SPECIALISTS)
@idempotent
def training_done(path: schemas.IdPath, body: schemas.DoneBody) -> shapes.Training:
    """Done on a day."""
    return training_out(service.training_done(current_actor(), path.number, body.on or clock.today()))


@api.post("/shadowings")
@only(roles.SEES_SPECIALISTS)
@idempotent
def plan_shadowing(body: schemas.ShadowingBody) -> tuple[shapes.Shadowing, int]:
    """Days at a firm."""
    row = service.plan_shadowing(current_actor(), body.login, body.enterprise, body.from_on, body.until_on)
    return shadowing_out(row), 201


@api.post("/shadowings/<int:number>/done")
@only(roles.SEES_SPECIALISTS)
@idempotent
def shadowing_done(path: schemas.IdPath, body: schemas.TextBody) -> shapes.Shadowing:
    """What was seen there: kept, and a remark of the firm on the channel `shadowing`."""
    return shadowing_out(service.end_shadowing(current_actor(), path.number, body.text))


@api.get("/channels")
@only(roles.SEES_CHANNELS)
def show_channels(query: schemas.QuarterQuery) -> shapes.ChannelFigures:
    """The channels of a quarter: volume, speed, problems a contact, and those that are dead."""
    found = channels.of_quarter(current_actor(), query.on)
    return {
        "from": found.first_on.isoformat(),
        "until": found.until_on.isoformat(),
        "channels": [
            {
                "channel": row.channel,
                "contacts": row.contacts,
                "remarks": row.remarks,
                "problems": row.problems,
                "share_percent": row.share_percent,
                "problems_per_contact": row.per_contact,
                "median_days_to_answer": row.median_days,
                "answered": row.answered,
                "dead": row.dead,
            }
            for row in found.rows
        ],
        "layers": [{"layer": one.layer, "firms": one.firms, "heard": one.heard} for one in found.layers],
        "best": {"channel": found.best[0], "against": found.best[1], "times": found.best[2]}
        if found.best
        else None,
    }
