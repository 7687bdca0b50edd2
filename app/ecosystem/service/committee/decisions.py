"""Votes and resolutions with one owner and a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app import clock
from app.db import db, locked, transaction
from app.ecosystem import pipeline, roundtable
from app.ecosystem.models import (
    AgendaItem,
    Committee,
    Resolution,
    Vote,
)
from app.ecosystem.service import sight
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity import service as identity

if TYPE_CHECKING:
    from app.identity.service import Actor
from app.ecosystem.service.committee.meetings import _planned, get_meeting
from app.ecosystem.service.committee.seats import get_committee, must_run, seats


def vote(actor: Actor, item_id: int, choice: str, seat_id: int | None = None) -> Vote:
    """Cast the vote of the actor's seat; the secretary may enter what a seat said at the table."""
    with transaction() as session:
        item = session.get(AgendaItem, item_id)
        if item is None:
            raise NotFound("item_not_found")
        mine = [
            s
            for s in seats(get_meeting(item.meeting_id).committee_id)
            if s.id == seat_id or (seat_id is None and s.organisation_id == actor.organisation_id)
        ]
        if not mine:
            raise NotAllowed("no_seat")
        if mine[0].organisation_id != actor.organisation_id:
            must_run(actor)
        else:
            sight.must_write(actor)
        _planned(item.meeting_id)
        row = session.scalar(
            sa.select(Vote).where(Vote.agenda_item_id == item.id, Vote.seat_id == mine[0].id)
        )
        if row is None:
            row = Vote(agenda_item_id=item.id, seat_id=mine[0].id, choice=choice, created_at=clock.now())
            session.add(row)
        row.choice, row.member_id = choice, actor.member_id or None
        identity.audit(actor, "vote.cast", "agenda_item", item.id, choice=choice, seat=mine[0].id)
        session.flush()
        return row


def vote_all(actor: Actor, item_id: int, said: Mapping[int, str]) -> None:
    """Write down what several seats said, all or none."""
    with transaction():
        for seat_id, choice in sorted(said.items()):
            vote(actor, item_id, choice, seat_id)


def votes_of(meeting_id: int) -> dict[int, dict[int, str]]:
    """Return seat → choice per item of a meeting."""
    rows = db.session.execute(
        sa.select(Vote.agenda_item_id, Vote.seat_id, Vote.choice)
        .join(AgendaItem, AgendaItem.id == Vote.agenda_item_id)
        .where(AgendaItem.meeting_id == meeting_id)
    )
    found: dict[int, dict[int, str]] = {}
    for item_id, seat_id, choice in rows:
        found.setdefault(item_id, {})[seat_id] = choice
    return found


def tally_of(committee: Committee, votes: dict[int, str], seat_count: int) -> roundtable.Tally:
    return roundtable.tally(seat_count, votes.values(), committee.quorum_percent / 100)


def resolve(actor: Actor, item_id: int, text: str, owner_id: int, due_on: dt.date) -> Resolution:
    """Decide something: the vote must have carried it, it has one owner and a day."""
    must_run(actor)
    if not text.strip():
        raise Invalid("ecosystem_note_missing")
    with transaction() as session:
        item = session.get(AgendaItem, item_id)
        if item is None:
            raise NotFound("item_not_found")
        meeting = get_meeting(item.meeting_id)
        if meeting.state == "cancelled":
            raise Conflict("meeting_over")
        committee = get_committee()
        count = tally_of(committee, votes_of(meeting.id).get(item.id, {}), len(seats(committee.id)))
        if not count.quorate:
            raise Conflict(
                "vote_without_quorum", cast=count.yes + count.no + count.abstain, quorum=count.quorum
            )
        if not count.carried:
            raise Conflict("vote_not_carried")
        identity.get_organisation(owner_id)
        row = Resolution(
            committee_id=committee.id, agenda_item_id=item.id, text=text.strip(), owner_id=owner_id, due_on=due_on,
            created_at=clock.now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        identity.audit(actor, "resolution.made", "resolution", row.id)
        identity.notify_organisation(
            owner_id, "resolution_owned", "/ecosystem/committee", text=row.text[:80], on=str(due_on)
        )
        return row


def close_resolution(actor: Actor, resolution_id: int, state: str, note: str) -> Resolution:
    """Report a resolution done or dropped; by its owner or the secretary."""
    with transaction():
        row = db.session.scalar(locked(sa.select(Resolution).where(Resolution.id == resolution_id)))
        if row is None:
            raise NotFound("resolution_not_found")
        if row.owner_id != actor.organisation_id or state == "dropped":
            must_run(actor)
        sight.must_write(actor)
        if not note.strip():
            raise Invalid("ecosystem_note_missing")
        row.state = pipeline.step("resolution", row.state, state)
        row.closed_on, row.note = clock.today(), note.strip()
        identity.audit(actor, f"resolution.{state}", "resolution", row.id, note)
        return row


def resolutions(open_only: bool = False) -> list[Resolution]:
    query = sa.select(Resolution)
    if open_only:
        query = query.where(Resolution.state == "open")
    return list(
        db.session.scalars(
            query.order_by(Resolution.state.desc(), Resolution.due_on, Resolution.id).limit(200)
        )
    )


SOON_DAYS = 7


def count_owed(actor: Actor) -> int:
    """Return how many open resolutions of the actor's organisation are overdue or due within a week."""
    soon = clock.today() + dt.timedelta(days=SOON_DAYS)
    owed = sa.select(sa.func.count()).where(
        Resolution.state == "open", Resolution.owner_id == actor.organisation_id, Resolution.due_on <= soon
    )
    return db.session.scalar(owed) or 0


def remind() -> int:
    """Tell the owner of an open resolution once in its last week, then every week it is overdue.

    May run any number of times.
    """
    today = clock.today()
    week_ago = today - dt.timedelta(days=7)
    told = Resolution.reminded_on
    with transaction() as session:
        rows = session.scalars(
            locked(
                sa.select(Resolution).where(
                    Resolution.state == "open",
                    sa.or_(
                        sa.and_(Resolution.due_on <= today + dt.timedelta(days=SOON_DAYS), told.is_(None)),
                        sa.and_(
                            Resolution.due_on < today, sa.or_(told <= Resolution.due_on, told <= week_ago)
                        ),
                    ),
                )
            )
        ).all()
        for row in rows:
            row.reminded_on = today
            identity.notify_organisation(
                row.owner_id,
                "resolution_overdue" if row.due_on < today else "resolution_due_soon",
                "/ecosystem/committee",
                text=row.text[:80],
                on=str(row.due_on),
            )
    return len(rows)


def resolutions_of(item_ids: list[int]) -> dict[int, list[Resolution]]:
    found: dict[int, list[Resolution]] = {}
    for row in db.session.scalars(sa.select(Resolution).where(Resolution.agenda_item_id.in_(item_ids))):
        found.setdefault(row.agenda_item_id or 0, []).append(row)
    return found
