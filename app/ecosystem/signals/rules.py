"""What counts as a signal, and who may record which kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from app.hall.errors import Invalid, NotAllowed, Reason

KINDS = ("complaint", "visit", "survey", "refused_booking", "tea_talk", "shadowing", "repair")


@dataclass(frozen=True)
class Heard:
    """Something heard or refused: what, whose, about what, when; a `source` names what it was taken from."""

    kind: str
    text: str
    topic: str = ""
    organisation_id: int | None = None
    segment: str | None = None
    resource_id: int | None = None
    post_id: int | None = None
    minutes: int = 0
    tags: Collection[str] = ()
    occurred_on: dt.date | None = None
    source: str | None = None


def check(heard: Heard, today: dt.date) -> None:
    """Refuse what is no signal, with everything that is wrong about it.

    >>> check(Heard("rumour", " ", occurred_on=dt.date(2026, 3, 2)), dt.date(2026, 3, 1))
    Traceback (most recent call last):
    ...
    app.hall.errors.Invalid: signal_incomplete
    """
    reasons = []
    if heard.kind not in KINDS or not heard.text.strip():
        reasons.append(Reason("signal_incomplete"))
    if heard.occurred_on is not None and heard.occurred_on > today:
        reasons.append(Reason("signal_in_future"))
    if reasons:
        raise Invalid(reasons[0].code, reasons if len(reasons) > 1 else ())


def must_be_own(heard: Heard, organisation: int) -> None:
    """Refuse a firm that speaks for others: it complains in its own name, the rest comes from the staff."""
    if heard.kind != "complaint" or heard.organisation_id not in (None, organisation):
        raise NotAllowed("only_matchmakers")
