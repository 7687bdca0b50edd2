"""What a reader may see of introductions, with names only where both sides agreed to meet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.ecosystem import limits, sight
from app.ecosystem.introductions import rules
from app.ecosystem.introductions.models import Appointment, Introduction, IntroductionFile, IntroductionNote
from app.ecosystem.invitation import Invited, invitation
from app.ecosystem.outcomes.models import Outcome
from app.ecosystem.packs.models import ServicePack
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.counting import Question, how_many
from app.hall.errors import NotFound
from app.hall.text.normalise import escape_like
from app.identity.door import Actor, OrganisationInfo

URL = "/ecosystem/introductions/{}"


def is_side(actor: Actor, row: Introduction) -> bool:
    return actor.organisation_id in (row.asking_id, row.giving_id)


def may_read(actor: Actor, row: Introduction) -> bool:
    return is_side(actor, row) or sight.may_read_all(actor)


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
        return rules.is_late(self.row.state, self.row.next_due_on, clock.today())


def late() -> sa.ColumnElement[bool]:
    """Return the condition of `rules.is_late`, for the database."""
    return sa.and_(Introduction.state.in_(rules.RUNNING), Introduction.next_due_on < clock.today())


def silent() -> sa.ColumnElement[bool]:
    """Return the condition of a stalled introduction, as `rules.shown_state` sees it, for the database."""
    since = clock.now() - dt.timedelta(days=limits.STALLED_AFTER_DAYS)
    return sa.and_(Introduction.state.in_(rules.RUNNING), Introduction.last_noted_at < since)


def query(actor: Actor, state: str = "", q: str = "") -> sa.Select[Introduction]:
    """Return the statement for the introductions this reader may see."""
    found = sa.select(Introduction)
    if not sight.may_read_all(actor):
        found = found.where(
            sa.or_(
                Introduction.asking_id == actor.organisation_id,
                Introduction.giving_id == actor.organisation_id,
            )
        )
    if state == "stalled":
        found = found.where(silent())
    elif state in rules.RUNNING:
        found = found.where(Introduction.state == state, sa.not_(silent()))
    elif state:
        found = found.where(Introduction.state == state)
    for word in q.split()[:6]:
        like = f"%{escape_like(word)}%"
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
            rules.shown_state(row.state, row.last_noted_at, now),
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


def overdue(actor: Actor) -> Question:
    """How many next steps are overdue that are this organisation's turn, or this member's to look after."""
    mine = sa.or_(
        Introduction.next_owner_id == actor.organisation_id, Introduction.owner_id == actor.member_id
    )
    return how_many(late(), mine)


def count_running(actor: Actor) -> int:
    running = query(actor).where(Introduction.state.in_(rules.RUNNING))
    return db.session.scalar(running.with_only_columns(sa.func.count())) or 0


def calendar(actor: Actor, introduction_id: int, appointment_id: int) -> bytes:
    """Return the iCal invitation of a meeting."""
    seen = get(actor, introduction_id)
    row = db.session.get(Appointment, appointment_id)
    if row is None or row.introduction_id != introduction_id:
        raise NotFound("appointment_not_found")
    return invitation(
        Invited(
            f"introduction-{introduction_id}-{row.id}@parklink",
            f"{seen.row.title}: {seen.asking_name} × {seen.giving.name}",
            row.starts_at,
            row.ends_at,
            row.place,
            row.cancelled_at or row.created_at,
            sequence=row.sequence,
            cancelled=row.cancelled_at is not None,
        )
    )
