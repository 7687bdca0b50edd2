"""A meeting as an iCal invitation, for the calendars of those who are asked to come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.hall.files.calendar_file import add_property


@dataclass(frozen=True)
class Invited:
    """One meeting as calendars know it; a change raises its sequence."""

    uid: str
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    stamp: dt.datetime
    sequence: int
    cancelled: bool


def invitation(meeting: Invited) -> bytes:
    """One event, UTF-8; a cancelled one with a higher `sequence` takes itself out of the calendars again.

    >>> at = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    >>> text = invitation(Invited("m-1@parklink", "例会", at, at, "", at, 1, True)).decode()
    >>> "STATUS:CANCELLED" in text, "SUMMARY:例会" in text
    (True, True)
    """

    from icalendar import Calendar, Event

    event = Event()
    add_property(event, "uid", meeting.uid)
    add_property(event, "sequence", meeting.sequence)
    add_property(event, "status", "CANCELLED" if meeting.cancelled else "CONFIRMED")
    add_property(event, "dtstamp", meeting.stamp)
    add_property(event, "dtstart", meeting.starts_at)
    add_property(event, "dtend", meeting.ends_at)
    add_property(event, "summary", meeting.title)
    if meeting.place:
        add_property(event, "location", meeting.place)
    book = Calendar()
    add_property(book, "prodid", "-//ParkLink//ecosystem//ZH")
    add_property(book, "version", "2.0")
    add_property(book, "method", "PUBLISH")
    book.add_component(event)
    return bytes(book.to_ical())
