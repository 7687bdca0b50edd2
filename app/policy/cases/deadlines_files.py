"""Days of policies as an iCal file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that must not be missed; the same `uid` replaces the earlier entry in a calendar."""

    uid: str
    day: dt.date
    title: str
    url: str = ""


def deadlines(days: Iterable[Deadline], stamp: dt.datetime) -> bytes:
    """One whole-day event each, UTF-8.

    >>> text = deadlines([Deadline("c-1@parklink", dt.date(2026, 12, 31), "申报截止")], dt.datetime(2026, 10, 1, tzinfo=dt.UTC))
    >>> b"DTSTART;VALUE=DATE:20261231" in text, b"SUMMARY:" in text
    (True, True)
    """
    from icalendar import Calendar, Event

    book = Calendar()
    book.add("prodid", "-//ParkLink//policy//ZH")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    for one in days:
        event = Event()
        event.add("uid", one.uid)
        event.add("dtstamp", stamp)
        event.add("dtstart", one.day)
        event.add("dtend", one.day + dt.timedelta(days=1))
        event.add("summary", one.title)
        if one.url:
            event.add("url", one.url)
        book.add_component(event)
    return bytes(book.to_ical())
