"""The day of a specialist: visits in walking order, each with its dossier of one page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.chain import door as chain
from app.chain.door import Brief
from app.ecosystem import door as ecosystem
from app.hall import clock
from app.hall.db.base import db
from app.identity import door as identity
from app.identity.door import Actor, OrganisationInfo
from app.policy import door as policy
from app.policy.door import PolicyFit
from app.problems import door as problems
from app.problems.door import ProblemInfo
from app.sharing import door as sharing
from app.upkeep import door as upkeep
from app.voice import queries as firms
from app.voice.onboarding.models import OnboardingStep
from app.voice.visits import states
from app.voice.visits.models import Contact, Promise, Visit
from app.voice.visits.rows import OfFirm, of_firm

DAYS_OF_REFUSALS = 180
MOST = 5  # of anything on a page of one sheet


@dataclass(frozen=True)
class Refusal:
    """A booking that could not be had."""

    resource: str
    resource_id: int
    day: dt.date
    codes: Sequence[str]


@dataclass(frozen=True)
class Dossier:
    """Everything a visitor should know, on one page."""

    firm: OrganisationInfo
    layer: str
    silence_days: int | None
    last_contacts: Sequence[Contact]
    chain: Brief | None
    refused: Sequence[Refusal]
    policies: Sequence[PolicyFit]
    needs: Sequence[tuple[int, str]]
    problems: Sequence[ProblemInfo]
    promises: Sequence[Promise]
    milestones: Sequence[OnboardingStep]
    machines_due: int = 0  # within a month; a count only


@dataclass(frozen=True)
class Stop:
    """One visit of the day."""

    visit: Visit
    dossier: Dossier


def walking_key(building: str) -> tuple[int, str]:
    """Buildings in the order of their numbers; without a number last, by name.

    >>> sorted(["12号楼", "3号楼", "会展中心"], key=walking_key)
    ['3号楼', '12号楼', '会展中心']
    """
    found = re.search(r"[0-9]+", building)
    return (int(found[0]) if found else 10**9, building)


def visits_of(member_id: int, day: dt.date) -> list[Visit]:
    """Visits of one specialist on a day that are not over: those with an hour by it, the others building by building."""
    rows = list(
        db.session.scalars(
            sa.select(Visit).where(
                Visit.member_id == member_id, Visit.planned_on == day, Visit.state.in_(states.OPEN)
            )
        )
    )
    known = identity.organisations_by_id(row.organisation_id for row in rows)
    return sorted(
        rows,
        key=lambda row: (row.starts or "99:99", walking_key(known[row.organisation_id].building), row.id),
    )


def stops(actor: Actor, day: dt.date) -> list[Stop]:
    """The day in walking order with dossiers."""
    return [Stop(row, dossier(actor, row.organisation_id)) for row in visits_of(actor.member_id, day)]


def dossier(actor: Actor, organisation_id: int, known: OfFirm | None = None) -> Dossier:
    """One firm on one page, from every room that knows it."""
    del actor
    firm = identity.get_organisation(organisation_id)
    today = clock.today()
    mine = known or of_firm(organisation_id)
    contacts = mine.contacts
    heard = max((one.held_on for one in contacts if one.accepted), default=None)
    since = heard or firm.registered_on
    return Dossier(
        firm,
        firms.layer_of(firm, today),
        (today - since).days if since else None,
        contacts[:MOST],
        chain.brief_of(organisation_id),
        _refused(organisation_id),
        [one for one in policy.fits_of_firm(firm) if len(one.missing) == 1 and one.state == "ask"],
        [(one.id, one.title) for one in ecosystem.open_needs_of(organisation_id, MOST)],
        problems.open_problems_of(organisation_id, MOST),
        mine.promises,
        [one for one in mine.steps if one.state == "open"],
        upkeep.machines_due(organisation_id),
    )


def _refused(organisation_id: int) -> list[Refusal]:
    since = clock.now() - dt.timedelta(days=DAYS_OF_REFUSALS)
    return [
        Refusal(name, row.resource_id, clock.day_of(row.refused_at), row.codes)
        for row, name in sharing.refused_of(organisation_id, since, MOST)
    ]
