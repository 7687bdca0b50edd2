"""An initiative from proposal to its end; whoever handed problems over registers what its end does to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from app.ecosystem.initiatives.models import ExternalFactor, Initiative, InitiativeDeliverable
from app.ecosystem.initiatives.queries import OPEN, deliverables_of
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.identity import door as identity
from app.identity.door import Actor, roles

MOST = 1_000_000
Ended = Callable[[int, str], None]
_on_end: list[Ended] = []
_on_drop: list[Ended] = []


@dataclass(frozen=True)
class Proposal:
    """A cause outside the park and the counts before and after it began."""

    factor: str
    since_on: dt.date
    title: str
    complaints_before: int
    firm_months_before: int
    complaints_after: int
    firm_months_after: int


def on_initiative_end(handler: Ended) -> None:
    """Call `handler(initiative_id, text)` inside the transaction in which an initiative ends as done."""
    if handler not in _on_end:
        _on_end.append(handler)


def on_initiative_drop(handler: Ended) -> None:
    """Call `handler(initiative_id, reason)` inside the transaction in which an initiative is given up."""
    if handler not in _on_drop:
        _on_drop.append(handler)


def propose_initiative(actor: Actor, wanted: Proposal) -> int:
    """Write a proposal down; one cause of one day is one factor, and its open initiative is not doubled."""
    counts = (
        wanted.complaints_before,
        wanted.firm_months_before,
        wanted.complaints_after,
        wanted.firm_months_after,
    )
    if not wanted.factor.strip() or not wanted.title.strip() or any(not 0 <= n <= MOST for n in counts):
        raise Invalid("initiative_incomplete")
    with transaction() as session:
        factor = session.scalar(
            sa.select(ExternalFactor).where(
                ExternalFactor.name == wanted.factor.strip(), ExternalFactor.since_on == wanted.since_on
            )
        )
        if factor is None:
            factor = ExternalFactor(
                name=wanted.factor.strip(), since_on=wanted.since_on, created_at=clock.now()
            )
            session.add(factor)
            session.flush()
        running = session.scalar(
            sa.select(Initiative.id).where(
                Initiative.factor_id == factor.id, Initiative.state.not_in(("done", "dropped"))
            )
        )
        if running is not None:
            return running
        row = Initiative(
            factor_id=factor.id,
            title=wanted.title.strip(),
            state="proposed",
            complaints_before=wanted.complaints_before,
            firm_months_before=wanted.firm_months_before,
            complaints_after=wanted.complaints_after,
            firm_months_after=wanted.firm_months_after,
            proposed_at=clock.now(),
        )
        session.add(row)
        session.flush()
        identity.audit(actor, "initiative.proposed", "initiative", row.id)
        return row.id


def agree_initiative(actor: Actor, initiative_id: int, lead_id: int) -> None:
    """The round table agrees: one lead from now on."""
    with transaction():
        row = _lock(initiative_id)
        _must(_runs(actor))
        _require(row, "proposed")
        row.lead_id = identity.get_member(lead_id).id
        row.state = "agreed"
        identity.audit(actor, "initiative.agreed", "initiative", row.id, lead=lead_id)
        identity.notify_member(row.lead_id, "initiative_yours", _url(row), title=row.title)


@dataclass(frozen=True)
class Promise:
    """So many of something, by whom, until when."""

    what: str
    owner_id: int
    quantity: int
    unit: str
    promised_on: dt.date


def promise(actor: Actor, initiative_id: int, wanted: Promise) -> int:
    """An owner promises; with the first promise the initiative is under way."""
    reasons = []
    if not wanted.what.strip() or not 0 < wanted.quantity <= MOST:
        reasons.append(Reason("initiative_incomplete", {"at": "what"}))
    if wanted.promised_on < clock.today():
        reasons.append(Reason("initiative_promise_in_past", {"at": "promised_on"}))
    if reasons:
        raise Invalid("initiative_incomplete", reasons)
    with transaction() as session:
        row = _lock(initiative_id)
        _must(_leads(actor, row))
        _require(row, "agreed", "in_progress")
        made = InitiativeDeliverable(
            initiative_id=row.id,
            what=wanted.what.strip()[:120],
            owner_id=identity.get_member(wanted.owner_id).id,
            quantity=wanted.quantity,
            unit=wanted.unit.strip()[:20],
            promised_on=wanted.promised_on,
        )
        session.add(made)
        row.state = "in_progress"
        session.flush()
        identity.audit(actor, "initiative.promised", "initiative", row.id, made.what, deliverable=made.id)
        if made.owner_id != actor.member_id:
            day = wanted.promised_on.isoformat()
            identity.notify_member(
                made.owner_id, "initiative_promise_yours", _url(row), what=made.what, on=day
            )
        return made.id


def deliver(actor: Actor, initiative_id: int, deliverable_id: int, delivered: int) -> None:
    """How much of a promise is there by now: said by its owner, the lead or the secretary."""
    if not 0 <= delivered <= MOST:
        raise Invalid("initiative_incomplete")
    with transaction() as session:
        row = _lock(initiative_id)
        found = session.get(InitiativeDeliverable, deliverable_id)
        if found is None or found.initiative_id != initiative_id:
            raise NotFound("initiative_not_found")
        _must(_leads(actor, row) or found.owner_id == actor.member_id)
        _require(row, "in_progress")
        found.delivered, found.delivered_on = delivered, clock.today()
        identity.audit(actor, "initiative.delivered", "initiative", row.id, found.what, delivered=delivered)


def end_initiative(actor: Actor, initiative_id: int, text: str) -> None:
    """Done: every deliverable is there; what was handed over to it is answered with this text."""
    if not text.strip():
        raise Invalid("initiative_incomplete")
    with transaction():
        row = _lock(initiative_id)
        _must(_leads(actor, row))
        _require(row, "in_progress")
        if any(one.delivered < one.quantity for one in deliverables_of(initiative_id)):
            raise Conflict("initiative_undelivered")
        row.state, row.ended_at = "done", clock.now()
        identity.audit(actor, "initiative.done", "initiative", row.id)
        for handler in _on_end:
            handler(initiative_id, text.strip())


def drop_initiative(actor: Actor, initiative_id: int, reason: str) -> None:
    """Given up, with a reason: what was handed over goes back to who answered for it before."""
    if not reason.strip():
        raise Invalid("initiative_reason")
    with transaction():
        row = _lock(initiative_id)
        _must(_runs(actor))
        _require(row, *OPEN)
        row.state, row.ended_at = "dropped", clock.now()
        identity.audit(actor, "initiative.dropped", "initiative", row.id, reason.strip()[:500])
        for handler in _on_drop:
            handler(initiative_id, reason.strip())


def _url(row: Initiative) -> str:
    return f"/ecosystem/initiatives/{row.id}"


def _lock(initiative_id: int) -> Initiative:
    row: Initiative | None = db.session.scalar(
        locked(sa.select(Initiative).where(Initiative.id == initiative_id))
    )
    if row is None:
        raise NotFound("initiative_not_found")
    return row


def _runs(actor: Actor) -> bool:
    return actor.is_system or actor.may(roles.RUNS_COMMITTEE)


def _leads(actor: Actor, row: Initiative) -> bool:
    return _runs(actor) or (row.lead_id is not None and row.lead_id == actor.member_id)


def _must(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed("initiative_not_yours")


def _require(row: Initiative, *states: str) -> None:
    if row.state not in states:
        raise Conflict("initiative_state", state={"code": f"initiative_state_{row.state}"})
