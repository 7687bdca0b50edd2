"""企业画像: one page of what all rooms know of an organisation and this reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.hall.errors import NotFound
from app.identity.actor import Actor
from app.identity.joining.ties import Line, all_ties
from app.identity.organisations.models import Organisation
from app.identity.roles import SEES_ORGANISATIONS


@dataclass(frozen=True)
class Part:
    """What one room knows."""

    title: str
    lines: Sequence[Line]


def may_see(actor: Actor, organisation_id: int) -> bool:
    """Everybody sees their own organisation's page, the park's office every one."""
    return actor.organisation_id == organisation_id or actor.may(SEES_ORGANISATIONS)


def portrait(actor: Actor, row: Organisation | None) -> list[Part]:
    """Each room's part; a room with nothing to say is left out."""
    if row is None or row.kind == "park" or not may_see(actor, row.id):
        raise NotFound("organisation_not_found")
    parts = [Part(str(ties.title), list(ties.lines(actor, row.id))) for ties in all_ties()]
    return [part for part in parts if part.lines]
