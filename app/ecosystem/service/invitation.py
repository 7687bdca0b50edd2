"""A meeting as an iCal invitation, for the calendars of those who are asked to come."""

from __future__ import annotations

import datetime as dt


def invitation(
    uid: str,
    title: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    place: str,
    stamp: dt.datetime,
    *,
    sequence: int,
    cancelled: bool,
) -> bytes:
    """One event, UTF-8; a cancelled one with a higher `sequence` takes itself out of the calendars again.

    >>> at = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    >>> text = invitation("m-1@parklink", "例会", at, at, "", at, sequence=1, cancelled=True).decode()
    >>> "STATUS:CANCELLED" in text, "SUMMARY:例会" in text
    (True, True)
    """
    from icalendar import Calendar, Event

    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("dtstamp", stamp)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("summary", title)
    if place:
        event.add("location", place)
    book = Calendar()
    book.add("prodid", "-//ParkLink//ecosystem//ZH")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add_component(event)
    return bytes(book.to_ical())
