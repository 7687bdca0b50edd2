"""The channels of a quarter as the park's people compare them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import NotAllowed
from app.identity.door import Actor, roles
from app.voice import queries as firms
from app.voice.channels import rules
from app.voice.feedback.models import Feedback, FeedbackLink
from app.voice.feedback.rules import suppressed
from app.voice.visits.models import Contact
from app.voice.visits.states import CHANNELS


@dataclass(frozen=True)
class LayerHeard:
    """How many firms of a layer were heard; None where so few would tell who."""

    layer: str
    firms: int
    heard: int | None


@dataclass(frozen=True)
class Quarter:
    """What was heard in a quarter, channel by channel."""

    first_on: dt.date
    until_on: dt.date
    rows: Sequence[rules.Row]
    layers: Sequence[LayerHeard]

    @property
    def best(self) -> tuple[str, str, float] | None:
        """The channel with most problems a contact against the one with least: how many times as many."""
        alive = [row for row in self.rows if row.contacts and row.problems]
        if len(alive) < 2:
            return None
        found = rules.times(self.rows, alive[0].channel, alive[-1].channel)
        return (alive[0].channel, alive[-1].channel, found) if found else None


def of_quarter(actor: Actor, day: dt.date | None = None) -> Quarter:
    """The quarter a day lies in: two statements."""
    if not actor.may(roles.SEES_CHANNELS):
        raise NotAllowed("feedback_not_yours")
    first, after = rules.quarter(day or clock.today())
    contacts = dict(
        db.session.execute(
            sa.select(Contact.channel, sa.func.count())
            .where(Contact.accepted, Contact.held_on >= first, Contact.held_on < after)
            .group_by(Contact.channel)
        ).all()
    )
    problem = sa.exists().where(FeedbackLink.feedback_id == Feedback.id, FeedbackLink.kind == "problem")
    heard = [
        rules.Heard(channel, became, (clock.day_of(answered) - heard_on).days if answered else None)
        for channel, became, heard_on, answered in db.session.execute(
            sa.select(Feedback.channel, problem, Feedback.heard_on, Feedback.answered_at).where(
                Feedback.heard_on >= first, Feedback.heard_on < after
            )
        )
    ]
    return Quarter(first, after, rules.compare(CHANNELS, contacts, heard), _layers(first, after))


def _layers(first: dt.date, after: dt.date) -> list[LayerHeard]:
    """Firms heard at all by layer; cells of fewer than five are hidden, and what would give them away."""
    spoke = set(
        db.session.scalars(
            sa.select(Contact.organisation_id)
            .where(Contact.accepted, Contact.held_on >= first, Contact.held_on < after)
            .distinct()
        )
    )
    today = clock.today()
    total: Counter[str] = Counter()
    heard: Counter[str] = Counter()
    for firm in firms.firms():
        layer = firms.layer_of(firm, today)
        if firm.status == "active" and layer:
            total[layer] += 1
            heard[layer] += firm.id in spoke
    hidden = suppressed({layer: heard[layer] for layer in total})
    return [
        LayerHeard(layer, total[layer], None if layer in hidden else heard[layer]) for layer in sorted(total)
    ]
