"""The pipeline of firms to bring: from identified to landed, each step with a note; landing changes the chain."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.chain.prospects import queries
from app.chain.prospects.models import Prospect, ProspectPosition, ProspectStep
from app.chain.prospects.rules import (
    NOT_ASKED,
    OPEN,
    Arrival,
    Landing,
    NewProspect,
    Situation,
    decide_landing,
    may_move,
)
from app.chain.register import facts
from app.chain.register import service as chains
from app.chain.register.models import (
    ChainFirm,
    IndustryChain,
    InputCoefficient,
    Position,
    Segment,
    SupplyLink,
)
from app.hall import clock, jobs
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotFound
from app.hall.text.numbers import whole
from app.identity import door as identity


def create_prospect(actor: identity.Actor, chain: IndustryChain, new: NewProspect) -> Prospect:
    """Note a firm outside that could come, with what it would make."""
    segments = chains.segments_by_code(chain.id)
    reasons = new.reasons(segments)
    if reasons:
        raise Invalid("chain_prospect_wrong", reasons=reasons)
    with transaction():
        code = new.code.strip() or _next_code()
        if db.session.scalar(sa.select(Prospect.id).where(Prospect.code == code)):
            raise Conflict("chain_prospect_code_taken", code=code)
        now = clock.now()
        row = Prospect(
            chain_id=chain.id,
            code=code,
            name_zh=new.name_zh.strip()[:100],
            name_en=new.name_en.strip()[:100],
            region=new.region.strip()[:100],
            products=new.products.strip()[:500],
            takes=list(new.takes),
            brings=dict(new.brings),
            state="identified",
            owner_id=actor.member_id or None,
            next_step="",
            source=new.source[:200],
            created_at=now,
            touched_at=now,
        )
        db.session.add(row)
        db.session.flush()
        for segment, output in sorted(new.adds.items()):
            db.session.add(
                ProspectPosition(prospect_id=row.id, segment_id=segments[segment].id, output_wan=output)
            )
        _note(actor, row, "")
        identity.audit(actor, "chain.prospect_created", "prospect", row.id, code=row.code)
        return row


def _next_code() -> str:
    codes = db.session.scalars(sa.select(Prospect.code).where(Prospect.code.like("P%")))
    used = (whole(code[1:], 99_999_999) or 0 for code in codes)
    return f"P{max(used, default=0) + 1:02d}"


def _note(actor: identity.Actor, row: Prospect, note: str) -> None:
    member = actor.member_id or None
    db.session.add(
        ProspectStep(
            prospect_id=row.id, state=row.state, note=note.strip()[:1000], member_id=member, at=clock.now()
        )
    )
    row.touched_at = clock.now()


def _locked(code: str) -> Prospect:
    row = db.session.scalar(locked(sa.select(Prospect).where(Prospect.code == code)))
    if row is None:
        raise NotFound("chain_prospect_not_found", code=code)
    return row


def plan(
    actor: identity.Actor,
    code: str,
    *,
    next_step: str,
    due_on: dt.date | None,
    owner_id: int | None,
    note: str = "",
    contact: tuple[str, str] | None = None,
) -> None:
    """Who does what next, by when, and whom to call there; noting something ends a stall.

    Saving what stands already changes nothing and notes nothing.
    """
    with transaction():
        row = _locked(code)
        if row.state not in OPEN:
            raise Conflict("chain_prospect_closed")
        before = (row.next_step, row.due_on, row.owner_id, row.contact, row.contact_phone)
        row.next_step, row.due_on, row.owner_id = next_step.strip()[:300], due_on, owner_id
        if contact is not None:
            row.contact, row.contact_phone = contact[0].strip()[:60], contact[1].strip()[:30]
        after = (row.next_step, row.due_on, row.owner_id, row.contact, row.contact_phone)
        if before == after and not note.strip():
            return
        _note(actor, row, note or next_step)
        identity.audit(actor, "chain.prospect_planned", "prospect", row.id, code=row.code)


def note(actor: identity.Actor, code: str, text: str) -> None:
    """What happened, without a move: a call, a visit of theirs, a paper that was sent."""
    if not text.strip():
        raise Invalid("chain_note_empty", at="note")
    with transaction():
        row = _locked(code)
        _note(actor, row, text)
        identity.audit(
            actor, "chain.prospect_noted", "prospect", row.id, reason=text.strip()[:200], code=code
        )


def move(
    actor: identity.Actor, code: str, target: str, note: str = "", landing: Landing = NOT_ASKED
) -> Prospect:
    """One step along the pipeline, or lost; `landed` brings the firm into the park."""
    with transaction():
        row = _locked(code)
        before = row.state
        if target == "landed":
            _land(actor, row, landing)
        elif not may_move(before, target):
            raise Conflict("chain_prospect_refused", state=before, target=target)
        if target == "lost" and not note.strip():
            raise Invalid("chain_lost_reason", at="note")
        row.state = target
        db.session.flush()
        _note(actor, row, note)
        identity.audit(
            actor,
            "chain.prospect_moved",
            "prospect",
            row.id,
            reason=note,
            code=row.code,
            before=before,
            after=target,
        )
        return row


def _land(actor: identity.Actor, row: Prospect, landing: Landing) -> None:
    """Read what is there, decide once, write it: the firm becomes an enterprise of the park."""
    chain = chains.lock_chain(row.chain_id)
    firm = db.session.scalar(sa.select(ChainFirm).where(ChainFirm.code == row.code))
    arrival = decide_landing(_situation(row, firm))
    organisation = identity.bring_in(
        actor,
        identity.NewOrganisation(
            "enterprise",
            row.name_zh,
            row.name_en,
            credit_code=landing.credit_code,
            contact=landing.contact,
            contact_phone=landing.contact_phone,
            industry=chain.code,
        ),
        another=landing.another,
        code=landing.organisation,
    )
    if landing.administrator.strip():
        identity.invite_first(
            actor, organisation.id, identity.FirstPerson(landing.administrator, landing.email)
        )
    row.state, row.organisation_id = "landed", organisation.id
    known = db.session.scalar(sa.select(ChainFirm).where(ChainFirm.organisation_id == organisation.id))
    if known is not None:
        firm = known
    elif firm is None:
        firm = ChainFirm(code=organisation.code, name=row.name_zh, organisation_id=organisation.id)
        db.session.add(firm)
    else:  # known outside before, under its code as a prospect
        firm.code, firm.organisation_id = organisation.code, organisation.id
    db.session.flush()
    _write_arrival(arrival, row, firm, actor.member_id or None)
    chains.changed(chain)
    jobs.emit("prospect.landed", {"prospect_id": row.id, "organisation_id": row.organisation_id})


STANDS_BY_LANDING = frozenset(
    {"chain_firm.organisation_id", "prospect.organisation_id", "audit_event.organisation_id"}
)
DERIVED = frozenset({"firm_check.organisation_id", "firm_label.organisation_id", "fit.organisation_id"})
PLANNED_AT_LANDING = frozenset({"onboarding_step.organisation_id", "visit.organisation_id"})
MAY_HANG = (
    STANDS_BY_LANDING
    | DERIVED
    | {"secret_link.organisation_id", "service_pack.enterprise_id"}
    | PLANNED_AT_LANDING
)


def take_back(actor: identity.Actor, code: str, reason: str) -> Prospect:
    """A landing that nothing hangs on yet is taken back: the firm is signed again and stands outside."""
    if not reason.strip():
        raise Invalid("reason_required")
    with transaction():
        row = _locked(code)
        if row.state != "landed" or row.organisation_id is None:
            raise Conflict("chain_prospect_refused", state=row.state, target="signed")
        hanging = identity.hangs_on(row.organisation_id, MAY_HANG)
        firm = db.session.scalar(sa.select(ChainFirm).where(ChainFirm.organisation_id == row.organisation_id))
        if firm is not None and (links := _links_of(firm)):
            hanging["supply_link.supplier_id"] = links
        if hanging:
            raise Conflict(
                "chain_landing_stands", count=sum(hanging.values()), places=", ".join(sorted(hanging))
            )
        chain = chains.lock_chain(row.chain_id)
        if firm is not None:
            firm.organisation_id, firm.code, firm.name = None, row.code, row.name_zh
            db.session.execute(
                sa.update(Position)
                .where(Position.firm_id == firm.id, Position.chain_id == chain.id)
                .values(in_park=False, updated_at=clock.now())
            )
        identity.take_back(actor, row.organisation_id, reason)
        row.state, row.organisation_id = "signed", None
        db.session.flush()
        _note(actor, row, reason)
        chains.changed(chain)
        identity.audit(
            actor,
            "chain.prospect_moved",
            "prospect",
            row.id,
            reason,
            code=row.code,
            before="landed",
            after="signed",
        )
        return row


def _links_of(firm: ChainFirm) -> int:
    query = (
        sa.select(sa.func.count())
        .select_from(SupplyLink)
        .where(sa.or_(SupplyLink.supplier_id == firm.id, SupplyLink.customer_id == firm.id))
    )
    return db.session.scalar(query) or 0


def _situation(row: Prospect, firm: ChainFirm | None) -> Situation:
    """What the decision rests on: four selects, whatever the prospect brings."""
    segments = dict(
        db.session.execute(sa.select(Segment.id, Segment.code).where(Segment.chain_id == row.chain_id)).all()
    )
    pairs = db.session.execute(
        sa.select(InputCoefficient.source_id, InputCoefficient.target_id).where(
            InputCoefficient.chain_id == row.chain_id
        )
    )
    standing = (
        db.session.scalars(
            sa.select(Position.segment_id).where(
                Position.firm_id == firm.id, Position.chain_id == row.chain_id
            )
        )
        if firm is not None
        else ()
    )
    made = db.session.execute(
        sa.select(ProspectPosition.segment_id, ProspectPosition.output_wan)
        .where(ProspectPosition.prospect_id == row.id)
        .order_by(ProspectPosition.segment_id)
    )
    return Situation(
        state=row.state,
        adds=(
            *((segments[number], output) for number, output in made),
            *((code, output) for code, output in row.brings.get("adds", ())),
        ),
        brings_segments=tuple(facts.Segment(*item) for item in row.brings.get("segments", ())),
        brings_inputs=tuple(facts.Input(*item) for item in row.brings.get("inputs", ())),
        segments=frozenset(segments.values()),
        inputs=frozenset((segments[source], segments[target]) for source, target in pairs),
        standing=frozenset(segments[number] for number in standing),
    )


def _write_arrival(arrival: Arrival, row: Prospect, firm: ChainFirm, confirmed_by: int | None) -> None:
    now, source = clock.now(), f"prospect {row.code}"
    stamp = {"chain_id": row.chain_id, "source": source, "updated_at": now}
    for new in arrival.segments:
        db.session.add(
            Segment(code=new.code, name_zh=new.name_zh, name_en=new.name_en, stage=new.stage, **stamp)
        )
    db.session.flush()
    ids = dict(
        db.session.execute(sa.select(Segment.code, Segment.id).where(Segment.chain_id == row.chain_id)).all()
    )
    for need in arrival.inputs:
        pair = {"source_id": ids[need.source], "target_id": ids[need.target]}
        db.session.add(InputCoefficient(coefficient=need.coefficient, **pair, **stamp))
    for code, output in arrival.moved_positions:
        db.session.execute(
            sa.update(Position)
            .where(Position.firm_id == firm.id, Position.segment_id == ids[code])
            .values(in_park=True, output_wan=output, updated_at=now)
        )
    for code, output in arrival.new_positions:
        where = {"segment_id": ids[code], "firm_id": firm.id}
        sure = {"confirmed_at": now, "confirmed_by": confirmed_by}
        db.session.add(
            Position(output_wan=output, products=row.products, in_park=True, **where, **sure, **stamp)
        )


def take_up(actor: identity.Actor, chain: IndustryChain, code: str) -> Prospect:
    """The firm becomes a prospect under its own code, with what the data say it makes."""
    found = queries.outside_firms(chain).get(code)
    if found is None:
        raise NotFound("chain_firm_not_found", code=code)
    rows = db.session.execute(
        sa.select(Position.products, Position.source)
        .join(ChainFirm, ChainFirm.id == Position.firm_id)
        .where(Position.chain_id == chain.id, ChainFirm.code == code)
        .order_by(Position.id)
    ).all()
    new = NewProspect(
        code=code,
        name_zh=found.name,
        adds=dict(found.adds),
        products=" ".join(dict.fromkeys(products for products, _source in rows if products)),
        source=next((source for _products, source in rows if source), ""),
    )
    return create_prospect(actor, chain, new)
