"""Facts of an organisation change: at once or when the park agrees, and every step is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.counting import Question, counted, how_many
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity.actor import Actor
from app.identity.audit.service import audit
from app.identity.facts import rules
from app.identity.facts.models import OrganisationChange
from app.identity.notifications.service import notify_organisation, notify_role
from app.identity.organisations.gbt4754 import DIVISIONS
from app.identity.organisations.models import FormerName, Organisation
from app.identity.organisations.naming import name_of
from app.identity.organisations.words import INDUSTRY_NAMES, SIZE_NAMES
from app.identity.roles import MANAGES_OWN_ORGANISATION, PARK_ADMIN, RUNS_THE_PARK

LISTS = rules.Lists(INDUSTRY_NAMES, DIVISIONS, SIZE_NAMES)
_when_decided: dict[str, Callable[[Actor, Organisation, str], None]] = {}


def on_decided(field: str, effect: Callable[[Actor, Organisation, str], None]) -> None:
    """What is done instead of writing the value when a change of this field takes effect."""
    _when_decided[field] = effect


@dataclass(frozen=True)
class Changed:
    """What a change of facts led to."""

    in_force: tuple[str, ...]
    waiting: tuple[str, ...]


def may_change(actor: Actor, organisation_id: int) -> bool:
    """The park changes every organisation's facts, an administrator their own."""
    own = actor.organisation_id == organisation_id and actor.may(MANAGES_OWN_ORGANISATION)
    return own or actor.may(RUNS_THE_PARK)


def change_facts(actor: Actor, organisation_id: int, values: Mapping[str, str], reason: str = "") -> Changed:
    """Write facts down: what differs takes effect at once, or waits until the park agrees."""
    wanted = {field: rules.tidy(field, value) for field, value in values.items()}
    faults = rules.faults(wanted, LISTS, clock.today())
    if faults:
        raise Invalid("facts_wrong", reasons=faults)
    with transaction():
        row = _locked(actor, organisation_id)
        done: dict[bool, list[str]] = {True: [], False: []}
        for field, after in wanted.items():
            if value_of(row, field) != after:
                done[ask(actor, row, field, after, reason)].append(field)
        if done[False]:
            notify_role(PARK_ADMIN, "fact_change_waits", "/identity/changes", name=row.name_zh)
        return Changed(tuple(done[True]), tuple(done[False]))


def ask(actor: Actor, row: Organisation, field: str, after: str, reason: str) -> bool:
    """Note one change; answers whether it is in force. A change of the same field that waits is replaced."""
    waits = rules.needs_agreement(field, actor.may(RUNS_THE_PARK))
    db.session.execute(
        sa.update(OrganisationChange)
        .where(
            OrganisationChange.organisation_id == row.id,
            OrganisationChange.field == field,
            OrganisationChange.state == "waits",
        )
        .values(state="withdrawn")
    )
    change = OrganisationChange(
        organisation_id=row.id,
        field=field,
        before=value_of(row, field),
        after=after,
        state="waits" if waits else "in_force",
        reason=reason.strip()[:500],
        by_id=actor.member_id,
        at=clock.now(),
    )
    db.session.add(change)
    db.session.flush()
    if not waits:
        _put(actor, row, field, after)
    verb = "change_asked" if waits else "changed"
    audit(actor, f"organisation.{verb}", "organisation", row.id, reason, field=field, after=after)
    return not waits


def decide_change(actor: Actor, change_id: int, agree: bool, reason: str = "") -> OrganisationChange:
    """The park agrees to a change, or says why not."""
    if not actor.may(RUNS_THE_PARK):
        raise NotAllowed("only_park_admin")
    if not agree and not reason.strip():
        raise Invalid("reason_required")
    with transaction():
        change = db.session.scalar(
            locked(sa.select(OrganisationChange).where(OrganisationChange.id == change_id))
        )
        if change is None:
            raise NotFound("change_not_found")
        if change.state != "waits":
            raise Conflict("change_decided")
        row = db.session.scalars(
            locked(sa.select(Organisation).where(Organisation.id == change.organisation_id))
        ).one()
        change.state = "in_force" if agree else "refused"
        change.decided_by_id, change.decided_at = actor.member_id, clock.now()
        if reason.strip():
            change.reason = reason.strip()[:500]
        if agree:
            change.before = value_of(row, change.field)
            _put(actor, row, change.field, change.after)
        audit(
            actor, f"organisation.change_{change.state}", "organisation", row.id, reason, field=change.field
        )
        notify_organisation(
            row.id,
            f"fact_change_{change.state}",
            f"/identity/organisations/{row.id}/portrait",
            reason=reason.strip(),
        )
        return change


def _put(actor: Actor, row: Organisation, field: str, after: str) -> None:
    if field in _when_decided:
        _when_decided[field](actor, row, after)
        return
    if field == "credit_code" and after:
        _must_be_free(row.id, after)
    if field == "name_zh":
        db.session.add(
            FormerName(
                organisation_id=row.id,
                name_zh=row.name_zh,
                name_en=row.name_en,
                name_key=name_of(row.name_zh).core[:100],
                until_at=clock.now(),
            )
        )
    day = dt.date.fromisoformat(after) if field == "registered_on" and after else None
    setattr(row, field, day if field == "registered_on" else after)
    db.session.flush()


def _must_be_free(organisation_id: int, code: str) -> None:
    query = sa.select(Organisation.code, Organisation.name_zh).where(
        Organisation.credit_code == code,
        Organisation.id != organisation_id,
        Organisation.status.not_in(("rejected", "joined")),
    )
    other = db.session.execute(query.limit(1)).one_or_none()
    if other is not None:
        raise Conflict("credit_code_elsewhere", code=other.code, name=other.name_zh, at="credit_code")


def value_of(row: Organisation, field: str) -> str:
    """A fact as text; a day as YYYY-MM-DD."""
    value = getattr(row, field)
    return value.isoformat() if isinstance(value, dt.date) else value or ""


def get_for(actor: Actor, organisation_id: int) -> Organisation:
    """An organisation whose facts this actor may change."""
    row = db.session.get(Organisation, organisation_id)
    if row is None or row.kind == "park" or not may_change(actor, organisation_id):
        raise NotFound("organisation_not_found")
    return row


def _locked(actor: Actor, organisation_id: int) -> Organisation:
    get_for(actor, organisation_id)
    query = sa.select(Organisation).where(Organisation.id == organisation_id)
    return db.session.scalars(locked(query).execution_options(populate_existing=True)).one()


def history(organisation_id: int, limit: int = 50) -> list[OrganisationChange]:
    """Changes of an organisation's facts, the newest first."""
    query = sa.select(OrganisationChange).where(OrganisationChange.organisation_id == organisation_id)
    return list(db.session.scalars(query.order_by(OrganisationChange.id.desc()).limit(limit)))


def waiting_statement() -> sa.Select[OrganisationChange, Organisation]:
    """Changes that wait for the park, with whose they are."""
    return (
        sa.select(OrganisationChange, Organisation)
        .join(Organisation, Organisation.id == OrganisationChange.organisation_id)
        .where(OrganisationChange.state == "waits")
    )


def count_of_the_park(*more: Question) -> tuple[int, ...]:
    """Registrations and changes of facts that wait for the park, and what else is asked with them, in one statement."""
    return counted(how_many(Organisation.status == "pending"), _waiting(), *more)


def count_waiting() -> int:
    return counted(_waiting())[0]


def _waiting() -> Question:
    return how_many(OrganisationChange.state == "waits")
