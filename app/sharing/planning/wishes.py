"""Flexible wishes: so many hours, any of these instruments, within these windows."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotFound, Reason
from app.identity.door import Actor, roles
from app.sharing import access
from app.sharing.bookings import standing
from app.sharing.bookings.reasons import worded
from app.sharing.calendar.park_time import interval
from app.sharing.calendar.rules import Interval
from app.sharing.catalogue.models import Resource
from app.sharing.planning.models import SlotRequest
from app.sharing.states import SLOT_REQUEST, step

MOST_RESOURCES = 50
MOST_WINDOWS = 20
MOST_OPEN = 50
FURTHEST = dt.timedelta(days=92)

Span = tuple[dt.datetime, dt.datetime]


def ask(
    actor: Actor,
    resource_ids: Sequence[int],
    windows: Sequence[Span],
    duration_minutes: int,
    *,
    preferred_at: dt.datetime | None = None,
    priority: int = 3,
    purpose: str = "",
) -> SlotRequest:
    """Leave a flexible wish for the next planning round; says everything that is wrong with it."""
    access.require_writer(actor)
    with transaction():
        resources = list(
            db.session.scalars(
                sa.select(Resource)
                .where(Resource.id.in_(set(resource_ids)), Resource.kind == "equipment")
                .order_by(Resource.id)
            )
        )
        problems = _problems(resource_ids, resources, windows, duration_minutes, preferred_at, purpose)
        problems = problems or _unusable(actor, resources, windows, duration_minutes)
        if problems:
            raise Invalid("slot_request_refused", problems)
        waiting = db.session.scalar(
            sa.select(sa.func.count()).where(
                SlotRequest.organisation_id == actor.organisation_id, SlotRequest.state == "open"
            )
        )
        if (waiting or 0) >= MOST_OPEN:
            raise Conflict("slot_requests_most", most=MOST_OPEN)
        row = SlotRequest(
            organisation_id=actor.organisation_id,
            member_id=actor.member_id,
            resources=[resource.id for resource in resources],
            windows=[[start.isoformat(), end.isoformat()] for start, end in sorted(windows)],
            duration_minutes=duration_minutes,
            preferred_at=preferred_at,
            priority=min(5, max(1, priority)),
            purpose=purpose.strip(),
            state="open",
            created_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        return row


def _problems(
    asked: Sequence[int],
    resources: Sequence[Resource],
    windows: Sequence[Span],
    minutes: int,
    preferred_at: dt.datetime | None,
    purpose: str,
) -> list[Reason]:
    found: list[Reason] = []
    if not asked or len(set(asked)) > MOST_RESOURCES:
        found.append(Reason("slot_request_resources", {"most": MOST_RESOURCES}))
    if len(resources) < len(set(asked)) or any(r.status != "listed" for r in resources):
        found.append(Reason("slot_request_unknown"))
    found += _wrong_windows(windows, minutes)
    if minutes <= 0 or minutes % 5:
        found.append(Reason("slot_request_minutes"))
    elif resources and not any(_allows(r, minutes) for r in resources):
        found.append(Reason("slot_request_length"))
    if preferred_at is not None and not any(start <= preferred_at < end for start, end in windows):
        found.append(Reason("slot_request_preferred"))
    if len(purpose) > 500:
        found.append(Reason("slot_request_purpose"))
    return found


def _wrong_windows(windows: Sequence[Span], minutes: int) -> Iterator[Reason]:
    now = clock.now()
    if not windows or len(windows) > MOST_WINDOWS:
        yield Reason("slot_request_windows", {"most": MOST_WINDOWS})
    if any(end <= start or end <= now or end > now + FURTHEST for start, end in windows):
        yield Reason("slot_request_window", {"days": FURTHEST.days})
    elif any(later[0] < earlier[1] for earlier, later in _pairs(sorted(windows))):
        yield Reason("slot_request_overlap")
    elif windows and not any(end - start >= dt.timedelta(minutes=minutes) for start, end in windows):
        yield Reason("slot_request_too_short")


def _unusable(
    actor: Actor, resources: Sequence[Resource], windows: Sequence[Span], minutes: int
) -> list[Reason]:
    """Why a wish can never be placed: its member may book none of the instruments at the times it names."""
    spans = [interval(*span) for span in windows]
    whole = Interval(min(span.start for span in spans), max(span.end for span in spans))
    refused = standing.why_never(actor, resources, whole, minutes)
    if any(resource.id not in refused for resource in resources):
        return []
    told = {(one.code, str(one.params)): one for reasons in refused.values() for one in reasons}
    return [Reason("slot_request_unusable"), *map(worded, told.values())]


def _pairs(items: Sequence[Any]) -> Iterable[tuple[Any, Any]]:
    return itertools.pairwise(items)


def _allows(resource: Resource, minutes: int) -> bool:
    return resource.min_minutes <= minutes <= resource.max_minutes and minutes % resource.step_minutes == 0


def wishes_statement(actor: Actor) -> sa.Select[SlotRequest]:
    """The wishes a reader may see: their own organisation's; all of them for the park and the auditor."""
    query = sa.select(SlotRequest)
    if not actor.may(roles.SEES_ALL_PLANS):
        query = query.where(SlotRequest.organisation_id == actor.organisation_id)
    return query


def get_wish(actor: Actor, request_id: int) -> SlotRequest:
    row: SlotRequest | None = db.session.scalar(wishes_statement(actor).where(SlotRequest.id == request_id))
    if row is None:
        raise NotFound("slot_request_not_found")
    return row


def withdraw(actor: Actor, request_id: int) -> SlotRequest:
    """Take one's wish back before it is placed."""
    access.require_writer(actor)
    with transaction():
        query = sa.select(SlotRequest).where(
            SlotRequest.id == request_id, SlotRequest.organisation_id == actor.organisation_id
        )
        row: SlotRequest | None = db.session.scalar(locked(query))
        if row is None:
            raise NotFound("slot_request_not_found")
        row.state = step(SLOT_REQUEST, row.state, "withdrawn")
        return row


def windows_of(row: SlotRequest) -> list[Span]:
    return [(dt.datetime.fromisoformat(a), dt.datetime.fromisoformat(b)) for a, b in row.windows]


def open_wishes(resource_ids: Iterable[int], until: dt.datetime | None = None) -> list[SlotRequest]:
    """Wishes that wait and could be served by one of these resources, oldest first."""
    wanted = set(resource_ids)
    rows = db.session.scalars(
        sa.select(SlotRequest).where(SlotRequest.state == "open").order_by(SlotRequest.id)
    )
    now = clock.now()
    return [
        row
        for row in rows
        if wanted & set(row.resources)
        and any(end > now and (until is None or start < until) for start, end in windows_of(row))
    ]
