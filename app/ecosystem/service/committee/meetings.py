"""Monthly meetings with an agenda computed from the data."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app import clock
from app.db import db, locked, transaction
from app.ecosystem import roundtable
from app.ecosystem.models import (
    AgendaItem,
    Meeting,
)
from app.ecosystem.service import evidence
from app.ecosystem.service.invitation import invitation
from app.errors import Conflict, Invalid, NotFound
from app.identity import service as identity

if TYPE_CHECKING:
    from app.identity.service import Actor
from app.ecosystem.service.committee.seats import find, get_committee, must_run, seats

URL = "/ecosystem/committee/meetings/{}"


def call(actor: Actor, starts_at: dt.datetime, ends_at: dt.datetime, place: str) -> Meeting:
    """Call the next meeting with the agenda computed from today's data."""
    must_run(actor)
    if ends_at <= starts_at:
        raise Invalid("meeting_ends_before_start")
    with transaction() as session:
        committee = get_committee()
        last = session.scalar(
            sa.select(sa.func.max(Meeting.number)).where(Meeting.committee_id == committee.id)
        )
        row = Meeting(
            committee_id=committee.id, number=(last or 0) + 1, starts_at=starts_at, ends_at=ends_at,
            place=place.strip(), weak_links=evidence.weak_ranks(), created_at=clock.now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        _fill(row)
        identity.audit(actor, "meeting.called", "committee_meeting", row.id, number=row.number)
        for s in seats(committee.id):
            identity.notify_organisation(
                s.organisation_id, "meeting_called", URL.format(row.id), number=row.number
            )
        return row


def _fill(row: Meeting) -> int:
    """Put computed items on the agenda that are not there yet; own ones keep their place at the end."""
    known = {item.key: item for item in items(row.id)}
    computed = evidence.proposed_agenda(before=_previous(row))
    position = 0
    for position, item in enumerate(computed, start=1):
        there = known.get(item.key)
        if there is None:
            db.session.add(
                AgendaItem(
                    meeting_id=row.id, position=position, kind=item.kind, key=item.key, title="",
                    params=dict(item.params), evidence=[list(e) for e in item.evidence],
                )
            )  # fmt: skip
        else:
            there.position, there.params = position, dict(item.params)
            there.evidence = [list(e) for e in item.evidence]
    keys = {item.key for item in computed}
    for there in sorted((i for i in known.values() if i.key not in keys), key=lambda i: (i.position, i.id)):
        position += 1
        there.position = position
    db.session.flush()
    return len(computed)


def _previous(row: Meeting) -> Meeting | None:
    return db.session.scalar(
        sa.select(Meeting)
        .where(Meeting.committee_id == row.committee_id, Meeting.number < row.number, Meeting.state == "held")
        .order_by(Meeting.number.desc())
        .limit(1)
    )


def refresh_agenda(actor: Actor, meeting_id: int) -> int:
    """Compute the agenda of a planned meeting again."""
    must_run(actor)
    with transaction():
        row = _planned(meeting_id)
        row.weak_links = evidence.weak_ranks()
        return _fill(row)


def add_item(actor: Actor, meeting_id: int, title: str) -> AgendaItem:
    """Put an own subject on the agenda."""
    must_run(actor)
    with transaction() as session:
        row = _planned(meeting_id)
        there = items(row.id)
        item = AgendaItem(
            meeting_id=row.id, position=len(there) + 1, kind="own", key=f"own:{len(there) + 1}:{title.strip()[:40]}",
            title=title.strip(), params={}, evidence=[],
        )  # fmt: skip
        session.add(item)
        session.flush()
        return item


def _planned(meeting_id: int) -> Meeting:
    row = db.session.scalar(locked(sa.select(Meeting).where(Meeting.id == meeting_id)))
    if row is None:
        raise NotFound("meeting_not_found")
    if row.state != "planned":
        raise Conflict("meeting_over")
    return row


def hold(actor: Actor, meeting_id: int, minutes: str) -> Meeting:
    """Close a meeting with its minutes; from now on its month has had its meeting."""
    must_run(actor)
    with transaction():
        row = _planned(meeting_id)
        if row.starts_at > clock.now():
            raise Conflict("meeting_not_yet")
        if not minutes.strip():
            raise Invalid("ecosystem_note_missing")
        row.minutes, row.state = minutes.strip(), "held"
        identity.audit(actor, "meeting.held", "committee_meeting", row.id)
        for s in seats(row.committee_id):
            identity.notify_organisation(
                s.organisation_id, "meeting_minutes", URL.format(row.id), number=row.number
            )
        return row


def cancel(actor: Actor, meeting_id: int) -> Meeting:
    """Call a meeting off; its month stays without one."""
    must_run(actor)
    with transaction():
        row = _planned(meeting_id)
        row.state = "cancelled"
        identity.audit(actor, "meeting.cancelled", "committee_meeting", row.id)
        return row


def get_meeting(meeting_id: int) -> Meeting:
    row = db.session.get(Meeting, meeting_id)
    if row is None:
        raise NotFound("meeting_not_found")
    return row


def meetings() -> list[Meeting]:
    return list(
        db.session.scalars(sa.select(Meeting).order_by(Meeting.starts_at.desc(), Meeting.id.desc()).limit(60))
    )


def items(meeting_id: int) -> list[AgendaItem]:
    query = sa.select(AgendaItem).where(AgendaItem.meeting_id == meeting_id)
    return list(db.session.scalars(query.order_by(AgendaItem.position, AgendaItem.id)))


def overdue_months() -> list[dt.date]:
    """Return the months that ended without a meeting, oldest first."""
    committee = find()
    if committee is None:
        return []
    held = db.session.scalars(sa.select(Meeting.starts_at).where(Meeting.state == "held"))
    return roundtable.overdue_months(committee.founded_on, [clock.day_of(m) for m in held], clock.today())


def note_item(actor: Actor, item_id: int, minutes: str) -> AgendaItem:
    """Write down what was said about one subject."""
    must_run(actor)
    with transaction() as session:
        item = session.get(AgendaItem, item_id)
        if item is None:
            raise NotFound("item_not_found")
        _planned(item.meeting_id)
        item.minutes = minutes.strip()
        return item


def calendar(meeting_id: int) -> bytes:
    """Return a meeting as an iCal invitation; a cancelled one takes itself out of the calendars again."""
    row = get_meeting(meeting_id)
    return invitation(
        f"committee-meeting-{row.id}@parklink", f"{get_committee().name} #{row.number}",
        row.starts_at, row.ends_at, row.place, row.created_at,
        sequence=int(row.state == "cancelled"), cancelled=row.state == "cancelled",
    )  # fmt: skip


def must_belong(item_id: int, meeting_id: int) -> None:
    """Refuse a subject that is not on the agenda of this meeting."""
    item = db.session.get(AgendaItem, item_id)
    if item is None or item.meeting_id != meeting_id:
        raise NotFound("item_not_found")
