"""Introductions from the first meeting to the end: one owner, a next step, notes; silent ones show as stalled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app import clock
from app.db import db, locked, transaction
from app.ecosystem import pipeline
from app.ecosystem.models import (
    Appointment,
    Introduction,
    IntroductionFile,
    IntroductionNote,
    Match,
    Outcome,
    PackItem,
    Post,
    ServicePack,
)
from app.ecosystem.service import sight
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity import service as identity

if TYPE_CHECKING:
    from app.identity.service import Actor, OrganisationInfo

MAX_FILE = 5 * 1024 * 1024
URL = "/ecosystem/introductions/{}"


def _open(actor: Actor, row: Introduction, text: str = "") -> Introduction:
    row.opened_at = row.last_noted_at = clock.now()
    row.next_due_on = clock.today() + dt.timedelta(days=7)
    row.next_owner_id = row.asking_id or row.giving_id
    db.session.add(row)
    db.session.flush()
    _note(actor, row, "step", text, to_state="opened")
    identity.audit(actor, "introduction.opened", "introduction", row.id, origin=row.origin)
    for side in (row.asking_id, row.giving_id):
        if side is not None:
            identity.notify_organisation(side, "introduction_opened", URL.format(row.id), title=row.title)
    return row


def open_from_match(actor: Actor, match: Match) -> Introduction:
    """Open the introduction of a match both sides said yes to; inside the second yes's transaction."""
    with transaction() as session:
        need, offer = session.get_one(Post, match.need_id), session.get_one(Post, match.offer_id)
        for post in (need, offer):
            if post.state == "published":
                post.state = pipeline.step("post", post.state, "engaged")
        row = Introduction(
            origin="match",
            title=need.title,
            match_id=match.id,
            asking_id=match.need_organisation_id,
            giving_id=match.offer_organisation_id,
            owner_id=_matchmaker(),
        )
        return _open(actor, row)


def open_by_staff(actor: Actor, title: str, asking_id: int, giving_id: int) -> Introduction:
    """Open an introduction the staff arranged after asking both sides."""
    sight.must_match(actor)
    if asking_id == giving_id:
        raise Invalid("two_sides_needed")
    with transaction():
        identity.get_organisation(asking_id)
        identity.get_organisation(giving_id)
        row = Introduction(
            origin="staff",
            title=title.strip(),
            asking_id=asking_id,
            giving_id=giving_id,
            owner_id=actor.member_id,
        )
        return _open(actor, row)


def open_from_reward(redemption_id: int, asking_id: int, giving_id: int, title: str) -> Introduction:
    """Open the introduction a redeemed reward promised; the same redemption opens one, however often it is told."""
    with transaction() as session:
        known = session.scalar(sa.select(Introduction).where(Introduction.redemption_id == redemption_id))
        if known is not None:
            return known
        row = Introduction(
            origin="reward", title=title, redemption_id=redemption_id, asking_id=asking_id, giving_id=giving_id,
            owner_id=_matchmaker(),
        )  # fmt: skip
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
    from app.identity.service.directory import members_with_role

    staff = members_with_role("committee_secretary") or members_with_role("investment_staff")
    return staff[0].id if staff else None


# --- what happens along the way --------------------------------------------------------------------------


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


def is_side(actor: Actor, row: Introduction) -> bool:
    return actor.organisation_id in (row.asking_id, row.giving_id)


def may_read(actor: Actor, row: Introduction) -> bool:
    return is_side(actor, row) or sight.may_read_all(actor)


def remind_stalled() -> int:
    """Tell the owner and both sides once when an introduction has gone silent; may run any number of times."""
    since = clock.now() - dt.timedelta(days=pipeline.STALLED_AFTER_DAYS)
    with transaction() as session:
        rows = session.scalars(
            locked(
                sa.select(Introduction).where(
                    Introduction.state.in_(pipeline.RUNNING),
                    Introduction.last_noted_at < since,
                    Introduction.reminded_at.is_(None),
                )
            )
        ).all()
        for row in rows:
            row.reminded_at = clock.now()
            _tell_others(identity.SYSTEM, row, "introduction_stalled")
            if row.owner_id:
                identity.notify_member(
                    row.owner_id, "introduction_stalled", URL.format(row.id), title=row.title
                )
    return len(rows)


# --- reading ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """An introduction with the names its readers may see (both sides agreed to meet)."""

    row: Introduction
    asking: OrganisationInfo | None
    giving: OrganisationInfo
    prospect: str
    state: str
    confirmed: int

    @property
    def asking_name(self) -> str:
        return self.asking.name if self.asking else self.prospect

    @property
    def overdue(self) -> bool:
        due = self.row.next_due_on
        return self.row.state in pipeline.RUNNING and due is not None and due < clock.today()


def query(actor: Actor, state: str = "", q: str = "") -> Any:
    """Return the statement for the introductions this reader may see."""
    found = sa.select(Introduction)
    if not sight.may_read_all(actor):
        found = found.where(
            sa.or_(
                Introduction.asking_id == actor.organisation_id,
                Introduction.giving_id == actor.organisation_id,
            )
        )
    silent = clock.now() - dt.timedelta(days=pipeline.STALLED_AFTER_DAYS)
    if state == "stalled":
        found = found.where(Introduction.state.in_(pipeline.RUNNING), Introduction.last_noted_at < silent)
    elif state in pipeline.RUNNING:
        found = found.where(Introduction.state == state, Introduction.last_noted_at >= silent)
    elif state:
        found = found.where(Introduction.state == state)
    for word in q.split()[:6]:
        like = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        found = found.where(Introduction.title.ilike(like, escape="\\"))
    return found


def see(rows: Sequence[Introduction]) -> list[Seen]:
    """Dress introductions with names and their state as the world sees it."""
    who = sight.organisations(o for row in rows for o in (row.asking_id, row.giving_id))
    packs = {row.pack_id for row in rows if row.pack_id}
    names = dict(
        db.session.execute(sa.select(ServicePack.id, ServicePack.name).where(ServicePack.id.in_(packs))).all()
    )
    ids = [row.id for row in rows]
    counts = dict(
        db.session.execute(
            sa.select(Outcome.introduction_id, sa.func.count())
            .where(Outcome.introduction_id.in_(ids), Outcome.confirmed_at.is_not(None))
            .group_by(Outcome.introduction_id)
        ).all()
    )
    now = clock.now()
    return [
        Seen(
            row,
            who.get(row.asking_id) if row.asking_id else None,
            who[row.giving_id],
            names.get(row.pack_id, "") if row.pack_id else "",
            pipeline.shown_state(row.state, row.last_noted_at, now),
            counts.get(row.id, 0),
        )
        for row in rows
    ]


def get(actor: Actor, introduction_id: int) -> Seen:
    row = db.session.get(Introduction, introduction_id)
    if row is None or not may_read(actor, row):
        raise NotFound("introduction_not_found")
    return see([row])[0]


def timeline(introduction_id: int) -> list[IntroductionNote]:
    query = sa.select(IntroductionNote).where(IntroductionNote.introduction_id == introduction_id)
    return list(db.session.scalars(query.order_by(IntroductionNote.id.desc())))


def appointments(introduction_id: int) -> list[Appointment]:
    query = sa.select(Appointment).where(Appointment.introduction_id == introduction_id)
    return list(db.session.scalars(query.order_by(Appointment.starts_at.desc(), Appointment.id)))


def files(introduction_id: int) -> list[IntroductionFile]:
    query = sa.select(IntroductionFile).where(IntroductionFile.introduction_id == introduction_id)
    return list(db.session.scalars(query.order_by(IntroductionFile.id)))


def get_file(actor: Actor, introduction_id: int, file_id: int) -> IntroductionFile:
    get(actor, introduction_id)
    file = db.session.scalar(
        sa.select(IntroductionFile)
        .options(sa.orm.undefer(IntroductionFile.content))
        .where(IntroductionFile.id == file_id, IntroductionFile.introduction_id == introduction_id)
    )
    if file is None:
        raise NotFound("introduction_file_not_found")
    return file


def calendar(actor: Actor, introduction_id: int, appointment_id: int) -> bytes:
    """Return the iCal invitation of a meeting."""
    from icalendar import Calendar, Event

    seen = get(actor, introduction_id)
    row = db.session.get(Appointment, appointment_id)
    if row is None or row.introduction_id != introduction_id:
        raise NotFound("appointment_not_found")
    event = Event()
    event.add("uid", f"introduction-{introduction_id}-{row.id}@parklink")
    event.add("sequence", row.sequence)
    event.add("dtstamp", row.created_at)
    event.add("dtstart", row.starts_at)
    event.add("dtend", row.ends_at)
    event.add("summary", f"{seen.row.title}: {seen.asking_name} × {seen.giving.name}")
    if row.place:
        event.add("location", row.place)
    book = Calendar()
    book.add("prodid", "-//ParkLink//ecosystem//ZH")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add_component(event)
    return bytes(book.to_ical())


def sides(seen: Seen) -> list[tuple[int, str]]:
    """Return (organisation id, name) of both sides; 0 stands for a prospect that is no member yet."""
    asking = (seen.row.asking_id or 0, seen.asking_name)
    return [asking, (seen.row.giving_id, seen.giving.name)]


def for_board(actor: Actor, most: int = 200) -> list[Introduction]:
    """Return what the board shows: running ones and the latest verified, silent ones first."""
    found = query(actor).where(Introduction.state != "lost")
    return list(db.session.scalars(found.order_by(Introduction.last_noted_at, Introduction.id).limit(most)))


def counts(actor: Actor) -> dict[str, int]:
    """Return how many introductions the reader has per state, the stalled ones apart."""
    rows = db.session.execute(
        query(actor).with_only_columns(Introduction.state, sa.func.count()).group_by(Introduction.state)
    )
    found: dict[str, int] = dict(rows.all())
    stalled = query(actor, "stalled").with_only_columns(sa.func.count())
    return found | {"stalled": db.session.scalar(stalled) or 0}


def count_running(actor: Actor) -> int:
    found = counts(actor)
    return sum(found.get(state, 0) for state in pipeline.RUNNING)
