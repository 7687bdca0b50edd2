"""Before and at the table: another day under the same number, subjects in order or off, who came and who sent apologies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from app.chain import door as chain
from app.ecosystem.committee.service import must_run, seats
from app.ecosystem.round_table.models import AgendaItem, Meeting
from app.ecosystem.round_table.queries import URL, get_meeting, items, resolutions_of, votes_of
from app.ecosystem.round_table.rules import names_few
from app.ecosystem.round_table.service import WRITTEN, planned
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotFound
from app.hall.text import units
from app.identity import door as identity
from app.identity.door import Actor

PRESENCE = ("present", "apologies", "absent")


def move_meeting(
    actor: Actor, meeting_id: int, starts_at: dt.datetime, ends_at: dt.datetime, place: str
) -> Meeting:
    """The same meeting at another time or place: calendars replace their entry, the seats are told."""
    must_run(actor)
    if ends_at <= starts_at:
        raise Invalid("meeting_ends_before_start")
    with transaction():
        row = planned(meeting_id)
        place = place.strip()[:200]
        if (row.starts_at, row.ends_at, row.place) == (starts_at, ends_at, place):
            return row
        row.starts_at, row.ends_at, row.place = starts_at, ends_at, place
        row.sequence += 1
        identity.audit(actor, "meeting.moved", "committee_meeting", row.id, number=row.number)
        for seat in seats(row.committee_id):
            identity.notify_organisation(
                seat.organisation_id,
                "meeting_moved",
                URL.format(row.id),
                number=row.number,
                when=units.moment(clock.local(starts_at)),
            )
        return row


def place_item(actor: Actor, meeting_id: int, item_id: int, up: bool) -> None:
    """One step up or down; from now on the order is the secretary's and new subjects come last."""
    must_run(actor)
    with transaction():
        row = planned(meeting_id)
        rows = items(row.id)
        at = next((n for n, one in enumerate(rows) if one.id == item_id), None)
        if at is None:
            raise NotFound("item_not_found")
        other = at - 1 if up else at + 1
        if 0 <= other < len(rows):
            rows[at], rows[other] = rows[other], rows[at]
        for position, one in enumerate(rows, 1):
            one.position = position
        row.arranged = True


def drop_item(actor: Actor, meeting_id: int, item_id: int) -> None:
    """Take a subject off that nobody has voted on; the computation does not bring it back to this meeting."""
    must_run(actor)
    with transaction():
        row = planned(meeting_id)
        item = db.session.get(AgendaItem, item_id)
        if item is None or item.meeting_id != row.id:
            raise NotFound("item_not_found")
        if item.roll is not None or votes_of(row.id).get(item.id) or resolutions_of([item.id]):
            raise Conflict("item_voted")
        row.dropped = [*row.dropped, item.key]
        identity.audit(actor, "meeting.item_dropped", "committee_meeting", row.id, key=item.key)
        db.session.delete(item)


def merge_item(actor: Actor, meeting_id: int, item_id: int) -> None:
    """Take a subject into the one above it; neither has been voted on, and what was noted of both stays."""
    must_run(actor)
    with transaction():
        row = planned(meeting_id)
        rows = items(row.id)
        at = next((n for n, one in enumerate(rows) if one.id == item_id), 0)
        if at == 0:
            raise NotFound("item_not_found")
        above, item = rows[at - 1], rows[at]
        votes, resolved = votes_of(row.id), resolutions_of([above.id, item.id])
        if any(one.roll is not None or votes.get(one.id) or resolved.get(one.id) for one in (above, item)):
            raise Conflict("item_voted")
        own = {name: value for name, value in item.params.items() if name not in WRITTEN}
        # The grounds of what only few may read are not added to a subject that everybody reads.
        few = names_few(item.kind, item.params, chain.LEAST_FIRMS)
        part = {
            "kind": item.kind,
            "params": own,
            "title": item.title,
            "evidence": [] if few else item.evidence,
        }
        merged = [*above.params.get("merged", ()), part, *item.params.get("merged", ())]
        speakers = [str(one.params["speaker"]) for one in (above, item) if one.params.get("speaker")]
        above.params = {**above.params, "merged": merged, "speaker": "、".join(dict.fromkeys(speakers))}
        above.evidence = [*above.evidence, *part["evidence"]]
        above.minutes = "\n".join(text for text in (above.minutes, item.minutes) if text)
        row.dropped = [*row.dropped, item.key]
        identity.audit(
            actor, "meeting.item_dropped", "committee_meeting", row.id, key=item.key, into=above.key
        )
        db.session.delete(item)


def note_attendance(actor: Actor, meeting_id: int, said: Mapping[int, str]) -> None:
    """Who came, who sent apologies, who stayed away without; seats that are left out stay open."""
    must_run(actor)
    with transaction():
        row = planned(meeting_id)
        known = {seat.id for seat in seats(row.committee_id)}
        found = {str(seat): value for seat, value in said.items() if seat in known and value in PRESENCE}
        row.attendance = found


def attendance_of(meeting_id: int) -> dict[int, str]:
    return {int(seat): str(value) for seat, value in get_meeting(meeting_id).attendance.items()}
