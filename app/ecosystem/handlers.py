"""What this room answers for lower rooms: credits and rewards of introductions, fillers of a gap, what a firm shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import url_for
from flask_babel import lazy_gettext as _l

from app.chain import door as chain
from app.credits import door as credits
from app.credits.door import FulfilmentOrder
from app.ecosystem import sources, ties
from app.ecosystem.committee import starter
from app.ecosystem.gaps import service as gaps
from app.ecosystem.gaps.words import FILLER_KINDS, filler_reason
from app.ecosystem.introductions import queries as introductions_queries
from app.ecosystem.introductions import service as introductions
from app.ecosystem.introductions.models import Introduction
from app.ecosystem.signals import service as signals
from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import Conflict, Reason
from app.identity import door as identity
from app.identity.door import Actor, OrganisationInfo

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
    return credits.Fulfilment(f"#{row.id}", introductions_queries.URL.format(row.id))


def doubts(params: Mapping[str, object]) -> tuple[Reason, ...]:
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


#: How many things a page of the chain names before it leads to the whole gap.
FIRST = 4


def fillers(actor: Actor, segment: str) -> chain.Fillers | None:
    """Instruments, patents, talent and offers; the chain room names the firms to recruit itself."""
    if segment not in sources.segments():
        return None
    kinds = gaps.in_the_park(actor, segment)
    things = [
        chain.Thing(str(FILLER_KINDS[kind]), row.title, filler_reason(row.filler), row.url)
        for kind, rows in kinds.items()
        for row in rows
    ]
    return chain.Fillers(tuple(things[:FIRST]), len(things), url_for("ecosystem.gap", segment=segment))


def shares(_actor: Actor, organisation_id: int) -> Iterable[chain.Thing]:
    """What a firm has in the catalogue, which every signed-in member may read."""
    for row in sources.resources_by_id().values():
        if row.owner_id == organisation_id:
            yield chain.Thing(
                str(FILLER_KINDS[row.kind]), row.name, row.category, f"/sharing/resources/{row.id}"
            )


def register() -> None:
    """Tell the lower rooms what to call; when the app is made."""
    ties.register()
    starter.register()
    credits.register_fulfilment("introduction", _l("高校对接"), fulfil_introduction, doubts)
    chain.register_fill(fillers)
    chain.register_share(shares)
    chain.register_heard(signals.heard_on)
