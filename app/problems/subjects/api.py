"""The same acts as calls: what a problem is about, the machine to mend, the need on the market."""

from __future__ import annotations

from app.hall.api.idempotency import idempotent
from app.hall.web.guards import current_actor, signed_in
from app.problems import schemas
from app.problems.api import problem_out
from app.problems.pages import api
from app.problems.reports.models import Problem
from app.problems.subjects import service, shapes
from app.problems.subjects.queries import about_out


def _out(problem: Problem) -> shapes.ProblemSubject:
    return {**problem_out(problem), "about": about_out(current_actor(), problem)}


@api.post("/<int:problem_id>/subject")
@signed_in
@idempotent
def name_subject(path: schemas.ProblemPath, body: schemas.SubjectBody) -> shapes.ProblemSubject:
    """Say which segment or resource it is about: it is evidence there from now on."""
    return _out(service.name_subject(current_actor(), path.problem_id, body.segment, body.resource))


@api.post("/<int:problem_id>/work-order")
@signed_in
@idempotent
def open_work_order(path: schemas.ProblemPath, body: schemas.MendBody) -> shapes.ProblemSubject:
    """Open the work order of the machine it names, once; where it stands, its calendar closes."""
    return _out(service.mend(current_actor(), path.problem_id, body.stops))


@api.post("/<int:problem_id>/need")
@signed_in
@idempotent
def open_need(path: schemas.ProblemPath, body: schemas.NeedBody) -> shapes.ProblemSubject:
    """Nobody in the park offers it: a need on the market."""
    return _out(service.seek(current_actor(), path.problem_id, body.title))
