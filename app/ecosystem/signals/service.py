"""The one door through which complaints, visit remarks and refused bookings become evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.chain import door as chain
from app.ecosystem import sight, sources
from app.ecosystem.market import queries as market_queries
from app.ecosystem.market import rules as market_rules
from app.ecosystem.signals import rules
from app.ecosystem.signals.models import Signal, SignalTag
from app.ecosystem.signals.rules import Heard
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import NotFound
from app.hall.months import last_day, month_of
from app.hall.text.normalise import escape_like
from app.identity import door as identity
from app.identity.door import Actor


def record_signal(actor: Actor, heard: rules.Heard) -> Signal:
    """Keep something heard or refused; with a `source` the same thing told twice is kept once.

    Firms may complain in their own name; remarks about others come from the park's staff.
    """
    rules.check(heard, clock.today())
    organisation_id = heard.organisation_id
    if not sight.is_matchmaker(actor):
        sight.must_write(actor)
        rules.must_be_own(heard, actor.organisation_id)
        organisation_id = actor.organisation_id
    if not actor.is_system:
        about(actor, heard.post_id, heard.resource_id)
    with transaction() as session:
        if heard.source is not None:
            known = session.scalar(sa.select(Signal).where(Signal.source == heard.source))
            if known is not None:
                known.minutes, known.text = heard.minutes, heard.text.strip()[:1000]
                known.segment = heard.segment or known.segment
                known.resource_id = heard.resource_id or known.resource_id
                return known
        row = Signal(
            kind=heard.kind,
            text=heard.text.strip()[:1000],
            topic=heard.topic.strip()[:60],
            organisation_id=organisation_id,
            segment=heard.segment or None,
            resource_id=heard.resource_id,
            post_id=heard.post_id,
            minutes=heard.minutes,
            occurred_on=heard.occurred_on or clock.today(),
            source=heard.source,
            member_id=actor.member_id or None,
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        session.add_all(SignalTag(signal_id=row.id, tag=tag) for tag in market_rules.clean_tags(heard.tags))
        identity.audit(actor, "signal.recorded", "signal", row.id, kind=heard.kind)
        session.flush()
        return row


def query(actor: Actor, kind: str = "", q: str = "", tag: str = "", segment: str = "") -> sa.Select[Signal]:
    """Return the statement for the signals this reader may see: the staff all, a firm its own."""
    found = sa.select(Signal)
    if not sight.may_read_all(actor):
        found = found.where(Signal.organisation_id == actor.organisation_id)
    if kind:
        found = found.where(Signal.kind == kind)
    if segment:
        found = found.where(Signal.segment == segment)
    if tag:
        found = found.where(Signal.id.in_(sa.select(SignalTag.signal_id).where(SignalTag.tag == tag)))
    for word in q.split()[:6]:
        like = f"%{escape_like(word)}%"
        found = found.where(
            sa.or_(Signal.text.ilike(like, escape="\\"), Signal.topic.ilike(like, escape="\\"))
        )
    return found


HEARD_DAYS = 365
MOST_SENTENCES = 5


def heard_on(actor: Actor, segments: Sequence[str]) -> dict[str, chain.Heard]:
    """What firms said about these segments within a year, newest first; hours that were refused are no sentences."""
    since = clock.today() - dt.timedelta(days=HEARD_DAYS)
    rows = db.session.scalars(
        query(actor)
        .where(
            Signal.segment.in_(list(segments)),
            Signal.kind != "refused_booking",
            Signal.occurred_on >= since,
        )
        .order_by(Signal.occurred_on.desc(), Signal.id.desc())
    )
    said: dict[str, list[Signal]] = {}
    for row in rows:
        said.setdefault(row.segment or "", []).append(row)
    return {
        segment: chain.Heard(
            len(found),
            len({row.organisation_id for row in found if row.organisation_id}),
            tuple(row.text for row in found[:MOST_SENTENCES]),
            f"/ecosystem/signals?segment={segment}",
        )
        for segment, found in said.items()
    }


def tags_of(ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    wanted = sorted(set(ids))
    for signal_id, tag in db.session.execute(
        sa.select(SignalTag.signal_id, SignalTag.tag)
        .where(SignalTag.signal_id.in_(wanted))
        .order_by(SignalTag.tag)
    ):
        found.setdefault(signal_id, []).append(tag)
    return {id_: tuple(found.get(id_, ())) for id_ in wanted}


def get(actor: Actor, signal_id: int) -> Signal:
    row = db.session.scalar(query(actor).where(Signal.id == signal_id))
    if row is None:
        raise NotFound("signal_not_found")
    return row


@dataclass(frozen=True)
class About:
    """What a signal is attached to."""

    title: str
    url: str


def about(actor: Actor, post_id: int | None, resource_id: int | None) -> list[About]:
    """Return the need and the resource with these numbers; one the actor may not know of is refused."""
    found = []
    if post_id is not None:
        post = market_queries.get(actor, post_id)
        title = post.title if market_queries.shows_identity(actor, post) else post.shown_title
        found.append(About(title, f"/ecosystem/posts/{post.id}"))
    if resource_id is not None:
        name = sources.resource_names([resource_id]).get(resource_id)
        if name is None:
            raise NotFound("resource_not_found")
        found.append(About(name, f"/sharing/resources/{resource_id}"))
    return found


def abouts(actor: Actor, rows: Sequence[Signal]) -> dict[int, list[About]]:
    """Return what each signal is attached to, as far as its reader may know of it."""

    names = sources.resource_names({r.resource_id for r in rows if r.resource_id is not None})
    needs = market_queries.find_many(actor, (r.post_id for r in rows if r.post_id is not None))
    found: dict[int, list[About]] = {}
    for row in rows:
        post = needs.get(row.post_id or 0)
        if post is not None:
            title = post.title if market_queries.shows_identity(actor, post) else post.shown_title
            found.setdefault(row.id, []).append(About(title, f"/ecosystem/posts/{post.id}"))
        if row.resource_id in names:
            found.setdefault(row.id, []).append(
                About(names[row.resource_id], f"/sharing/resources/{row.resource_id}")
            )
    return found


def about_post(actor: Actor, post_id: int) -> list[Signal]:
    """Return the latest signals attached to a need that this reader may see."""
    found = query(actor).where(Signal.post_id == post_id)
    return list(db.session.scalars(found.order_by(Signal.occurred_on.desc(), Signal.id.desc()).limit(10)))


def take_refused_bookings(days: int = 90) -> int:
    """Turn the hours that could not be booked into one signal per class of instrument and month; idempotent."""

    made = 0
    today = clock.today()
    with transaction():
        for month in {(today - dt.timedelta(days=n)).replace(day=1) for n in range(0, days, 15)}:
            for row in sources.refused_demand(month):
                record_signal(
                    identity.SYSTEM,
                    Heard(
                        kind="refused_booking",
                        text=row.label,
                        topic=row.topic,
                        resource_id=row.resources[0] if row.resources else None,
                        minutes=row.minutes,
                        occurred_on=min(today, last_day(month_of(month))),
                        source=f"refused:{row.topic}:{month:%Y-%m}",
                    ),
                )
                made += 1
    return made
