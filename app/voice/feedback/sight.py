"""Who may see which remark and what of it: asked by every page, call and act of the feature."""

from __future__ import annotations

import sqlalchemy as sa

from app.identity.door import Actor, roles
from app.voice.feedback import authors, rules
from app.voice.feedback.models import Feedback


def workable(actor: Actor) -> sa.ColumnElement[bool]:
    """Remarks this reader may classify and answer: a hidden one only who heard it, and the keeper."""
    if not actor.may(roles.LINKS_REMARKS):
        return sa.false()
    return sa.or_(Feedback.visibility != rules.PARK_ONLY, authors.known_to(actor))


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Remarks this reader may read at all: the park's people the shown words of all, a firm its own."""
    if actor.may(roles.SEES_REMARKS):
        return sa.true()
    if actor.may(roles.SPEAKS_FOR_THE_FIRM):
        return own(actor)
    return sa.false()


def own(actor: Actor) -> sa.ColumnElement[bool]:
    """Remarks of the reader's own firm, also those it made in confidence."""
    named = sa.select(Feedback.id).where(Feedback.organisation_id == actor.organisation_id)
    return Feedback.id.in_(sa.union_all(named, authors.hidden_of_firm(actor.organisation_id)))


def shows_photos(actor: Actor) -> sa.ColumnElement[bool]:
    """Remarks whose photographs this reader sees: who works on them, and the firm itself; a picture may name it."""
    if actor.may(roles.SPEAKS_FOR_THE_FIRM):
        return sa.or_(own(actor), workable(actor))
    return workable(actor)


def reads_original(actor: Actor, row: Feedback, workable_ids: frozenset[int]) -> bool:
    """Whether the words as typed may be read: of a named remark by who works on remarks, else who knows the author."""
    if row.visibility == rules.NAMED:
        return actor.may(roles.LINKS_REMARKS)
    return row.id in workable_ids and row.visibility == rules.PARK_ONLY
