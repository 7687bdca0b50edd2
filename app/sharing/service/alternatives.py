"""What can be had instead: the same instrument at another time, another one at that time."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db
from app.identity.service import Actor, OrganisationInfo
from app.sharing import booking_rules, pricing
from app.sharing.booking_rules import Candidate, Offer
from app.sharing.calendar import DAY, Interval
from app.sharing.models import Resource, ResourceWord
from app.sharing.park_time import iso, minute_of, moment_of
from app.sharing.service import loading, standing

REACH = 7 * DAY
OTHERS = 12


def alternatives(
    actor: Actor,
    organisation: OrganisationInfo,
    resource: Resource,
    wished: Interval,
    limit: int = 5,
) -> list[dict[str, Any]]:
    """Up to `limit` offers, best first, each of which could be booked as it stands."""
    resources = [resource] if resource.status == "listed" else []
    resources += _similar(resource)
    if not resources:
        return []
    now = minute_of(clock.now()) + 1
    wished = _bookable(actor, wished, now, resource)
    window = Interval(wished.start - REACH - DAY, wished.start + REACH + wished.minutes + DAY)
    ids = [r.id for r in resources]
    calendars, states = loading.stock(resources, window)
    tariffs = loading.tariffs([resource, *resources])
    tariffs |= {r.id: loading.OWN_USE for r in (resource, *resources) if r.owner_id == actor.organisation_id}
    begins_before = standing.begins_before(actor, resources)
    words = _words([*ids, resource.id])  # the wished one may be withdrawn meanwhile
    group = loading.group_of(organisation)
    candidates = []
    for other in (r for r in resources if r.id in begins_before):
        near = booking_rules.fitness(words[resource.id], words[other.id], other.building == resource.building)
        candidates.append(
            Candidate(
                other.id,
                calendars[other.id],
                states[other.id],
                standing.terms_for(actor, other, now),
                1.0 if other.id == resource.id else near,
                standing.quota_left(actor, other, window),
                begins_before[other.id],
            )
        )
    if not candidates:
        return []
    spans = _near(candidates, wished, now, resource.id)
    if not spans:  # nothing of the wished length: a shorter time is better than none
        shortest = min(c.terms.shortest for c in candidates)
        for minutes in booking_rules.shorter(wished.minutes, shortest):
            spans += _near(candidates, Interval(wished.start, wished.start + minutes), now, resource.id)
    offers = [
        Offer(one.resource, span, pricing.price(tariffs[one.resource], group, [span]), one.fitness)
        for one, span in spans
    ]
    asked = pricing.price(tariffs[resource.id], group, [wished])
    by_id = {r.id: r for r in resources}
    return [
        {
            "resource": offer.resource,
            "name": by_id[offer.resource].name,
            "start": iso(moment_of(offer.span.start)),
            "end": iso(moment_of(offer.span.end)),
            "price_fen": offer.price_fen,
            "minutes": offer.span.minutes,
            "shorter": offer.span.minutes < wished.minutes,
        }
        for offer in booking_rules.rank(offers, wished, resource.id, asked, limit)
    ]


def _bookable(actor: Actor, wished: Interval, now: int, resource: Resource) -> Interval:
    """The wish, or for one in the past or beyond the horizon the nearest time at which it could be booked at all."""
    terms = standing.terms_for(actor, resource, now)
    start = max(wished.start, now + terms.lead)
    if terms.horizon is not None:
        start = max(now, min(start, now + terms.horizon))
    return Interval(start, start + wished.minutes)


def _near(
    candidates: list[Candidate], wished: Interval, now: int, wanted: int
) -> list[tuple[Candidate, Interval]]:
    """What the candidates have near the wish: the wanted one within a week, others within a day."""
    found = []
    for one in candidates:
        reach, most = (REACH, 6) if one.resource == wanted else (DAY, 2)
        found += [(one, span) for span in booking_rules.starts_for(one, wished, now, reach, most)]
    return found


def _similar(resource: Resource) -> list[Resource]:
    """Listed instruments of the same kind and category, the most alike first, at most `OTHERS`.

    Without a category only those that share a word of the name count as alike.
    """
    mine = sa.select(ResourceWord.word).where(
        ResourceWord.resource_id == resource.id, ResourceWord.weight >= 2
    )
    shared = (
        sa.select(ResourceWord.resource_id, sa.func.count().label("n"))
        .where(ResourceWord.word.in_(mine))
        .group_by(ResourceWord.resource_id)
        .subquery()
    )
    query = (
        sa.select(Resource)
        .join(shared, shared.c.resource_id == Resource.id, isouter=bool(resource.category))
        .where(
            Resource.kind == resource.kind,
            Resource.category == resource.category,
            Resource.status == "listed",
            Resource.id != resource.id,
        )
        .order_by(sa.func.coalesce(shared.c.n, 0).desc(), Resource.id)
        .limit(OTHERS)
    )
    return list(db.session.scalars(query))


def _words(ids: list[int]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {i: set() for i in ids}
    rows = db.session.execute(
        sa.select(ResourceWord.resource_id, ResourceWord.word).where(
            ResourceWord.resource_id.in_(ids), ResourceWord.weight >= 2
        )
    )
    for row in rows:
        found[row.resource_id].add(row.word)
    return {i: frozenset(words) for i, words in found.items()}
