"""What is read of the round table: meetings, subjects, votes, resolutions, and the rows behind a subject."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.ecosystem import sight
from app.ecosystem.committee import rules as committee_rules
from app.ecosystem.committee.models import Committee, CommitteeSeat
from app.ecosystem.committee.service import get_committee, seats
from app.ecosystem.initiatives import queries as initiatives
from app.ecosystem.initiatives.models import Initiative
from app.ecosystem.invitation import Invited, invitation
from app.ecosystem.limits import RESOLUTION_SOON_DAYS
from app.ecosystem.market import queries as market_queries
from app.ecosystem.market.models import Post
from app.ecosystem.round_table import agenda, grounds, rules
from app.ecosystem.round_table.models import AgendaItem, Meeting, Resolution, Vote
from app.ecosystem.signals.models import Signal
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.counting import Question, how_many
from app.hall.errors import NotFound
from app.identity.door import Actor, OrganisationInfo

URL = "/ecosystem/committee/meetings/{}"


MOST_MEETINGS = 60  # five years, one a month


def get_meeting(meeting_id: int) -> Meeting:
    row = db.session.get(Meeting, meeting_id)
    if row is None:
        raise NotFound("meeting_not_found")
    return row


def meetings() -> list[Meeting]:
    newest = sa.select(Meeting).order_by(Meeting.starts_at.desc(), Meeting.id.desc())
    return list(db.session.scalars(newest.limit(MOST_MEETINGS)))


def items(meeting_id: int) -> list[AgendaItem]:
    query = sa.select(AgendaItem).where(AgendaItem.meeting_id == meeting_id)
    return list(db.session.scalars(query.order_by(AgendaItem.position, AgendaItem.id)))


def overdue_months(committee: Committee, called: Sequence[Meeting]) -> list[dt.date]:
    """Return the months that ended without a meeting, oldest first, as far back as these meetings go."""
    since = committee.founded_on
    if len(called) >= MOST_MEETINGS:
        since = max(since, clock.day_of(called[-1].starts_at))
    held = [clock.day_of(one.starts_at) for one in called if one.state == "held"]
    return rules.overdue_months(since, held, clock.today())


def calendar(meeting_id: int) -> bytes:
    """Return a meeting as an iCal invitation; a cancelled one takes itself out of the calendars again."""
    row = get_meeting(meeting_id)
    return invitation(
        Invited(
            f"committee-meeting-{row.id}@parklink",
            f"{get_committee().name} #{row.number}",
            row.starts_at,
            row.ends_at,
            row.place,
            row.created_at,
            sequence=row.sequence + int(row.state == "cancelled"),
            cancelled=row.state == "cancelled",
        )
    )


def must_belong(item_id: int, meeting_id: int) -> None:
    """Refuse a subject that is not on the agenda of this meeting."""
    item = db.session.get(AgendaItem, item_id)
    if item is None or item.meeting_id != meeting_id:
        raise NotFound("item_not_found")


def votes_of(meeting_id: int) -> dict[int, dict[int, str]]:
    """Return seat → choice per item of a meeting."""
    return votes_and_entered(meeting_id)[0]


def votes_and_entered(meeting_id: int) -> tuple[dict[int, dict[int, str]], dict[int, set[int]]]:
    """Return seat → choice per item of a meeting, and per item the seats whose vote somebody else wrote down."""
    rows = db.session.execute(
        sa.select(Vote.agenda_item_id, Vote.seat_id, Vote.choice, Vote.entered)
        .join(AgendaItem, AgendaItem.id == Vote.agenda_item_id)
        .where(AgendaItem.meeting_id == meeting_id)
    )
    votes: dict[int, dict[int, str]] = {}
    entered: dict[int, set[int]] = {}
    for item_id, seat_id, choice, by_another in rows:
        votes.setdefault(item_id, {})[seat_id] = choice
        if by_another:
            entered.setdefault(item_id, set()).add(seat_id)
    return votes, entered


def tally_of(committee: Committee, item: AgendaItem, votes: dict[int, str], seats_now: int) -> rules.Tally:
    """Count an item by the seats and the quorum of the day of its vote; one nobody voted on by those of today."""
    seat_count = seats_now if item.roll is None else len(item.roll)
    percent = item.quorum_percent or committee.quorum_percent
    return rules.tally(seat_count, votes.values(), percent / 100)


def resolutions(open_only: bool = False) -> list[Resolution]:
    query = sa.select(Resolution)
    if open_only:
        query = query.where(Resolution.state == "open")
    return list(
        db.session.scalars(
            query.order_by(Resolution.state.desc(), Resolution.due_on, Resolution.id).limit(200)
        )
    )


def owed(actor: Actor) -> Question:
    """How many open resolutions of the actor's organisation are overdue or due within a week."""
    soon = clock.today() + dt.timedelta(days=RESOLUTION_SOON_DAYS)
    return how_many(
        Resolution.state == "open", Resolution.owner_id == actor.organisation_id, Resolution.due_on <= soon
    )


def meetings_today() -> list[Meeting]:
    start = clock.start_of_day(clock.today())
    query = sa.select(Meeting).where(
        Meeting.state == "planned",
        Meeting.starts_at >= start,
        Meeting.starts_at < start + dt.timedelta(days=1),
    )
    return list(db.session.scalars(query.order_by(Meeting.starts_at, Meeting.id)))


def owed_by_today(actor: Actor) -> list[Resolution]:
    """Open resolutions of the actor's organisation that are due today or overdue, oldest first."""
    query = sa.select(Resolution).where(
        Resolution.state == "open",
        Resolution.owner_id == actor.organisation_id,
        Resolution.due_on <= clock.today(),
    )
    return list(db.session.scalars(query.order_by(Resolution.due_on, Resolution.id).limit(8)))


def resolutions_of(item_ids: list[int]) -> dict[int, list[Resolution]]:
    found: dict[int, list[Resolution]] = {}
    for row in db.session.scalars(sa.select(Resolution).where(Resolution.agenda_item_id.in_(item_ids))):
        found.setdefault(row.agenda_item_id or 0, []).append(row)
    return found


@dataclass(frozen=True)
class Ground:
    """One row behind an agenda item; `who` is None while it is masked."""

    kind: str
    text: str
    url: str
    who: OrganisationInfo | None


def evidence_of(actor: Actor, items: Sequence[AgendaItem]) -> dict[int, list[Ground]]:
    """Return what each item rests on: the staff read it all, others the posts that are open to them anyway."""
    wanted: dict[str, set[int]] = {}
    for item in items:
        for kind, id_ in item.evidence:
            wanted.setdefault("post" if kind in ("need", "offer") else kind, set()).add(id_)
    rows = {kind: _rows(kind, ids) for kind, ids in wanted.items()}
    who = sight.organisations(
        getattr(row, "organisation_id", None) for found in rows.values() for row in found.values()
    )
    shown: dict[int, list[Ground]] = {}
    for item in items:
        for kind, id_ in item.evidence:
            row = rows["post" if kind in ("need", "offer") else kind].get(id_)
            if row is not None and (ground := _ground(actor, kind, row, who)) is not None:
                shown.setdefault(item.id, []).append(ground)
    return shown


MODELS: dict[str, Any] = {"post": Post, "resolution": Resolution, "signal": Signal, "initiative": Initiative}
Row = Post | Resolution | Signal | Initiative


def voices_behind(resolution_id: int) -> tuple[Resolution, list[int]]:
    """Return a resolution and the firms whose needs and signals its agenda item rests on."""
    resolution = db.session.get(Resolution, resolution_id)
    if resolution is None:
        raise NotFound("resolution_not_found")
    item = db.session.get(AgendaItem, resolution.agenda_item_id) if resolution.agenda_item_id else None
    said: set[int] = set()
    for model, kinds in ((Post, ("need",)), (Signal, ("signal",))):
        ids = [id_ for kind, id_ in (item.evidence if item else []) if kind in kinds]
        rows = db.session.scalars(sa.select(model.organisation_id).where(model.id.in_(ids)))
        said |= {id_ for id_ in rows if id_ is not None}
    return resolution, sorted(said)


def _rows(kind: str, ids: set[int]) -> dict[int, Row]:
    model = MODELS.get(kind)
    if model is None:  # of a room above, which leads there itself
        return {}
    return {row.id: row for row in db.session.scalars(sa.select(model).where(model.id.in_(ids)))}


def _ground(actor: Actor, kind: str, row: Row, who: dict[int, OrganisationInfo]) -> Ground | None:
    if isinstance(row, Post):
        if not market_queries.may_read(actor, row):
            return None
        named = market_queries.shows_identity(actor, row)
        title = row.title if named else row.shown_title
        return Ground(kind, title, f"/ecosystem/posts/{row.id}", who[row.organisation_id] if named else None)
    if isinstance(row, Initiative):
        return Ground(
            kind, row.title, initiatives.URL.format(row.id) if initiatives.may_read(actor) else "", None
        )
    if isinstance(row, Resolution):
        return Ground(kind, row.text, "/ecosystem/committee#resolutions", None)
    if not sight.may_read_all(actor) and row.organisation_id != actor.organisation_id:
        return None
    return Ground(kind, row.text, "", who.get(row.organisation_id) if row.organisation_id else None)


@dataclass(frozen=True)
class Table:
    """Everything the committee page shows."""

    committee: Committee
    seats: list[CommitteeSeat]
    missing: tuple[str, ...]
    meetings: list[Meeting]
    overdue_months: list[dt.date]
    resolutions: list[Resolution]
    proposed: list[agenda.Item]


def table(committee: Committee, labels: Mapping[str, frozenset[int]]) -> Table:
    there = seats(committee.id)
    decided = resolutions()
    called = meetings()
    latest = max((one for one in called if one.state == "held"), key=lambda one: one.number, default=None)
    return Table(
        committee,
        there,
        committee_rules.missing_kinds(s.kind for s in there),
        called,
        overdue_months(committee, called),
        decided,
        grounds.proposed_agenda(latest, labels, [one for one in decided if one.state == "open"]),
    )
