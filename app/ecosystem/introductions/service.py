"""Introductions from the opening to the end: steps, notes, meetings, files, reminders."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.ecosystem import limits, sight, states
from app.ecosystem.introductions import rules
from app.ecosystem.introductions.models import Appointment, Introduction, IntroductionFile, IntroductionNote
from app.ecosystem.introductions.queries import URL, is_side, late, may_read, silent
from app.ecosystem.limits import FIRST_STEP_DAYS, INTRODUCTION_FILE_BYTES
from app.ecosystem.matches.models import Match
from app.ecosystem.packs.models import PackItem, ServicePack
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity import door as identity
from app.identity.door import Actor, members_with_role, roles


def _open(actor: Actor, row: Introduction, text: str = "") -> Introduction:
    row.opened_at = row.last_noted_at = clock.now()
    row.next_due_on = clock.today() + dt.timedelta(days=FIRST_STEP_DAYS)
    row.next_owner_id = row.asking_id or row.giving_id
    db.session.add(row)
    db.session.flush()
    write_note(actor, row, "step", text, to_state="opened")
    identity.audit(actor, "introduction.opened", "introduction", row.id, origin=row.origin)
    for side in (row.asking_id, row.giving_id):
        if side is not None:
            identity.notify_organisation(side, "introduction_opened", URL.format(row.id), title=row.title)
    return row


def open_from_match(actor: Actor, match: Match, title: str) -> Introduction:
    """Open the introduction of a match both sides said yes to; inside the second yes's transaction."""
    return _open(
        actor,
        Introduction(
            origin="match",
            title=title,
            match_id=match.id,
            asking_id=match.need_organisation_id,
            giving_id=match.offer_organisation_id,
            owner_id=_matchmaker(),
        ),
    )


def open_from_reward(redemption_id: int, asking_id: int, giving_id: int, title: str) -> Introduction:
    """Open the introduction a redeemed reward promised; the same redemption opens one, however often it is told."""
    with transaction() as session:
        known = session.scalar(sa.select(Introduction).where(Introduction.redemption_id == redemption_id))
        if known is not None:
            return known
        row = Introduction(
            origin="reward",
            title=title,
            redemption_id=redemption_id,
            asking_id=asking_id,
            giving_id=giving_id,
            owner_id=_matchmaker(),
        )
        return _open(identity.SYSTEM, row)


def open_from_pack(actor: Actor, pack: ServicePack, item: PackItem) -> Introduction:
    """Open the introduction of a prospect to a neighbour that agreed; the prospect need not be a member yet."""
    with transaction():
        if item.organisation_id is None:
            raise Conflict("nobody_to_meet")
        row = Introduction(
            origin="pack",
            title=item.title or pack.name,
            pack_id=pack.id,
            pack_item_id=item.id,
            asking_id=pack.enterprise_id,
            giving_id=item.organisation_id,
            owner_id=pack.owner_id,
        )
        return _open(actor, row)


def _matchmaker() -> int | None:
    """Return the member who looks after new introductions: the first secretary, else none."""

    staff = members_with_role(roles.COMMITTEE_SECRETARY) or members_with_role(roles.INVESTMENT_STAFF)
    return staff[0].id if staff else None


def write_note(actor: Actor, row: Introduction, kind: str, text: str = "", to_state: str = "") -> None:
    """Write one line of the timeline; it starts the clocks of silence and reminding again."""
    db.session.add(
        IntroductionNote(
            introduction_id=row.id,
            kind=kind,
            text=text.strip(),
            to_state=to_state,
            member_id=actor.member_id or None,
            created_at=clock.now(),
        )
    )
    row.last_noted_at = clock.now()
    row.reminded_at = None


def note_by_system(row: Introduction, kind: str, text: str = "", to_state: str = "") -> None:
    """Write a line the platform itself is the author of."""
    write_note(identity.SYSTEM, row, kind, text, to_state)


def note(actor: Actor, introduction_id: int, text: str) -> Introduction:
    """Write into the timeline; a note wakes a stalled introduction."""
    if not text.strip():
        raise Invalid("ecosystem_note_missing")
    with transaction():
        row = for_writing(actor, introduction_id)
        write_note(actor, row, "note", text)
        return row


def move(actor: Actor, introduction_id: int, to: str, text: str = "") -> Introduction:
    """Take the next step; `verified` is reached only by a confirmed outcome."""
    with transaction():
        row = for_writing(actor, introduction_id)
        if to == "verified":
            raise Conflict("verified_by_outcome")
        if to == "lost" and not text.strip():
            raise Invalid("lost_reason_missing")
        row.state = states.step(rules.INTRODUCTION, row.state, to)
        if to == "lost":
            row.lost_reason = text.strip()
            row.closed_at = clock.now()
        write_note(actor, row, "step", text, to_state=to)
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
        write_note(actor, row, "note", step)
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
            introduction_id=row.id,
            starts_at=starts_at,
            ends_at=ends_at,
            place=place.strip(),
            member_id=actor.member_id or None,
            created_at=clock.now(),
        )
        session.add(meeting)
        session.flush()
        write_note(actor, row, "meeting", f"{clock.local(starts_at):%Y-%m-%d %H:%M} {place.strip()}")
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
        write_note(actor, row, "meeting", when, to_state="cancelled")
        _tell_others(actor, row, "introduction_meeting_off")
        return meeting


def attach(actor: Actor, introduction_id: int, name: str, content: bytes) -> IntroductionFile:
    """Leave a file for the other side."""
    if not content or len(content) > INTRODUCTION_FILE_BYTES:
        raise Invalid("introduction_file_size")
    with transaction() as session:
        row = for_writing(actor, introduction_id)
        file = IntroductionFile(
            introduction_id=row.id,
            name=name[:200] or "file",
            size=len(content),
            content=content,
            member_id=actor.member_id or None,
            created_at=clock.now(),
        )
        session.add(file)
        session.flush()
        write_note(actor, row, "file", file.name)
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
    with transaction() as session:
        running = sa.select(Introduction).where(sa.or_(silent(), late()))
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
    moments = {"introduction_stalled": row.last_noted_at + dt.timedelta(days=limits.STALLED_AFTER_DAYS)}
    if row.next_due_on is not None:
        moments["introduction_step_due"] = clock.start_of_day(row.next_due_on + dt.timedelta(days=1))
    for code, moment in moments.items():
        if now > moment and (row.reminded_at is None or row.reminded_at <= moment):
            return code
    return None
