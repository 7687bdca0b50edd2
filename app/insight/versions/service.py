"""How a proposed version comes into force: another person approves, the one before is superseded."""

from __future__ import annotations

from typing import TypeVar

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, NotAllowed, NotFound
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.insight.themes.models import CodebookVersion
from app.insight.weights.models import WeightsVersion

Row = TypeVar("Row", WeightsVersion, CodebookVersion)


def decide(actor: Actor, model: type[Row], version_id: int, approve: bool) -> Row:
    """Approved by another person than the proposer it comes into force at once."""
    if not actor.may(roles.APPROVES_INSIGHT_CHANGES):
        raise NotAllowed("insight_approvers_only")
    with transaction() as session:
        row: Row | None = session.scalar(locked(sa.select(model).where(model.id == version_id)))
        if row is None:
            raise NotFound("insight_version_not_found")
        if row.state != "proposed":
            raise Conflict("insight_version_decided")
        if row.proposed_by_id == actor.member_id:
            raise NotAllowed("insight_four_eyes")
        identity.require_second_person(actor, row.proposed_by_id)
        if approve:
            session.execute(sa.update(model).where(model.state == "in_force").values(state="superseded"))
            row.approved_by_id, row.in_force_at = actor.member_id, clock.now()
        row.state = "in_force" if approve else "rejected"
        identity.audit(actor, f"{model.__tablename__}.{row.state}", model.__tablename__, row.id)
        return row
