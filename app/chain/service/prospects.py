"""The pipeline of firms to bring: from identified to landed, each step with a note; landing changes the chain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app import clock, jobs, language
from app.chain.models import (
    ChainFirm,
    IndustryChain,
    InputCoefficient,
    Position,
    Prospect,
    ProspectPosition,
    ProspectStep,
    Segment,
)
from app.chain.recruiting import Candidate, Fit
from app.chain.service import chains, what_if
from app.db import db, locked, transaction
from app.errors import Conflict, Invalid, NotFound, Reason
from app.identity import service as identity
from app.identity.service.directory import next_enterprise_code

ORDER = ("identified", "contacted", "visited", "negotiating", "signed", "landed")
STALLED_AFTER = dt.timedelta(days=14)
OPEN = ORDER[:-1]


def may_move(state: str, target: str) -> bool:
    """One step forward, or lost from anywhere before landing."""
    if state not in OPEN:
        return False
    return target == "lost" or target == ORDER[ORDER.index(state) + 1]


def get_prospect(code: str) -> Prospect:
    row = db.session.scalar(sa.select(Prospect).where(Prospect.code == code))
    if row is None:
        raise NotFound("chain_prospect_not_found", code=code)
    return row


def list_prospects(chain: IndustryChain, open_only: bool = False) -> list[Prospect]:
    query = sa.select(Prospect).where(Prospect.chain_id == chain.id).order_by(Prospect.code)
    if open_only:
        query = query.where(Prospect.state.in_(OPEN))
    return list(db.session.scalars(query))


def prospect_name(row: Prospect) -> str:
    return (row.name_en if language.lang() == "en" else "") or row.name_zh


def is_stalled(row: Prospect) -> bool:
    return row.state in OPEN and clock.now() - row.touched_at > STALLED_AFTER


def steps_of(row: Prospect) -> list[ProspectStep]:
    query = sa.select(ProspectStep).where(ProspectStep.prospect_id == row.id)
    return list(db.session.scalars(query.order_by(ProspectStep.at.desc(), ProspectStep.id.desc())))


def create_prospect(
    actor: identity.Actor,
    chain: IndustryChain,
    *,
    name_zh: str,
    adds: Mapping[str, float],
    code: str = "",
    name_en: str = "",
    region: str = "",
    products: str = "",
    takes: Sequence[str] = (),
    source: str = "",
    brings: dict[str, Any] | None = None,
) -> Prospect:
    """Note a firm outside that could come, with what it would make."""
    segments = chains.segments_by_code(chain.id)
    reasons = [
        Reason("chain_unknown_segment", {"value": s}) for s in sorted({*adds, *takes}) if s not in segments
    ]
    if not name_zh.strip():
        reasons.append(Reason("chain_prospect_needs_name"))
    if not adds:
        reasons.append(Reason("chain_prospect_needs_position"))
    if reasons:
        raise Invalid("chain_prospect_wrong", reasons=reasons)
    with transaction():
        code = code.strip() or _next_code()
        if db.session.scalar(sa.select(Prospect.id).where(Prospect.code == code)):
            raise Conflict("chain_prospect_code_taken", code=code)
        now = clock.now()
        row = Prospect(
            chain_id=chain.id, code=code, name_zh=name_zh.strip()[:100], name_en=name_en.strip()[:100],
            region=region.strip()[:100], products=products.strip()[:500], takes=list(takes), brings=brings or {},
            state="identified", owner_id=actor.member_id or None, next_step="", source=source[:200],
            created_at=now, touched_at=now,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        for segment, output in sorted(adds.items()):
            db.session.add(
                ProspectPosition(prospect_id=row.id, segment_id=segments[segment].id, output_wan=output)
            )
        _note(actor, row, "")
        identity.audit(actor, "chain.prospect_created", "prospect", row.id, code=row.code)
        return row


def _next_code() -> str:
    codes = db.session.scalars(sa.select(Prospect.code).where(Prospect.code.like("P%")))
    return f"P{max((int(c[1:]) for c in codes if c[1:].isdigit()), default=0) + 1:02d}"


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
) -> None:
    """Who does what next, by when; noting something ends a stall."""
    with transaction():
        row = _locked(code)
        if row.state not in OPEN:
            raise Conflict("chain_prospect_closed")
        row.next_step, row.due_on, row.owner_id = next_step.strip()[:300], due_on, owner_id
        _note(actor, row, note or next_step)
        identity.audit(actor, "chain.prospect_planned", "prospect", row.id, code=row.code)


def move(actor: identity.Actor, code: str, target: str, note: str = "") -> Prospect:
    """One step along the pipeline, or lost; `landed` brings the firm into the park."""
    with transaction():
        row = _locked(code)
        if not may_move(row.state, target):
            raise Conflict("chain_prospect_refused", state=row.state, target=target)
        before = row.state
        if target == "landed":
            _land(actor, row)
        row.state = target
        db.session.flush()
        if target == "landed":
            jobs.emit("prospect.landed", {"prospect_id": row.id, "organisation_id": row.organisation_id})
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


def _land(actor: identity.Actor, row: Prospect) -> None:
    """The firm becomes an enterprise with its positions; segments it brings come with it. One transaction."""
    chain = chains.lock_chain(row.chain_id)
    taken = db.session.scalars(sa.select(ChainFirm.code).where(ChainFirm.code.like("E%")))
    organisation = identity.create_enterprise(
        actor, code=next_enterprise_code(taken), name_zh=row.name_zh, name_en=row.name_en, industry=chain.code
    )
    row.state, row.organisation_id = "landed", organisation.id
    firm = db.session.scalar(sa.select(ChainFirm).where(ChainFirm.code == row.code))
    if firm is None:
        firm = ChainFirm(code=organisation.code, name=row.name_zh, organisation_id=organisation.id)
        db.session.add(firm)
    else:  # known outside before, under its code as a prospect
        firm.code, firm.organisation_id = organisation.code, organisation.id
    db.session.flush()
    now = clock.now()
    source = f"prospect {row.code}"
    segments = chains.segments_by_code(chain.id)
    for code, name_zh, name_en, stage in row.brings.get("segments", ()):
        if code not in segments:
            segments[code] = Segment(
                chain_id=chain.id, code=code, name_zh=name_zh, name_en=name_en, stage=stage, source=source,
                updated_at=now,
            )  # fmt: skip
            db.session.add(segments[code])
    db.session.flush()
    known = set(
        db.session.execute(
            sa.select(InputCoefficient.source_id, InputCoefficient.target_id).where(
                InputCoefficient.chain_id == chain.id
            )
        )
    )
    for source_code, target_code, coefficient in row.brings.get("inputs", ()):
        pair = (segments[source_code].id, segments[target_code].id)
        if pair not in known:
            db.session.add(
                InputCoefficient(
                    chain_id=chain.id,
                    source_id=pair[0],
                    target_id=pair[1],
                    coefficient=coefficient,
                    source=source,
                    updated_at=now,
                )
            )
    adds = [*what_if.adds_of([row.id]).get(row.id, ()), *row.brings.get("adds", ())]
    for code, output in adds:
        there = db.session.scalar(
            sa.select(Position).where(Position.firm_id == firm.id, Position.segment_id == segments[code].id)
        )
        if there is not None:
            there.in_park, there.output_wan, there.updated_at = True, output, now
            continue
        db.session.add(
            Position(
                chain_id=chain.id,
                segment_id=segments[code].id,
                firm_id=firm.id,
                output_wan=output,
                products=row.products,
                in_park=True,
                source=source,
                updated_at=now,
                confirmed_at=now,
                confirmed_by=actor.member_id or None,
            )
        )
    chains.changed(chain)


def candidates(chain: IndustryChain, rows: Sequence[Prospect]) -> list[Candidate]:
    adds = what_if.adds_of([row.id for row in rows])
    return [
        Candidate(row.code, prospect_name(row), tuple(adds.get(row.id, ())), tuple(row.takes)) for row in rows
    ]


def fits(chain: IndustryChain) -> list[Fit]:
    """Open prospects, best fit first; worked out once per state of the chain and of the pipeline."""
    from app.chain.recruiting import ranked_fits

    def rank() -> list[Fit]:
        rows = list_prospects(chain, open_only=True)
        return ranked_fits(chains.chain_facts(chain), chains.assessment(chain), candidates(chain, rows))

    return chains.kept("fits", chain, (language.lang(), _pipeline_state(chain)), rank)


def _pipeline_state(chain: IndustryChain) -> tuple[Any, ...]:
    """Differs as soon as a prospect is added, moved or planned."""
    return tuple(
        db.session.execute(
            sa.select(sa.func.count(), sa.func.max(Prospect.id), sa.func.max(Prospect.touched_at), sa.func.sum(
                sa.case((Prospect.state.in_(OPEN), 1), else_=0)
            )).where(Prospect.chain_id == chain.id)
        ).one()
    )  # fmt: skip


def fits_for(chain: IndustryChain, segment: str) -> list[tuple[Fit, Prospect]]:
    """Open prospects that would make this segment, best fit first."""
    query = (
        sa.select(Prospect)
        .join(ProspectPosition, ProspectPosition.prospect_id == Prospect.id)
        .join(Segment, Segment.id == ProspectPosition.segment_id)
        .where(Prospect.chain_id == chain.id, Prospect.state.in_(OPEN), Segment.code == segment)
    )
    able = {row.code: row for row in db.session.scalars(query)}
    return [(fit, able[fit.code]) for fit in fits(chain) if fit.code in able]
