"""Puts the pure core's reasons into words: minutes become days and times in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from app import language, units
from app.errors import Conflict, Reason
from app.sharing.calendar import Interval
from app.sharing.messages import CATEGORY_NAMES
from app.sharing.park_time import moment_of


def span_text(interval: Interval) -> str:
    return units.span(moment_of(interval.start), moment_of(interval.end), language.lang())


def category_name(category: str) -> str:
    """A class of instruments in the reader's language; the owners' own words as they are."""
    return str(CATEGORY_NAMES.get(category, category))


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
