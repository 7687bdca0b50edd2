"""What is read of service packs: contents, wishes, introductions that came of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.ecosystem import sight, sources
from app.ecosystem.introductions.models import Introduction
from app.ecosystem.packs import industries
from app.ecosystem.packs.models import PackItem, ServicePack
from app.ecosystem.packs.rules import ANY
from app.hall.db.base import db
from app.hall.db.counting import Question, counted, how_many
from app.hall.errors import NotFound
from app.identity import door as identity
from app.identity.door import Actor, OrganisationInfo
from app.sharing import door as sharing

URL = "/ecosystem/packs/{}"


def get(actor: Actor, pack_id: int) -> ServicePack:
    if not sight.may_read_all(actor):
        raise NotFound("pack_not_found")
    row = db.session.get(ServicePack, pack_id)
    if row is None:
        raise NotFound("pack_not_found")
    return row


def all_packs() -> list[ServicePack]:
    return list(db.session.scalars(sa.select(ServicePack).order_by(ServicePack.id.desc()).limit(200)))


def items(pack_id: int) -> list[PackItem]:
    query = sa.select(PackItem).where(PackItem.pack_id == pack_id)
    return list(db.session.scalars(query.order_by(PackItem.position, PackItem.id)))


@dataclass(frozen=True)
class Milestone:
    """What a newcomer has to get done, and within how many days of its landing."""

    code: str  # of the pack's item, or of the industry's line
    title_zh: str
    title_en: str
    due_days: int


def milestones_of(organisation_id: int) -> list[Milestone]:
    """Return the milestones of the newest pack that was made for this firm, else of its industry, soonest first."""
    newest = (
        sa.select(sa.func.max(ServicePack.id))
        .where(ServicePack.enterprise_id == organisation_id)
        .scalar_subquery()
    )
    rows = db.session.scalars(
        sa.select(PackItem)
        .where(PackItem.pack_id == newest, PackItem.due_days.is_not(None))
        .order_by(PackItem.id)
    ).all()
    found = [
        Milestone(f"pack:{row.id}", row.title, row.reason.get("en", ""), row.due_days or 0) for row in rows
    ] or _of_industry(identity.get_organisation(organisation_id).industry or ANY)
    return sorted(found, key=lambda one: one.due_days)


def _of_industry(code: str) -> list[Milestone]:
    """What every firm of an industry is told to get done, as the park keeps it."""
    return [
        Milestone(f"{code}:{number}", line.zh, line.en, line.due_days)
        for number, line in enumerate(industries.of_industry(code).lines, start=1)
        if line.due_days is not None
    ]


def next_free(rows: Sequence[PackItem]) -> dict[int, dt.datetime]:
    """When the instruments of a pack can be had next, by resource."""
    ids = [row.reason["resource"] for row in rows if row.kind == "resource" and "resource" in row.reason]
    return sharing.next_free_of(ids) if ids else {}


def requests(actor: Actor) -> list[tuple[PackItem, ServicePack]]:
    """Return the prospects' wishes to meet the actor's organisation, newest first."""
    rows = db.session.execute(
        sa.select(PackItem, ServicePack)
        .join(ServicePack, ServicePack.id == PackItem.pack_id)
        .where(PackItem.organisation_id == actor.organisation_id, PackItem.wanted_at.is_not(None))
        .order_by(PackItem.wanted_at.desc(), PackItem.id.desc())
    )
    return [(item, pack) for item, pack in rows]


def packs_for(prospect_id: int) -> list[ServicePack]:
    """The packs made for a prospect, newest first."""
    query = sa.select(ServicePack).where(ServicePack.prospect_id == prospect_id)
    return list(db.session.scalars(query.order_by(ServicePack.id.desc()).limit(10)))


def prospect_code(prospect_id: int) -> str:
    """The code of a prospect that may still come; empty for all others."""
    return next((one.code for one in sources.prospects() if one.id == prospect_id), "")


def requests_of(actor: Actor) -> Question:
    """How many prospects wait for this organisation's yes."""
    return how_many(
        PackItem.organisation_id == actor.organisation_id,
        PackItem.wanted_at.is_not(None),
        PackItem.agreed_at.is_(None),
        PackItem.declined_at.is_(None),
    )


def count_requests(actor: Actor) -> int:
    return counted(requests_of(actor))[0]


def introductions_of(pack_ids: Sequence[int]) -> dict[int, list[Introduction]]:
    found: dict[int, list[Introduction]] = {}
    for row in db.session.scalars(
        sa.select(Introduction).where(Introduction.pack_id.in_(pack_ids)).order_by(Introduction.id)
    ):
        found.setdefault(row.pack_id or 0, []).append(row)
    return found


def prepared_by() -> str:
    """Return the name of the park, which signs the pack."""
    park = identity.list_organisations(kind="park", per_page=1).items
    return park[0].name if park else ""


def seen_names(rows: Sequence[PackItem]) -> dict[int, OrganisationInfo]:
    """Return who stands behind the items both sides agreed on; nobody else is named."""
    agreed = {row.id: row.organisation_id for row in rows if row.agreed_at and row.organisation_id}
    who = sight.organisations(agreed.values())
    return {id_: who[organisation] for id_, organisation in agreed.items() if organisation in who}
