"""The round table: who sits there, monthly meetings, a computed agenda, minutes, votes and resolutions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app import clock
from app.db import db, locked, transaction
from app.ecosystem import agenda, pipeline, roundtable
from app.ecosystem.models import (
    AgendaItem,
    Committee,
    CommitteeSeat,
    Meeting,
    Resolution,
    Vote,
)
from app.ecosystem.service import evidence, sight
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity import service as identity

if TYPE_CHECKING:
    from app.identity.service import Actor

URL = "/ecosystem/committee/meetings/{}"


def must_run(actor: Actor) -> None:
    """Refuse everybody but the secretary and the park's administrator."""
    if not actor.has("committee_secretary", "park_admin"):
        raise NotAllowed("only_secretary")


def find() -> Committee | None:
    return db.session.scalar(sa.select(Committee).order_by(Committee.id).limit(1))


def found_committee(actor: Actor, name: str, founded_on: dt.date, quorum_percent: int = 50) -> Committee:
    """Found the committee; there is one."""
    must_run(actor)
    with transaction() as session:
        if find() is not None:
            raise Conflict("committee_exists")
        row = Committee(name=name.strip(), founded_on=founded_on, quorum_percent=quorum_percent)
        session.add(row)
        session.flush()
        identity.audit(actor, "committee.founded", "committee", row.id)
        return row


def get_committee() -> Committee:
    row = find()
    if row is None:
        raise NotFound("committee_not_found")
    return row


def seats(committee_id: int) -> list[CommitteeSeat]:
    query = sa.select(CommitteeSeat).where(
        CommitteeSeat.committee_id == committee_id, CommitteeSeat.until_on.is_(None)
    )
    return list(db.session.scalars(query.order_by(CommitteeSeat.kind, CommitteeSeat.id)))


def seat(actor: Actor, organisation_id: int, person: str = "") -> CommitteeSeat:
    """Give an organisation a seat of its kind."""
    must_run(actor)
    with transaction() as session:
        committee = get_committee()
        who = identity.get_organisation(organisation_id)
        if any(s.organisation_id == organisation_id for s in seats(committee.id)):
            raise Conflict("seat_taken")
        row = CommitteeSeat(
            committee_id=committee.id,
            organisation_id=who.id,
            kind=who.kind,
            person=person.strip(),
            since_on=clock.today(),
        )
        session.add(row)
        session.flush()
        identity.audit(actor, "committee.seated", "committee_seat", row.id, organisation=who.code)
        return row


def unseat(actor: Actor, seat_id: int) -> None:
    """End a seat; its votes stay."""
    must_run(actor)
    with transaction() as session:
        row = session.get(CommitteeSeat, seat_id)
        if row is None or row.until_on is not None:
            raise NotFound("seat_not_found")
        row.until_on = clock.today()
        identity.audit(actor, "committee.unseated", "committee_seat", row.id)


# --- meetings --------------------------------------------------------------------------------------------


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


# --- votes and resolutions -------------------------------------------------------------------------------


def vote(actor: Actor, item_id: int, choice: str, seat_id: int | None = None) -> Vote:
    """Cast the vote of the actor's seat; the secretary may enter what a seat said at the table."""
    with transaction() as session:
        item = session.get(AgendaItem, item_id)
        if item is None:
            raise NotFound("item_not_found")
        meeting = _planned(item.meeting_id)
        mine = [
            s
            for s in seats(meeting.committee_id)
            if s.id == seat_id or (seat_id is None and s.organisation_id == actor.organisation_id)
        ]
        if not mine:
            raise NotAllowed("no_seat")
        if mine[0].organisation_id != actor.organisation_id:
            must_run(actor)
        else:
            sight.must_write(actor)
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


def note_item(actor: Actor, item_id: int, minutes: str) -> AgendaItem:
    """Write down what was said about one subject."""
    must_run(actor)
    with transaction() as session:
        item = session.get(AgendaItem, item_id)
        if item is None:
            raise NotFound("item_not_found")
        item.minutes = minutes.strip()
        return item


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


def remind_overdue() -> int:
    """Tell the owner of every overdue resolution once a week; may run any number of times."""
    today = clock.today()
    with transaction() as session:
        rows = session.scalars(
            locked(
                sa.select(Resolution).where(
                    Resolution.state == "open",
                    Resolution.due_on < today,
                    sa.or_(
                        Resolution.reminded_on.is_(None),
                        Resolution.reminded_on <= today - dt.timedelta(days=7),
                    ),
                )
            )
        ).all()
        for row in rows:
            row.reminded_on = today
            identity.notify_organisation(
                row.owner_id,
                "resolution_overdue",
                "/ecosystem/committee",
                text=row.text[:80],
                on=str(row.due_on),
            )
    return len(rows)


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


def table() -> Table:
    committee = get_committee()
    there = seats(committee.id)
    latest = db.session.scalar(
        sa.select(Meeting).where(Meeting.state == "held").order_by(Meeting.number.desc()).limit(1)
    )
    return Table(
        committee, there, roundtable.missing_kinds(s.kind for s in there), meetings(), overdue_months(),
        resolutions(), evidence.proposed_agenda(before=latest),
    )  # fmt: skip


def resolutions_of(item_ids: list[int]) -> dict[int, list[Resolution]]:
    found: dict[int, list[Resolution]] = {}
    for row in db.session.scalars(sa.select(Resolution).where(Resolution.agenda_item_id.in_(item_ids))):
        found.setdefault(row.agenda_item_id or 0, []).append(row)
    return found


def vote_text(count: roundtable.Tally) -> dict[str, Any]:
    return {"yes": count.yes, "no": count.no, "abstain": count.abstain, "quorum": count.quorum}
