"""What the page of a problem says of the things it is about, as far as its reader may follow them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _

from app.ecosystem import door as ecosystem
from app.hall.db.base import db
from app.hall.rooms import Door
from app.identity.door import Actor
from app.problems import sight
from app.problems.reports.models import Problem
from app.problems.shapes import About
from app.sharing import door as sharing
from app.upkeep import door as upkeep

SHOWN = 20


@dataclass(frozen=True)
class Subject:
    """One thing a problem is about: its kind, how it is called, how it stands, and where it is seen."""

    kind: str
    name: str
    state: str = ""
    url: str = ""


def subjects_of(actor: Actor, problem: Problem) -> list[Subject]:
    """Segment, resource, work order, need and initiative of a problem; links only to what the reader may open."""
    found = []
    if problem.segment:
        url = ecosystem.segment_url(actor, problem.segment)
        found.append(Subject("segment", ecosystem.segment_name(problem.segment), url=url))
    if problem.resource_id is not None:
        row = sharing.resources_by_id([problem.resource_id]).get(problem.resource_id)
        if row is not None:
            found.append(Subject("resource", row.name, url=f"/sharing/resources/{row.id}"))
    if problem.work_order_id is not None:
        order = upkeep.order_of(actor, problem.work_order_id)
        found.append(Subject("work_order", order.title, order.state, order.url))
    if problem.post_id is not None:
        post = ecosystem.find_posts(actor, [problem.post_id]).get(problem.post_id)
        url = f"/ecosystem/posts/{problem.post_id}" if post is not None else ""
        found.append(Subject("need", f"#{problem.post_id}", post.state if post is not None else "", url))
    if problem.initiative_id is not None:
        one = ecosystem.initiative_info(problem.initiative_id)
        url = one.url if ecosystem.may_read_initiatives(actor) else ""
        found.append(Subject("initiative", one.title, one.state, url))
    return found


def about_out(actor: Actor, problem: Problem) -> list[About]:
    """The same for a call."""
    return [
        {"kind": one.kind, "name": one.name, "state": one.state, "url": one.url}
        for one in subjects_of(actor, problem)
    ]


def equipment(actor: Actor) -> list[tuple[int, str]]:
    """Shared instruments a problem may be about, by name."""
    found = [(one.id, one.name) for one in sharing.listed_equipment(actor)]
    return sorted(found, key=lambda pair: pair[1])


def origins(actor: Actor, sources: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Number and address of the problems that evidence came from, by its source, where this reader may see them."""
    ids = {int(one.removeprefix("problem:")): one for one in sources if one.startswith("problem:")}
    if not ids:
        return {}
    query = sa.select(Problem.id, Problem.number).where(
        Problem.id.in_(sorted(ids)), sight.visible(sight.reader_of(actor))
    )
    return {ids[one]: (number, f"/problems/{number}") for one, number in db.session.execute(query)}


def back(actor: Actor, kind: str, number: int) -> list[Door]:
    """From a work order, a need or an initiative back to the problems it answers, where this reader may see them."""
    columns = {
        "work_order": Problem.work_order_id,
        "post": Problem.post_id,
        "initiative": Problem.initiative_id,
    }
    if kind not in columns:
        return []
    seen = sight.visible(sight.reader_of(actor))
    query = sa.select(Problem.number, Problem.text).where(columns[kind] == number)
    found = [
        Door(f"{one.number} · {one.text[:30]}", f"/problems/{one.number}", "message-report")
        for one in db.session.execute(query.where(seen).order_by(Problem.id).limit(SHOWN))
    ]
    if kind == "initiative":
        every = db.session.scalar(sa.select(sa.func.count()).where(Problem.initiative_id == number)) or 0
        if every > len(found):
            found.append(Door(_("另有 %(n)s 件只对办理人员显示", n=every - len(found)), "", "lock"))
    return found
