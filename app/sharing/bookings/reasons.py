"""Puts the pure core's reasons into words: minutes become days and times in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from app.hall.errors import Conflict, Reason
from app.hall.text import language, units
from app.sharing.calendar.park_time import moment_of
from app.sharing.calendar.rules import Interval


def span_text(interval: Interval) -> str:
    return units.span(moment_of(interval.start), moment_of(interval.end), language.lang())


def worded(reason: Reason) -> Reason:
    """The same reason with parameters that a sentence can use."""
    params = dict(reason.params)
    if "spans" in params:
        params["spans"] = _("、").join(span_text(Interval(a, b)) for a, b in params["spans"])
    for name in ("earliest", "latest", "since", "until"):
        if name in params:
            params[name] = units.moment(moment_of(params[name]))
    for name in ("quota", "used", "left"):
        if name in params:
            params[name] = units.hours(params[name])
    return Reason(reason.code, params)


def refused(reasons: Iterable[Reason]) -> Conflict:
    """The refusal of a booking with all its reasons, in words."""
    return Conflict("booking_refused", [worded(reason) for reason in reasons])
