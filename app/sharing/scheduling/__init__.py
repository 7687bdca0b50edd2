"""The optimiser of flexible requests: reads an instance, plans it, explains the plan. Knows neither web nor database.

Start reading at `model` (the words), `reading` (the file format), `worth` (what a place is worth), `solving` (the route).
The solvers are imported by the first call, not by the first import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.sharing.scheduling.model import Assignment, Instance, Instrument, Plan, Progress, Rejection, Request
from app.sharing.scheduling.reading import (
    BadInstance,
    Problem,
    document_of,
    instance_from,
    plan_document,
    plan_from,
)

if TYPE_CHECKING:
    from app.sharing.scheduling.checker import check
    from app.sharing.scheduling.explaining import explain, value_of
    from app.sharing.scheduling.fairness import Share, shares
    from app.sharing.scheduling.queueing import first_come
    from app.sharing.scheduling.replanning import Move, replan
    from app.sharing.scheduling.solving import solve

__all__ = [
    "Assignment",
    "BadInstance",
    "Instance",
    "Instrument",
    "Move",
    "Plan",
    "Problem",
    "Progress",
    "Rejection",
    "Request",
    "Share",
    "check",
    "document_of",
    "explain",
    "first_come",
    "instance_from",
    "plan_document",
    "plan_from",
    "replan",
    "shares",
    "solve",
    "value_of",
]

_HOMES = {
    "check": "checker",
    "explain": "explaining",
    "value_of": "explaining",
    "Share": "fairness",
    "shares": "fairness",
    "Move": "replanning",
    "replan": "replanning",
    "first_come": "queueing",
    "solve": "solving",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    import importlib

    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
