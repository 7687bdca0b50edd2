"""What the chain room's pages may show of the rooms above it: fillers of a gap, what a firm shares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import url_for

from app.chain.service import beyond
from app.ecosystem.messages import FILLER_KINDS, filler_reason
from app.ecosystem.service import around, gap_page

if TYPE_CHECKING:
    from app.identity.service import Actor

FIRST = 4


def fillers(actor: Actor, segment: str) -> beyond.Fillers | None:
    """Instruments, patents, talent and offers; the chain room names the firms to recruit itself."""
    if segment not in around.segments():
        return None
    view = gap_page.look(actor, segment)
    kinds = {kind: rows for kind, rows in view.fillers.items() if kind != "prospect"}
    things = [
        beyond.Thing(str(FILLER_KINDS[kind]), row.title, filler_reason(row.filler), row.url)
        for kind, rows in kinds.items()
        for row in rows
    ]
    return beyond.Fillers(tuple(things[:FIRST]), len(things), url_for("ecosystem.gap", segment=segment))


def shares(_actor: Actor, organisation_id: int) -> Iterable[beyond.Thing]:
    """What a firm has in the catalogue, which every signed-in member may read."""
    for row in around.resources_by_id().values():
        if row.owner_id == organisation_id:
            yield beyond.Thing(
                str(FILLER_KINDS[row.kind]), row.name, row.category, f"/sharing/resources/{row.id}"
            )


def register() -> None:
    beyond.register_fill(fillers)
    beyond.register_share(shares)
