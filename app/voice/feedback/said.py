"""Remarks as sentences for the room that reads themes: the shown words, the day, and the firm of named ones alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall.db.base import db
from app.voice.feedback.models import Feedback

REMARK_HEARD = (
    "voice.remark_heard"  # left in the outbox with a named remark: {"remark": id}; a hidden one leaves none
)


@dataclass(frozen=True, slots=True)
class Remark:
    """Where a remark stands; the firm of a hidden one is known here to nobody."""

    id: int
    heard_on: dt.date
    organisation_id: int | None


def remarks(since: dt.date | None = None, ids: Sequence[int] = ()) -> Iterator[Remark]:
    """Remarks heard from a day on, or these."""
    query = sa.select(Feedback.id, Feedback.heard_on, Feedback.organisation_id).order_by(Feedback.id)
    query = (
        query.where(Feedback.heard_on >= since) if since is not None else query.where(Feedback.id.in_(ids))
    )
    for one in db.session.execute(query):
        yield Remark(one.id, one.heard_on, one.organisation_id)


def shown_words(keys: Sequence[str]) -> Mapping[str, str]:
    """What may be shown of these remarks, by id; the words as typed stay here."""
    wanted = [int(key) for key in keys]
    query = sa.select(Feedback.id, Feedback.shown_text).where(Feedback.id.in_(wanted))
    return {str(number): text for number, text in db.session.execute(query)}
