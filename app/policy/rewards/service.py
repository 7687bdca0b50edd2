"""Rewards of kind policy: whoever is not eligible is refused before any credits are held."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.credits import door as credits
from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import Reason
from app.identity import door as identity
from app.policy.facts.service import facts_of
from app.policy.fits.service import look
from app.policy.fits.store import versions_by_id
from app.policy.versions.models import Policy, PolicyVersion


def doubts(params: dict[str, Any]) -> tuple[Reason, ...]:
    """A reward that names no policy in force cannot be had by anybody."""
    return () if _in_force(params) is not None else (Reason("policy_not_found"),)


def _in_force(params: dict[str, Any]) -> int | None:
    return db.session.scalar(
        sa.select(PolicyVersion.id)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .where(Policy.code == str(params.get("policy", "")), PolicyVersion.state == "in_force")
    )


def eligible(organisation_id: int, params: dict[str, Any]) -> tuple[Reason, ...]:
    """Why a firm may not have a reward that a policy stands behind; `params["policy"]` names the policy."""
    version_id = _in_force(params)
    if version_id is None:
        return ()  # said by `doubts` already
    day = clock.today()
    version = versions_by_id([version_id], day)[version_id]
    firm = identity.get_organisation(organisation_id)
    seen = look(facts_of({firm.id: firm.code})[firm.id], [version], day)[0]
    return () if seen.fit.push else (Reason("policy_not_eligible", {"title": version.titles}),)


def hand_over(order: credits.FulfilmentOrder) -> credits.Fulfilment:
    """The park handed it over; what it stands on is the policy's page."""
    return credits.Fulfilment(order.reward_name, "/policy/")
