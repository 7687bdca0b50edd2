"""What can be had instead: the same instrument at another time, another one at that time."""

from __future__ import annotations

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.identity.door import Actor, OrganisationInfo
from app.sharing.bookings import offers, shapes, standing
from app.sharing.bookings.offers import Candidate, Offer
from app.sharing.calendar import stock
from app.sharing.calendar.park_time import iso, minute_of, moment_of
from app.sharing.calendar.rules import DAY, Interval
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue.models import Resource, ResourceWord
from app.sharing.use import rules as use_rules
from app.sharing.use import tariffs as use_tariffs

REACH = 7 * DAY
OTHERS = 12


def alternatives(
    actor: Actor,
    organisation: OrganisationInfo,
    resource: Resource,
    wished: Interval,
    limit: int = 5,
) -> list[shapes.Alternative]:
    """Up to `limit` offers, best first, each of which could be booked as it stands."""
    resources = [resource] if resource.status == "listed" else []
    resources += _similar(actor, resource)
    if not resources:
        return []
    now = minute_of(clock.now()) + 1
    wished = _bookable(actor, wished, now, resource)
    window = Interval(wished.start - REACH - DAY, wished.start + REACH + wished.minutes + DAY)
    ids = [r.id for r in resources]
    calendars, states = stock.stock(resources, window)
    tariffs = use_tariffs.tariffs([resource, *resources])
    tariffs |= {
        r.id: use_tariffs.OWN_USE for r in (resource, *resources) if r.owner_id == actor.organisation_id
    }
    begins_before = standing.begins_before(actor, resources)
    words = _words([*ids, resource.id])  # the wished one may be withdrawn meanwhile
    group = use_tariffs.group_of(organisation)
    candidates = []
    for other in (r for r in resources if r.id in begins_before):
        near = offers.fitness(words[resource.id], words[other.id], other.building == resource.building)
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
        for minutes in offers.shorter(wished.minutes, shortest):
            spans += _near(candidates, Interval(wished.start, wished.start + minutes), now, resource.id)
    found = [
        Offer(one.resource, span, use_rules.price(tariffs[one.resource], group, [span]), one.fitness)
        for one, span in spans
    ]
    asked = use_rules.price(tariffs[resource.id], group, [wished])
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
        for offer in offers.rank(found, wished, resource.id, asked, limit)
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
        found += [(one, span) for span in offers.starts_for(one, wished, now, reach, most)]
    return found


def _similar(actor: Actor, resource: Resource) -> list[Resource]:
    """Listed instruments that do the same, the most alike first, at most `OTHERS`.

    The same category, a word of the name in common, and a parameter in common where both name their parameters.
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
        .join(shared, shared.c.resource_id == Resource.id)
        .where(
            Resource.kind == resource.kind,
            Resource.category == resource.category,
            Resource.status == "listed",
            resource_records.found_by(actor),
            Resource.id != resource.id,
        )
        .order_by(shared.c.n.desc(), Resource.id)
        .limit(5 * OTHERS)
    )
    own = set(resource.specifications)
    return [
        other
        for other in db.session.scalars(query)
        if not own or not other.specifications or own & set(other.specifications)
    ][:OTHERS]


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
