"""The weights in force, and how new ones come into force: one proposes, another approves."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid, NotAllowed, NotFound, Reason
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.insight.weights.models import WeightsVersion
from app.insight.weights.rules import Weight, doubts


def in_force() -> WeightsVersion:
    found = db.session.scalar(sa.select(WeightsVersion).where(WeightsVersion.state == "in_force"))
    if found is None:
        raise NotFound("insight_weights_missing")
    return found


def weights_of(version: WeightsVersion) -> dict[str, tuple[int, Fraction, Fraction]]:
    return {
        code: (int(weight), Fraction(target), Fraction(red))
        for code, (weight, target, red) in version.weights.items()
    }


def list_versions() -> list[WeightsVersion]:
    """The newest first."""
    return list(db.session.scalars(sa.select(WeightsVersion).order_by(WeightsVersion.id.desc()).limit(50)))


def propose(actor: Actor, weights: Mapping[str, Weight], note: str) -> WeightsVersion:
    """New weights of all dimensions; they count from their approval on, for every month shown."""
    if not actor.may(roles.PROPOSES_INSIGHT_CHANGES):
        raise NotAllowed("insight_analysts_only")
    known = tuple(in_force().weights)
    reasons = [Reason(code, params) for code, params in doubts(weights, known)]
    if reasons:
        raise Invalid("insight_weights_refused", reasons)
    with transaction() as session:
        row = WeightsVersion(
            state="proposed",
            weights={code: [one.weight, str(one.target), str(one.red)] for code, one in weights.items()},
            note=note.strip()[:500],
            proposed_by_id=actor.member_id,
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        identity.audit(actor, "insight_weights.proposed", "insight_weights", row.id)
        return row
