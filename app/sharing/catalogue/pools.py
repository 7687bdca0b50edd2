"""Changing what a patent costs or what an expert offers; a listing that would tell a name is refused."""

from __future__ import annotations

from collections.abc import Sequence

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid, NotFound
from app.identity import door as identity
from app.identity.door import Actor
from app.sharing import access
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue.models import Patent, Resource, Talent
from app.sharing.catalogue.service import NewPatent, NewTalent, check_fee, check_talent, index


def edit_patent(
    actor: Actor, resource_id: int, name: str, category: str, description: str, patent: NewPatent
) -> Resource:
    """New terms for licences to come; granted licences keep theirs, and the number stays."""
    check_fee(patent)
    with transaction():
        row = _row(actor, resource_id, "patent")
        detail = db.session.get_one(Patent, row.id)
        detail.fee_fen, detail.fee_basis = patent.fee_fen, patent.fee_basis
        detail.expires_on, detail.exclusive = patent.expires_on, patent.exclusive
        return _written(actor, row, name, category, description, ())


def edit_talent(
    actor: Actor, resource_id: int, name: str, category: str, description: str, talent: NewTalent
) -> Resource:
    """A new profile; without a new name or contact the old ones stay."""
    with transaction():
        row = _row(actor, resource_id, "talent")
        detail = db.session.get_one(Talent, row.id)
        detail.person_name = talent.person_name.strip() or detail.person_name
        detail.contact = talent.contact.strip() or detail.contact
        check_talent(detail.person_name, name, description, *talent.skills)
        detail.skills, detail.years = list(talent.skills), talent.years
        detail.days_per_month, detail.fee_fen_per_day = talent.days_per_month, talent.fee_fen_per_day
        return _written(actor, row, name, category, description, talent.skills)


def _row(actor: Actor, resource_id: int, kind: str) -> Resource:
    row = resource_records.get_resource(resource_id, lock=True)
    access.require_runner_or_park(actor, row.owner_id)
    if row.kind != kind:
        raise NotFound("resource_not_found")
    return row


def _written(
    actor: Actor, row: Resource, name: str, category: str, description: str, more: Sequence[str]
) -> Resource:
    if not name.strip():
        raise Invalid("resource_name")
    row.name, row.category, row.description = name.strip(), category.strip(), description.strip()
    row.updated_at = clock.now()
    index(row, more)
    identity.audit(actor, "resource.changed", "resource", row.id)
    return row
