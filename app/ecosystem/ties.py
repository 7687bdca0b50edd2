"""What the ecosystem knows of an organisation, and ends on the day it leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.ecosystem.introductions.models import Introduction
from app.ecosystem.market import service as market
from app.ecosystem.market.models import Post
from app.ecosystem.outcomes.models import Outcome
from app.hall.db.base import db
from app.hall.db.counting import Question, counted, how_many
from app.identity.door import Actor, Line, OpenThing, Ties, park_itself, register_ties

_OPEN_POSTS = ("published", "engaged")
_ENDED = ("verified", "lost")


def _posts(organisation_id: int) -> Question:
    return how_many(Post.organisation_id == organisation_id, Post.state.in_(_OPEN_POSTS))


def _introductions(organisation_id: int) -> Question:
    return how_many(
        sa.or_(Introduction.asking_id == organisation_id, Introduction.giving_id == organisation_id),
        Introduction.state.not_in(_ENDED),
    )


def lines(_actor: Actor, organisation_id: int) -> Sequence[Line]:
    """Needs and offers, introductions under way, outcomes somebody confirmed; counted in one statement."""
    outcomes = how_many(Outcome.beneficiary_id == organisation_id, Outcome.confirmed_at.is_not(None))
    counts = counted(_posts(organisation_id), _introductions(organisation_id), outcomes)
    if not any(counts):
        return ()
    return (
        Line(_("公开的需求与供给"), str(counts[0])),
        Line(_("进行中的对接"), str(counts[1])),
        Line(_("已确认的成效"), str(counts[2])),
    )


def open_things(organisation_id: int, _day: dt.date) -> Sequence[OpenThing]:
    """What others could still answer, and what both sides are talking about."""
    posts, introductions = counted(_posts(organisation_id), _introductions(organisation_id))
    return (
        OpenThing(
            _("公开的需求与供给"),
            posts,
            _("当天撤下，未答复的撮合失效"),
            url_for("ecosystem.market"),
        ),
        OpenThing(_("进行中的对接"), introductions, _("不自动结束，由园区经办人了结")),
    )


def left(organisation_id: int, _day: dt.date) -> None:
    park = park_itself()
    query = sa.select(Post.id).where(Post.organisation_id == organisation_id, Post.state.in_(_OPEN_POSTS))
    for post_id in db.session.scalars(query.order_by(Post.id)).all():
        market.withdraw(park, post_id)


def register() -> None:
    register_ties("ecosystem", Ties(_l("生态协同"), lines=lines, open_things=open_things, left=left))
