"""Firms as the room sees them: layer, building, how many share either, when each was last heard."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import Invalid
from app.identity import door as identity
from app.identity.door import OrganisationInfo
from app.voice.feedback.rules import Crowd
from app.voice.visits.models import Contact
from app.voice.visits.rules import DAYS_NEW, NEW, layer


def firms() -> list[OrganisationInfo]:
    """Every enterprise, whatever its state, by code; registered when it came, where nobody has said otherwise."""
    today = clock.today()
    return [
        replace(firm, registered_on=since) if since <= today else firm
        for firm, since in identity.enterprises_since()
    ]


def layer_of(firm: OrganisationInfo, day: dt.date, known_since: dt.date | None = None) -> str:
    """The layer of a firm; nothing where its size is unknown and it is not known to be new."""
    since = firm.registered_on or known_since
    if since is not None and (day - since).days < DAYS_NEW:
        return NEW
    try:
        return layer(since or dt.date.min, firm.size, day)
    except Invalid:
        return ""


@dataclass(frozen=True)
class Crowds:
    """How many active firms share a layer, and how many a building."""

    layers: Mapping[str, int]
    buildings: Mapping[str, int]

    def of(self, layer_name: str, building: str) -> Crowd:
        return Crowd(self.layers.get(layer_name, 0), self.buildings.get(building, 0))


def crowds(day: dt.date | None = None, known: Sequence[OrganisationInfo] | None = None) -> Crowds:
    today = day or clock.today()
    active = [one for one in (firms() if known is None else known) if one.status == "active"]
    return Crowds(
        Counter(found for one in active if (found := layer_of(one, today))),
        Counter(one.building for one in active if one.building),
    )


def last_contacts(
    organisation_ids: Iterable[int] | None = None, until: dt.date | None = None
) -> dict[int, dict[str, dt.date]]:
    """The day of the last accepted contact of each firm by channel."""
    query = (
        sa.select(Contact.organisation_id, Contact.channel, sa.func.max(Contact.held_on))
        .where(Contact.accepted)
        .group_by(Contact.organisation_id, Contact.channel)
    )
    if organisation_ids is not None:
        query = query.where(Contact.organisation_id.in_(sorted(set(organisation_ids))))
    if until is not None:
        query = query.where(Contact.held_on <= until)
    found: dict[int, dict[str, dt.date]] = {}
    for organisation_id, channel, day in db.session.execute(query):
        found.setdefault(organisation_id, {})[channel] = day
    return found


def last_heard(contacts: Mapping[str, dt.date]) -> dt.date | None:
    """The last day a firm was heard on any channel."""
    return max(contacts.values(), default=None)
