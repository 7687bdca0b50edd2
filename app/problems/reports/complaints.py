"""A complaint made where one complained before becomes a problem: a number, a clock, somebody who answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from app.ecosystem.door import Answering
from app.identity.door import SYSTEM, Actor, roles
from app.problems.reports.service import Report, register

if TYPE_CHECKING:
    from app.ecosystem.door import Signal


def take_over(actor: Actor, signal: Signal) -> str:
    """The complaint stays the evidence; answers by what name that is kept."""
    staff = actor.may(roles.WORKS_FOR_THE_PARK) or actor.is_system
    report = Report(
        category="chain" if signal.segment else "other",
        text=signal.text,
        firm=signal.organisation_id if staff else None,
        source=f"signal:{signal.id}",
        theme=signal.topic or None,
        segment=signal.segment,
        resource=signal.resource_id,
    )
    made = register(SYSTEM if staff else actor, report)
    return f"problem:{made.problem.id}"


def page(resource_id: int | None) -> str:
    return url_for("problems.report", resource=resource_id)


ANSWERING = Answering(take_over, page)
