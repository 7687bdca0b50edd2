"""The one door through which complaints, visit remarks and refused bookings become evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.ecosystem.models import Signal, SignalTag
from app.ecosystem.service import posts, sight
from app.errors import Invalid, NotAllowed, NotFound
from app.identity import service as identity

if TYPE_CHECKING:
    from app.identity.service import Actor

KINDS = ("complaint", "visit", "survey", "refused_booking")


def record_signal(
    actor: Actor,
    *,
    kind: str,
    text: str,
    topic: str = "",
    organisation_id: int | None = None,
    segment: str | None = None,
    resource_id: int | None = None,
    post_id: int | None = None,
    minutes: int = 0,
    tags: Iterable[str] = (),
    occurred_on: dt.date | None = None,
    source: str | None = None,
) -> Signal:
    """Keep something heard or refused; with a `source` the same thing told twice is kept once.

    Firms may complain in their own name; remarks about others come from the park's staff.
    """
    if kind not in KINDS or not text.strip():
        raise Invalid("signal_incomplete")
    day = occurred_on or clock.today()
    if day > clock.today():
        raise Invalid("signal_in_future")
    staff = sight.is_matchmaker(actor)
    if not staff:
        sight.must_write(actor)
        if kind != "complaint" or organisation_id not in (None, actor.organisation_id):
            raise NotAllowed("only_matchmakers")
        organisation_id = actor.organisation_id
    if not actor.is_system:
        about(actor, post_id, resource_id)
    with transaction() as session:
        if source is not None:
            known = session.scalar(sa.select(Signal).where(Signal.source == source))
            if known is not None:
                known.minutes, known.text = minutes, text.strip()
                return known
        row = Signal(
            kind=kind,
            text=text.strip()[:1000],
            topic=topic.strip()[:60],
            organisation_id=organisation_id,
            segment=segment or None,
            resource_id=resource_id,
            post_id=post_id,
            minutes=minutes,
            occurred_on=day,
            source=source,
            member_id=actor.member_id or None,
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        session.add_all(SignalTag(signal_id=row.id, tag=tag) for tag in posts.clean_tags(tags))
        identity.audit(actor, "signal.recorded", "signal", row.id, kind=kind)
        session.flush()
        return row


def query(actor: Actor, kind: str = "", q: str = "", tag: str = "", segment: str = "") -> Any:
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
        like = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        found = found.where(
            sa.or_(Signal.text.ilike(like, escape="\\"), Signal.topic.ilike(like, escape="\\"))
        )
    return found


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
        post = posts.get(actor, post_id)
        title = post.title if posts.shows_identity(actor, post) else post.shown_title
        found.append(About(title, f"/ecosystem/posts/{post.id}"))
    if resource_id is not None:
        from app.ecosystem.service import around

        name = around.resource_names([resource_id]).get(resource_id)
        if name is None:
            raise NotFound("resource_not_found")
        found.append(About(name, f"/sharing/resources/{resource_id}"))
    return found


def abouts(actor: Actor, rows: Sequence[Signal]) -> dict[int, list[About]]:
    """Return what each signal is attached to, as far as its reader may know of it."""
    from app.ecosystem.service import around

    names = around.resource_names({r.resource_id for r in rows if r.resource_id is not None})
    needs = posts.find_many(actor, (r.post_id for r in rows if r.post_id is not None))
    found: dict[int, list[About]] = {}
    for row in rows:
        post = needs.get(row.post_id or 0)
        if post is not None:
            title = post.title if posts.shows_identity(actor, post) else post.shown_title
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
    from app.ecosystem.service import around

    made = 0
    today = clock.today()
    with transaction():
        for month in {(today - dt.timedelta(days=n)).replace(day=1) for n in range(0, days, 15)}:
            for row in around.refused_demand(month):
                record_signal(
                    identity.SYSTEM,
                    kind="refused_booking",
                    text=row.label,
                    topic=row.topic,
                    resource_id=row.resources[0] if row.resources else None,
                    minutes=row.minutes,
                    occurred_on=min(today, _last_day(month)),
                    source=f"refused:{row.topic}:{month:%Y-%m}",
                )
                made += 1
    return made


def _last_day(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
