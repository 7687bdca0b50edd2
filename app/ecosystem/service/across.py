"""What this room does for the others: credits for a verified introduction, introductions from redeemed rewards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app import clock
from app.credits import service as credits
from app.db import db
from app.ecosystem.models import Introduction
from app.ecosystem.service import for_chain, introductions
from app.errors import Conflict, Reason
from app.identity import service as identity

if TYPE_CHECKING:
    from app.credits.service import FulfilmentOrder
    from app.identity.service import OrganisationInfo

RULE = "introduction_verified"


def award_introduction(introduction_id: int) -> None:
    """Credit both firms of a verified introduction, once each however often this is told."""
    row = db.session.get(Introduction, introduction_id)
    if row is None or row.state != "verified":
        return
    for side in (row.asking_id, row.giving_id):
        if side is None:
            continue
        who = identity.get_organisation(side)
        if who.kind != "enterprise":
            continue
        key = f"introduction:{row.id}:{who.code}"
        credits.award(
            identity.SYSTEM,
            who.id,
            RULE,
            clock.day_of(row.closed_at or clock.now()),
            [("platform", key)],
            key,
        )
    if row.credited_at is None:
        row.credited_at = clock.now()


def fulfil_introduction(order: FulfilmentOrder) -> credits.Fulfilment:
    """Open the introduction a redeemed reward promised; runs inside the transaction that captures the credits."""
    partner = _partner(order)
    row = introductions.open_from_reward(
        order.redemption_id, order.organisation_id, partner.id, order.reward_name
    )
    return credits.Fulfilment(f"对接 #{row.id}", introductions.URL.format(row.id))


def doubts(params: dict[str, Any]) -> tuple[Reason, ...]:
    """Why no introduction could come of a reward: it names a partner that is not (or no longer) in the park's directory."""
    code = str(params.get("partner") or "")
    if code and _named(code) is None:
        return (Reason("reward_partner_unknown", {"partner": code}),)
    return ()


def _named(code: str) -> OrganisationInfo | None:
    found = identity.find_organisation(code)
    return found if found is not None and found.status == "active" else None


def _partner(order: FulfilmentOrder) -> OrganisationInfo:
    """The organisation the reward names; the first university where it names none."""
    code = str(order.params.get("partner") or "")
    if code:
        found = _named(code)
        if found is None:
            raise Conflict("reward_partner_unknown", partner=code)
    else:
        found = next(iter(identity.list_organisations(kind="university", per_page=1).items), None)
    if found is None or found.id == order.organisation_id:
        raise Conflict("reward_without_partner")
    return found


def register() -> None:
    """Tell the lower rooms what to call; when the app is made."""
    credits.register_fulfilment("introduction", fulfil_introduction, doubts)
    for_chain.register()
