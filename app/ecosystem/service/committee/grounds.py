"""The rows an agenda item was computed from, as its reader may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.db import db
from app.ecosystem.models import AgendaItem, Post, Resolution, Signal
from app.ecosystem.service import posts, sight
from app.errors import NotFound

if TYPE_CHECKING:
    from app.identity.service import Actor, OrganisationInfo


@dataclass(frozen=True)
class Ground:
    """One row behind an agenda item; `who` is None while it is masked."""

    kind: str
    text: str
    url: str
    who: OrganisationInfo | None


def evidence_of(actor: Actor, items: Sequence[AgendaItem]) -> dict[int, list[Ground]]:
    """Return what each item rests on: the staff read it all, others the posts that are open to them anyway."""
    wanted: dict[str, set[int]] = {}
    for item in items:
        for kind, id_ in item.evidence:
            wanted.setdefault("post" if kind in ("need", "offer") else kind, set()).add(id_)
    rows = {kind: _rows(kind, ids) for kind, ids in wanted.items()}
    who = sight.organisations(
        getattr(row, "organisation_id", None) for found in rows.values() for row in found.values()
    )
    shown: dict[int, list[Ground]] = {}
    for item in items:
        for kind, id_ in item.evidence:
            row = rows["post" if kind in ("need", "offer") else kind].get(id_)
            if row is not None and (ground := _ground(actor, kind, row, who)) is not None:
                shown.setdefault(item.id, []).append(ground)
    return shown


MODELS: dict[str, Any] = {"post": Post, "resolution": Resolution, "signal": Signal}


def voices_behind(resolution_id: int) -> tuple[Resolution, list[int]]:
    """Return a resolution and the firms whose needs and signals its agenda item rests on."""
    resolution = db.session.get(Resolution, resolution_id)
    if resolution is None:
        raise NotFound("resolution_not_found")
    item = db.session.get(AgendaItem, resolution.agenda_item_id) if resolution.agenda_item_id else None
    said: set[int] = set()
    for model, kinds in ((Post, ("need",)), (Signal, ("signal",))):
        ids = [id_ for kind, id_ in (item.evidence if item else []) if kind in kinds]
        rows = db.session.scalars(sa.select(model.organisation_id).where(model.id.in_(ids)))
        said |= {id_ for id_ in rows if id_ is not None}
    return resolution, sorted(said)


def _rows(kind: str, ids: set[int]) -> dict[int, Post | Resolution | Signal]:
    model = MODELS[kind]
    return {row.id: row for row in db.session.scalars(sa.select(model).where(model.id.in_(ids)))}


def _ground(
    actor: Actor, kind: str, row: Post | Resolution | Signal, who: dict[int, OrganisationInfo]
) -> Ground | None:
    if isinstance(row, Post):
        if not posts.may_read(actor, row):
            return None
        named = posts.shows_identity(actor, row)
        title = row.title if named else row.shown_title
        return Ground(kind, title, f"/ecosystem/posts/{row.id}", who[row.organisation_id] if named else None)
    if isinstance(row, Resolution):
        return Ground(kind, row.text, "/ecosystem/committee#resolutions", None)
    if not sight.may_read_all(actor) and row.organisation_id != actor.organisation_id:
        return None
    return Ground(kind, row.text, "", who.get(row.organisation_id) if row.organisation_id else None)
