"""What happened to a claim, step by step: its own page tells it, and the park's audit trail."""

from __future__ import annotations

from app.credits.claims.models import Claim, ClaimStep
from app.hall import clock
from app.hall.db.base import db
from app.identity import door as identity
from app.identity.door import Actor


def note_step(claim: Claim, action: str, actor: Actor, reason: str = "") -> None:
    """The claim's own history, and the park's audit trail."""
    step = ClaimStep(
        claim_id=claim.id, action=action, member_id=actor.member_id or None, at=clock.now(), reason=reason
    )
    db.session.add(step)
    identity.audit(actor, f"claim.{action}", "claim", claim.id, reason)
