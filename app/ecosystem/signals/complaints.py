"""A complaint is somebody's to answer: it stays here as evidence, and a room above makes it a problem with a clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.ecosystem.signals import service
from app.ecosystem.signals.models import Signal
from app.ecosystem.signals.rules import Heard
from app.hall.db.transaction import transaction
from app.identity.door import Actor

COMPLAINT = "complaint"


@dataclass(frozen=True)
class Answering:
    """The room that answers complaints: takes one over (answering by what name it is kept), and where one complains."""

    take_over: Callable[[Actor, Signal], str]
    page: Callable[[int | None], str]


_answering: list[Answering] = []  # at most one


def on_complaint(room: Answering) -> None:
    """Called once when the application is made; the last one counts."""
    _answering[:] = [room]


def page_of_complaints(resource_id: int | None) -> str | None:
    """Where a firm says what is wrong; None while nobody answers complaints."""
    return _answering[0].page(resource_id) if _answering else None


def record(actor: Actor, heard: Heard) -> Signal:
    """Keep what was heard; a firm's complaint is handed on to who answers it, both or neither."""
    with transaction():
        row = service.record_signal(actor, heard)
        if row.kind == COMPLAINT and row.organisation_id is not None and row.source is None and _answering:
            row.source = _answering[0].take_over(actor, row)
        return row
