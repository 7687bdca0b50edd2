"""What a fresh park starts with: rooms offer lines, one person strikes out and proposes, another takes the rest over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.counting import Question, counted, how_many
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity.actor import Actor
from app.identity.audit.service import audit
from app.identity.departments.models import Department
from app.identity.joining.ties import Step, all_ties
from app.identity.members.independence import require_second_person
from app.identity.members.models import Member
from app.identity.notifications.service import notify_member, notify_role
from app.identity.organisations.models import Organisation
from app.identity.roles import PARK_ADMIN, RUNS_THE_PARK
from app.identity.starter.models import StarterSet

FIRST_DAYS = dt.timedelta(days=90)


@dataclass(frozen=True)
class Offer:
    """One line that a room offers a fresh park; `key` names it, in words and with its value for the reader."""

    key: str
    kind: str
    title_zh: str
    title_en: str
    value: int = 0
    unit: str = "credits"


@dataclass(frozen=True)
class Source:
    """A room's lines, which of them are in force already, and how it takes one over for two people."""

    offers: Callable[[], Sequence[Offer]]
    known: Callable[[], Collection[str]]
    take_over: Callable[[Actor, int, str], None]


_sources: dict[str, Source] = {}


def register_starter(room: str, source: Source) -> None:
    """A room above offers its lines, once."""
    _sources[room] = source


def offers() -> list[Offer]:
    """Every line that is not in force yet."""
    found = []
    for source in _sources.values():
        known = set(source.known())
        found += [one for one in source.offers() if one.key not in known]
    return found


def latest() -> StarterSet | None:
    """The set that was proposed last."""
    return db.session.scalar(sa.select(StarterSet).order_by(StarterSet.id.desc()).limit(1))


def propose(actor: Actor, struck: Collection[str], reason: str = "") -> StarterSet:
    """Put the lines that are not struck out before a second person."""
    _must_run(actor)
    with transaction():
        kept = [asdict(one) for one in offers() if one.key not in set(struck)]
        if not kept:
            raise Invalid("starter_empty")
        waiting = latest()
        if waiting is not None and waiting.state == "proposed":
            raise Conflict("starter_waits")
        row = StarterSet(
            state="proposed", lines=kept, reason=reason.strip()[:500], by_id=actor.member_id, at=clock.now()
        )
        db.session.add(row)
        db.session.flush()
        audit(actor, "starter.proposed", "park", row.id, reason, lines=[one["key"] for one in kept])
        notify_role(PARK_ADMIN, "starter_proposed", "/identity/starter")
        return row


def decide(actor: Actor, set_id: int, agree: bool, reason: str = "") -> StarterSet:
    """The second person takes every line over in one act, or refuses the set."""
    _must_run(actor)
    with transaction():
        row = db.session.scalar(locked(sa.select(StarterSet).where(StarterSet.id == set_id)))
        if row is None:
            raise NotFound("starter_not_found")
        if row.state != "proposed":
            raise Conflict("starter_decided")
        require_second_person(actor, row.by_id)
        if actor.member_id == row.by_id:
            raise NotAllowed("starter_second_person")
        row.state = "in_force" if agree else "refused"
        row.decided_by_id, row.decided_at = actor.member_id, clock.now()
        db.session.flush()
        if agree:
            # What is still missing is asked once: a line may not take the ground from under the next one.
            missing = [
                (source, {one.key for one in source.offers()} - set(source.known()))
                for source in _sources.values()
            ]
            for line in row.lines:
                for source, keys in missing:
                    if line["key"] in keys:
                        source.take_over(actor, row.by_id, str(line["key"]))
        audit(actor, f"starter.{row.state}", "park", row.id, reason)
        notify_member(row.by_id, f"starter_{row.state}", "/identity/starter")
        return row


def _must_run(actor: Actor) -> None:
    if not actor.may(RUNS_THE_PARK):
        raise NotAllowed("only_park_admin")


def firm_steps(organisation_id: int) -> list[Step]:
    """The first days of a firm; empty once every step is done or ninety days are over."""
    row = db.session.get_one(Organisation, organisation_id)
    if clock.now() - row.created_at > FIRST_DAYS:
        return []
    asked = [step for ties in all_ties() for step in ties.steps(organisation_id)]
    colleagues, *found = counted(
        how_many(Member.organisation_id == organisation_id), *(step.asks for step in asked)
    )
    facts = f"/identity/organisations/{organisation_id}/facts"
    steps = [
        Step("facts", bool(row.contact and row.credit_code), facts),
        Step("colleagues", colleagues > 1, "/identity/members"),
        *(Step(one.key, count > 0, one.url) for one, count in zip(asked, found, strict=True)),
    ]
    return [] if all(step.done for step in steps) else steps


def park_questions() -> tuple[Question, ...]:
    """What the first days of a park hang on, to be counted with whatever else a page counts."""
    park = Organisation.kind == "park"
    return (
        how_many(park, Organisation.created_at >= clock.now() - FIRST_DAYS),
        how_many(Member.organisation_id == Organisation.id, park),
        how_many(StarterSet.state == "in_force"),
        sa.select(sa.func.count(Department.id)),
        how_many(Organisation.kind.not_in(("park", "enterprise"))),
        how_many(Organisation.kind == "enterprise", Organisation.status == "active"),
    )


def steps_of(counts: Sequence[int]) -> list[Step]:
    """The first days of a park by its counts; empty once every step is done or ninety days are over."""
    young, colleagues, taken, departments, partners, firms = counts
    add = "/identity/organisations/new"
    steps = [
        Step("staff", colleagues > 1, "/identity/members"),
        Step("starter", taken > 0, "/identity/starter"),
        Step("departments", departments > 0, "/identity/departments"),
        Step("partners", partners > 0, add),
        Step("firms", firms > 0, add),
    ]
    return [] if not young or all(step.done for step in steps) else steps


def park_steps() -> list[Step]:
    """The first days of the park."""
    return steps_of(counted(*park_questions()))
