"""A year's plan as a calendar file: one whole day an event, that any calendar reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.hall import clock
from app.hall.files.calendar_file import add_property

if TYPE_CHECKING:
    from app.upkeep.plans.queries import Standing


def calendar_of(rows: Iterable[tuple[dt.date, Standing]], site: str) -> bytes:
    """RFC 5545; the same plan and day is the same event whenever the file is made."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    add_property(calendar, "prodid", "-//ParkLink//upkeep//ZH")
    add_property(calendar, "version", "2.0")
    add_property(calendar, "x-wr-calname", _("维保计划"))
    for day, one in rows:
        event = Event()
        add_property(event, "uid", f"upkeep-{one.plan.id}-{day.isoformat()}@parklink")
        add_property(event, "dtstamp", clock.now())
        add_property(event, "dtstart", day)
        add_property(event, "dtend", day + dt.timedelta(days=1))
        add_property(event, "summary", f"{one.machine.name} · {one.plan.name}")
        if one.machine.place:
            add_property(event, "location", one.machine.place)
        add_property(event, "url", f"{site}/upkeep/machines/{one.machine.id}")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
