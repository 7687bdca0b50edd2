"""What a reader may see of introductions, with names only where both sides agreed to meet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app import clock
from app.db import db
from app.ecosystem import pipeline
from app.ecosystem.models import (
    Appointment,
    Introduction,
    IntroductionFile,
    IntroductionNote,
    Outcome,
    ServicePack,
)
from app.ecosystem.service import sight
from app.errors import NotFound

if TYPE_CHECKING:
    from app.identity.service import Actor, OrganisationInfo


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


def count_overdue(actor: Actor) -> int:
    """Return how many next steps are overdue that are this organisation's turn, or this member's to look after."""
    mine = sa.or_(
        Introduction.next_owner_id == actor.organisation_id, Introduction.owner_id == actor.member_id
    )
    late = sa.select(sa.func.count()).where(
        Introduction.state.in_(pipeline.RUNNING), Introduction.next_due_on < clock.today(), mine
    )
    return db.session.scalar(late) or 0


def count_running(actor: Actor) -> int:
    found = counts(actor)
    return sum(found.get(state, 0) for state in pipeline.RUNNING)
