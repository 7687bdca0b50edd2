"""What happens along the way: notes, steps, meetings, files; silent ones are reminded of."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app import clock
from app.db import db, locked, transaction
from app.ecosystem import pipeline
from app.ecosystem.models import (
    Appointment,
    Introduction,
    IntroductionFile,
    IntroductionNote,
)
from app.ecosystem.service import sight
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity import service as identity

if TYPE_CHECKING:
    from app.identity.service import Actor
from app.ecosystem.service.introductions.reading import URL, is_side, may_read

MAX_FILE = 5 * 1024 * 1024


def _note(actor: Actor, row: Introduction, kind: str, text: str = "", to_state: str = "") -> None:
    db.session.add(
        IntroductionNote(
            introduction_id=row.id, kind=kind, text=text.strip(), to_state=to_state,
            member_id=actor.member_id or None, created_at=clock.now(),
        )
    )  # fmt: skip
    row.last_noted_at = clock.now()
    row.reminded_at = None


def note_by_system(row: Introduction, kind: str, text: str = "", to_state: str = "") -> None:
    """Write a line the platform itself is the author of."""
    _note(identity.SYSTEM, row, kind, text, to_state)


def note(actor: Actor, introduction_id: int, text: str) -> Introduction:
    """Write into the timeline; a note wakes a stalled introduction."""
    if not text.strip():
        raise Invalid("ecosystem_note_missing")
    with transaction():
        row = for_writing(actor, introduction_id)
        _note(actor, row, "note", text)
        return row


def move(actor: Actor, introduction_id: int, to: str, text: str = "") -> Introduction:
    """Take the next step; `verified` is reached only by a confirmed outcome."""
    with transaction():
        row = for_writing(actor, introduction_id)
        if to == "verified":
            raise Conflict("verified_by_outcome")
        if to == "lost" and not text.strip():
            raise Invalid("lost_reason_missing")
        row.state = pipeline.step("introduction", row.state, to)
        if to == "lost":
            row.lost_reason = text.strip()
            row.closed_at = clock.now()
        _note(actor, row, "step", text, to_state=to)
        identity.audit(actor, f"introduction.{to}", "introduction", row.id, text)
        _tell_others(actor, row, "introduction_moved")
        return row


def plan_next(
    actor: Actor, introduction_id: int, step: str, due_on: dt.date | None, owner_id: int | None
) -> Introduction:
    """Say what comes next, by when and whose turn it is."""
    with transaction():
        row = for_writing(actor, introduction_id)
        if owner_id is not None and owner_id not in (row.asking_id, row.giving_id):
            raise Invalid("next_owner_outside")
        row.next_step, row.next_due_on, row.next_owner_id = step.strip(), due_on, owner_id
        _note(actor, row, "note", step)
        return row


def invite(
    actor: Actor, introduction_id: int, starts_at: dt.datetime, ends_at: dt.datetime, place: str
) -> Appointment:
    """Fix a meeting of the two sides; everybody may take it into their calendar."""
    if ends_at <= starts_at:
        raise Invalid("meeting_ends_before_start")
    with transaction() as session:
        row = for_writing(actor, introduction_id)
        meeting = Appointment(
            introduction_id=row.id, starts_at=starts_at, ends_at=ends_at, place=place.strip(),
            member_id=actor.member_id or None, created_at=clock.now(),
        )  # fmt: skip
        session.add(meeting)
        session.flush()
        _note(actor, row, "meeting", f"{clock.local(starts_at):%Y-%m-%d %H:%M} {place.strip()}")
        _tell_others(actor, row, "introduction_meeting")
        return meeting


def call_off(actor: Actor, introduction_id: int, appointment_id: int) -> Appointment:
    """Call a meeting off; its invitation now takes it out of the calendars again."""
    with transaction():
        row = for_writing(actor, introduction_id)
        meeting = db.session.get(Appointment, appointment_id)
        if meeting is None or meeting.introduction_id != row.id:
            raise NotFound("appointment_not_found")
        if meeting.cancelled_at is not None or meeting.starts_at <= clock.now():
            raise Conflict("appointment_over")
        meeting.cancelled_at = clock.now()
        meeting.sequence += 1
        when = f"{clock.local(meeting.starts_at):%Y-%m-%d %H:%M}"
        _note(actor, row, "meeting", when, to_state="cancelled")
        _tell_others(actor, row, "introduction_meeting_off")
        return meeting


def attach(actor: Actor, introduction_id: int, name: str, content: bytes) -> IntroductionFile:
    """Leave a file for the other side."""
    if not content or len(content) > MAX_FILE:
        raise Invalid("introduction_file_size")
    with transaction() as session:
        row = for_writing(actor, introduction_id)
        file = IntroductionFile(
            introduction_id=row.id, name=name[:200] or "file", size=len(content), content=content,
            member_id=actor.member_id or None, created_at=clock.now(),
        )  # fmt: skip
        session.add(file)
        session.flush()
        _note(actor, row, "file", file.name)
        return file


def _tell_others(actor: Actor, row: Introduction, code: str) -> None:
    for side in (row.asking_id, row.giving_id):
        if side is not None and side != actor.organisation_id:
            identity.notify_organisation(side, code, URL.format(row.id), title=row.title)


def for_writing(
    actor: Actor, introduction_id: int, closed: tuple[str, ...] = ("verified", "lost")
) -> Introduction:
    """Return an introduction locked for a change by one of its sides or the staff; closed ones refuse."""
    sight.must_write(actor)
    row = db.session.scalar(locked(sa.select(Introduction).where(Introduction.id == introduction_id)))
    if row is None or not may_read(actor, row):
        raise NotFound("introduction_not_found")
    if not is_side(actor, row) and not sight.is_matchmaker(actor):
        raise NotAllowed("not_your_introduction")
    if row.state in closed:
        raise Conflict("introduction_closed", state=row.state)
    return row


def hand_over(actor: Actor, introduction_id: int, member_id: int) -> Introduction:
    """Give an introduction to another member of the staff; one person at a time looks after it."""
    with transaction():
        row = for_writing(actor, introduction_id)
        sight.must_match(actor)
        if member_id not in {member.id for member in sight.staff()}:
            raise Invalid("owner_not_staff")
        row.owner_id = member_id
        identity.audit(actor, "introduction.handed_over", "introduction", row.id, owner=member_id)
        identity.notify_member(member_id, "introduction_yours", URL.format(row.id), title=row.title)
        return row


def remind() -> int:
    """Tell the owner and both sides once when an introduction went silent or its next step is overdue.

    May run any number of times; a note starts both clocks again.
    """
    now, told = clock.now(), 0
    silent = now - dt.timedelta(days=pipeline.STALLED_AFTER_DAYS)
    with transaction() as session:
        late = sa.or_(Introduction.last_noted_at < silent, Introduction.next_due_on < clock.today())
        running = sa.select(Introduction).where(Introduction.state.in_(pipeline.RUNNING), late)
        for row in session.scalars(locked(running.order_by(Introduction.id))).all():
            code = _due(row, now)
            if code is None:
                continue
            row.reminded_at = now
            told += 1
            _tell_others(identity.SYSTEM, row, code)
            if row.owner_id:
                identity.notify_member(row.owner_id, code, URL.format(row.id), title=row.title)
    return told


def _due(row: Introduction, now: dt.datetime) -> str | None:
    """Return what to remind of that nobody was reminded of since it happened."""
    moments = {"introduction_stalled": row.last_noted_at + dt.timedelta(days=pipeline.STALLED_AFTER_DAYS)}
    if row.next_due_on is not None:
        moments["introduction_step_due"] = clock.start_of_day(row.next_due_on + dt.timedelta(days=1))
    for code, moment in moments.items():
        if now > moment and (row.reminded_at is None or row.reminded_at <= moment):
            return code
    return None
