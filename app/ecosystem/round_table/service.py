"""Monthly meetings with a computed agenda, minutes, votes, and resolutions with one owner and a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa

from app.ecosystem import sight, states
from app.ecosystem.committee.service import get_committee, labels, must_run, seats
from app.ecosystem.limits import RESOLUTION_SOON_DAYS
from app.ecosystem.round_table import grounds, rules
from app.ecosystem.round_table.models import AgendaItem, Meeting, Resolution, Vote
from app.ecosystem.round_table.queries import URL, get_meeting, items, resolutions, tally_of, votes_of
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.identity import door as identity
from app.identity.door import Actor


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
            committee_id=committee.id,
            number=(last or 0) + 1,
            starts_at=starts_at,
            ends_at=ends_at,
            place=place.strip(),
            weak_links=grounds.weak_ranks(),
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        _fill(row)
        identity.audit(actor, "meeting.called", "committee_meeting", row.id, number=row.number)
        for s in seats(committee.id):
            identity.notify_organisation(
                s.organisation_id, "meeting_called", URL.format(row.id), number=row.number
            )
        return row


WRITTEN = ("merged", "speaker")  # what the secretary put there is kept when the subject is worked out anew


def _fill(row: Meeting) -> int:
    """Put computed items on the agenda that are not there yet; own ones keep their place at the end."""
    known = {item.key: item for item in items(row.id)}
    dropped = set(row.dropped or ())
    computed = [
        one
        for one in grounds.proposed_agenda(_previous(row), labels(), resolutions(open_only=True))
        if one.key not in dropped
    ]
    before = {key: item.position for key, item in known.items()}
    position = 0
    for position, item in enumerate(computed, start=1):
        there = known.get(item.key)
        if there is None:
            db.session.add(
                AgendaItem(
                    meeting_id=row.id,
                    position=position,
                    kind=item.kind,
                    key=item.key,
                    title="",
                    params=dict(item.params),
                    evidence=[list(e) for e in item.evidence],
                )
            )
        elif there.roll is None:  # what was voted on stays what it was
            kept = {name: there.params[name] for name in WRITTEN if name in there.params}
            there.position, there.params = position, dict(item.params) | kept
            grounds_of_parts = [e for part in kept.get("merged", ()) for e in part["evidence"]]
            there.evidence = [*(list(e) for e in item.evidence), *grounds_of_parts]
        else:
            there.position = position
    keys = {item.key for item in computed}
    for there in sorted((i for i in known.values() if i.key not in keys), key=lambda i: (i.position, i.id)):
        position += 1
        there.position = position
    db.session.flush()
    if row.arranged:  # the secretary's order holds; what is new comes last
        ordered = sorted(items(row.id), key=lambda one: before.get(one.key, len(before) + one.position))
        for position, there in enumerate(ordered, start=1):
            there.position = position
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
        row = planned(meeting_id)
        row.weak_links = grounds.weak_ranks()
        return _fill(row)


def add_item(actor: Actor, meeting_id: int, title: str) -> AgendaItem:
    """Put an own subject on the agenda."""
    must_run(actor)
    with transaction() as session:
        row = planned(meeting_id)
        there = items(row.id)
        item = AgendaItem(
            meeting_id=row.id,
            position=len(there) + 1,
            kind="own",
            key=f"own:{len(there) + 1}:{title.strip()[:40]}",
            title=title.strip(),
            params={},
            evidence=[],
        )
        session.add(item)
        session.flush()
        return item


def planned(meeting_id: int) -> Meeting:
    """The meeting, locked, while it has not been held or called off."""
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
        row = planned(meeting_id)
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
        row = planned(meeting_id)
        row.state = "cancelled"
        identity.audit(actor, "meeting.cancelled", "committee_meeting", row.id)
        return row


def note_item(actor: Actor, item_id: int, minutes: str, speaker: str | None = None) -> AgendaItem:
    """Write down what was said about one subject, and who spoke to it."""
    must_run(actor)
    with transaction() as session:
        item = session.get(AgendaItem, item_id)
        if item is None:
            raise NotFound("item_not_found")
        planned(item.meeting_id)
        item.minutes = minutes.strip()
        if speaker is not None:
            item.params = {**item.params, "speaker": speaker.strip()}
        return item


def vote(actor: Actor, item_id: int, choice: str, seat_id: int | None = None) -> None:
    """Cast the vote of the actor's seat; the secretary may enter what a seat said at the table."""
    with transaction() as session:
        item = session.get(AgendaItem, item_id)
        if item is None:
            raise NotFound("item_not_found")
        if seat_id is None:
            there = seats(get_meeting(item.meeting_id).committee_id)
            seat_id = next((s.id for s in there if s.organisation_id == actor.organisation_id), 0)
        _vote(actor, item, {seat_id: choice})


def vote_all(actor: Actor, item_id: int, said: Mapping[int, str]) -> None:
    """Write down what several seats said, all or none."""
    with transaction() as session:
        item = session.get(AgendaItem, item_id)
        if item is None:
            raise NotFound("item_not_found")
        _vote(actor, item, said)


def _vote(actor: Actor, item: AgendaItem, said: Mapping[int, str]) -> None:
    meeting = get_meeting(item.meeting_id)
    there = {s.id: s for s in seats(meeting.committee_id)}
    if not set(said) <= there.keys():
        raise NotAllowed("no_seat")
    if any(there[seat_id].organisation_id != actor.organisation_id for seat_id in said):
        must_run(actor)
    else:
        sight.must_write(actor)
    planned(meeting.id)
    db.session.refresh(item)  # as it is behind the lock
    known = {v.seat_id: v for v in db.session.scalars(sa.select(Vote).where(Vote.agenda_item_id == item.id))}
    wanted = [
        rules.Said(
            seat_id,
            choice,
            there[seat_id].organisation_id == actor.organisation_id,
            known[seat_id].choice if seat_id in known else "",
            seat_id in known and known[seat_id].entered,
        )
        for seat_id, choice in sorted(said.items())
    ]
    against = rules.vote_reasons(wanted, item.roll, _is_resolved(item.id))
    if against:
        named = identity.organisations_by_id(s.organisation_id for s in there.values())
        reasons = [
            Reason(one.code, {"seat": named[there[int(one.params["seat"])].organisation_id].name})
            if "seat" in one.params
            else one
            for one in against
        ]
        raise Conflict(reasons[0].code, reasons=reasons, **reasons[0].params)
    if item.roll is None:
        percent = get_committee().quorum_percent
        item.roll, item.voted_on, item.quorum_percent = sorted(there), clock.today(), percent
        db.session.flush()  # the database asks each voice whether its seat is on the roll
    for one in wanted:
        _write_vote(actor, meeting, item, one, known.get(one.seat_id), there[one.seat_id].organisation_id)
    db.session.flush()


def _write_vote(
    actor: Actor, meeting: Meeting, item: AgendaItem, said: rules.Said, row: Vote | None, voter_id: int
) -> None:
    """One voice; what is written down for a seat is told to it."""
    if row is not None and not said.own and row.choice == said.choice:
        return
    if row is None:
        row = Vote(agenda_item_id=item.id, seat_id=said.seat_id, created_at=clock.now())
        db.session.add(row)
    row.choice, row.member_id, row.entered = said.choice, actor.member_id or None, not said.own
    identity.audit(
        actor,
        "vote.cast" if said.own else "vote.entered",
        "agenda_item",
        item.id,
        choice=said.choice,
        seat=said.seat_id,
    )
    if not said.own:
        identity.notify_organisation(
            voter_id,
            f"vote_entered_{said.choice}",
            URL.format(meeting.id),
            number=meeting.number,
            item=item.position,
        )


def _is_resolved(item_id: int) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(Resolution.agenda_item_id == item_id))))


def resolve(actor: Actor, item_id: int, text: str, owner_id: int, due_on: dt.date) -> Resolution:
    """Decide something: the vote must have carried it, it has one owner and a day."""
    must_run(actor)
    if not text.strip():
        raise Invalid("ecosystem_note_missing")
    with transaction() as session:
        item = session.get(AgendaItem, item_id)
        if item is None:
            raise NotFound("item_not_found")
        meeting = planned(item.meeting_id)
        if _is_resolved(item.id):
            raise Conflict("item_closed")
        session.refresh(item)
        committee = get_committee()
        count = tally_of(committee, item, votes_of(meeting.id).get(item.id, {}), len(seats(committee.id)))
        if not count.quorate:
            raise Conflict(
                "vote_without_quorum", cast=count.yes + count.no + count.abstain, quorum=count.quorum
            )
        if not count.carried:
            raise Conflict("vote_not_carried")
        identity.get_organisation(owner_id)
        row = Resolution(
            committee_id=committee.id,
            agenda_item_id=item.id,
            text=text.strip(),
            owner_id=owner_id,
            due_on=due_on,
            created_at=clock.now(),
        )
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
        row.state = states.step(rules.RESOLUTION, row.state, state)
        row.closed_on, row.note = clock.today(), note.strip()
        identity.audit(actor, f"resolution.{state}", "resolution", row.id, note)
        return row


def remind() -> int:
    """Tell the owner of an open resolution once in its last week, then every week it is overdue.

    May run any number of times.
    """
    today = clock.today()
    week_ago = today - dt.timedelta(days=RESOLUTION_SOON_DAYS)
    told = Resolution.reminded_on
    with transaction() as session:
        rows = session.scalars(
            locked(
                sa.select(Resolution).where(
                    Resolution.state == "open",
                    sa.or_(
                        sa.and_(
                            Resolution.due_on <= today + dt.timedelta(days=RESOLUTION_SOON_DAYS),
                            told.is_(None),
                        ),
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
                "resolution_overdue"
                if rules.is_overdue(row.state, row.due_on, today)
                else "resolution_due_soon",
                "/ecosystem/committee",
                text=row.text[:80],
                on=str(row.due_on),
            )
    return len(rows)
