"""What came of an introduction: written down by one person, confirmed by the one who got it, then it counts."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from app.ecosystem import states
from app.ecosystem.introductions import queries as introductions_queries
from app.ecosystem.introductions import rules as introductions_rules
from app.ecosystem.introductions import service as introductions
from app.ecosystem.introductions.models import Introduction
from app.ecosystem.outcomes import rules
from app.ecosystem.outcomes.models import Outcome
from app.ecosystem.outcomes.rules import Result, Totals, milli
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.counting import Question, how_many
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound
from app.hall.jobs import emit
from app.identity import door as identity
from app.identity.door import Actor, roles


def record(actor: Actor, introduction_id: int, result: Result, beneficiary_id: int | None = None) -> Outcome:
    """Write an outcome down; by default the other side got it (the asking side when the staff writes).

    It counts only after somebody of the beneficiary, and another person than the writer, confirms it.
    """
    with transaction() as session:
        row = introductions.for_writing(actor, introduction_id, closed=("lost",))
        if beneficiary_id is None:
            beneficiary_id = row.giving_id if actor.organisation_id == row.asking_id else row.asking_id
        elif beneficiary_id not in (row.asking_id, row.giving_id):
            raise Invalid("beneficiary_outside")
        outcome = Outcome(
            introduction_id=row.id,
            metric=result.metric.strip(),
            baseline_milli=milli(result.baseline),
            actual_milli=milli(result.actual),
            unit=result.unit.strip(),
            period=result.period.strip(),
            beneficiary_id=beneficiary_id,
            recorded_by=actor.member_id,
            recorded_at=clock.now(),
        )
        session.add(outcome)
        session.flush()
        introductions.write_note(actor, row, "outcome", outcome.metric, to_state="recorded")
        identity.audit(actor, "outcome.recorded", "outcome", outcome.id)
        url = introductions_queries.URL.format(row.id)
        if beneficiary_id is not None:
            identity.notify_organisation(beneficiary_id, "outcome_to_confirm", url, title=row.title)
        else:
            identity.notify_role(roles.INVESTMENT_STAFF, "outcome_to_confirm", url, title=row.title)
        return outcome


def may_confirm(actor: Actor, row: Introduction, outcome: Outcome) -> bool:
    """Say whether the actor may sign for it: of the beneficiary, and not the one who wrote it.

    What a prospect got is signed for by the neighbour that gives it, or by the staff who look after the prospect.
    """
    if outcome.confirmed_at or outcome.contested_at or actor.member_id == outcome.recorded_by:
        return False
    if outcome.beneficiary_id is not None:
        return actor.organisation_id == outcome.beneficiary_id and actor.may(roles.WRITES_POSTS)
    return (actor.organisation_id == row.giving_id and actor.may(roles.WRITES_POSTS)) or actor.may(
        roles.CONFIRMS_OUTCOMES
    )


def _for_answer(actor: Actor, outcome_id: int) -> tuple[Introduction, Outcome]:
    outcome = db.session.scalar(sa.select(Outcome).where(Outcome.id == outcome_id))
    if outcome is None:
        raise NotFound("outcome_not_found")
    row = db.session.scalar(locked(sa.select(Introduction).where(Introduction.id == outcome.introduction_id)))
    if row is None or not introductions_queries.may_read(actor, row):
        raise NotFound("outcome_not_found")
    db.session.refresh(outcome)
    if outcome.confirmed_at or outcome.contested_at:
        raise Conflict("outcome_answered")
    if actor.member_id == outcome.recorded_by:
        raise NotAllowed("outcome_four_eyes")
    identity.require_second_person(actor, outcome.recorded_by)
    if not may_confirm(actor, row, outcome):
        raise NotAllowed("outcome_not_yours")
    return row, outcome


def confirm(actor: Actor, outcome_id: int) -> Outcome:
    """Sign for an outcome: it counts from now on, and an introduction that was delivering is verified."""
    with transaction() as session:
        row, outcome = _for_answer(actor, outcome_id)
        outcome.confirmed_by = actor.member_id
        outcome.confirmed_at = clock.now()
        introductions.write_note(actor, row, "outcome", outcome.metric, to_state="confirmed")
        identity.audit(actor, "outcome.confirmed", "outcome", outcome.id)
        session.flush()
        if row.state == "delivering":
            _verify(actor, row)
        return outcome


def verify(actor: Actor, introduction_id: int) -> Introduction:
    """Close a delivering introduction that already has a confirmed outcome."""
    with transaction() as session:
        row = introductions.for_writing(actor, introduction_id)
        signed = session.scalar(
            sa.select(sa.func.count()).where(
                Outcome.introduction_id == row.id, Outcome.confirmed_at.is_not(None)
            )
        )
        if not signed:
            raise Conflict("verified_by_outcome")
        _verify(actor, row)
        return row


def _verify(actor: Actor, row: Introduction) -> None:
    row.state = states.step(introductions_rules.INTRODUCTION, row.state, "verified")
    row.closed_at = clock.now()
    introductions.write_note(actor, row, "step", to_state="verified")
    identity.audit(actor, "introduction.verified", "introduction", row.id)
    emit("introduction.verified", {"id": row.id})


def contest(actor: Actor, outcome_id: int, reason: str) -> Outcome:
    """Say that an outcome is not so; it never counts, the writer may write a right one."""
    if not reason.strip():
        raise Invalid("ecosystem_note_missing")
    with transaction():
        row, outcome = _for_answer(actor, outcome_id)
        outcome.contested_at = clock.now()
        outcome.contested_reason = reason.strip()[:500]
        introductions.write_note(actor, row, "outcome", reason, to_state="contested")
        identity.notify_member(
            outcome.recorded_by,
            "outcome_contested",
            introductions_queries.URL.format(row.id),
            title=row.title,
        )
        return outcome


def of(introduction_id: int) -> list[Outcome]:
    query = sa.select(Outcome).where(Outcome.introduction_id == introduction_id).order_by(Outcome.id)
    return list(db.session.scalars(query))


def as_gains(rows: Iterable[Outcome]) -> list[rules.Gain]:
    return [rules.Gain(o.id, o.metric, o.unit, o.actual_milli - o.baseline_milli) for o in rows]


def confirmed_totals(*where: sa.ColumnElement[bool]) -> Totals:
    """Return confirmed gains (actual − baseline) by metric and unit, money in 万元."""
    query = sa.select(Outcome).where(Outcome.confirmed_at.is_not(None), *where)
    return rules.by_metric(as_gains(db.session.scalars(query)))


def pack_totals(pack_ids: Iterable[int]) -> dict[int, Totals]:
    """Return the confirmed gains of packs."""
    found: dict[int, list[Outcome]] = {id_: [] for id_ in pack_ids}
    rows = db.session.execute(
        sa.select(Introduction.pack_id, Outcome)
        .join(Outcome, Outcome.introduction_id == Introduction.id)
        .where(Outcome.confirmed_at.is_not(None), Introduction.pack_id.in_(found))
    )
    for pack_id, outcome in rows:
        found[pack_id or 0].append(outcome)
    return {id_: rules.by_metric(as_gains(there)) for id_, there in found.items()}


def to_confirm(actor: Actor) -> Question:
    """How many outcomes wait for the actor's signature."""
    return how_many(
        Outcome.beneficiary_id == actor.organisation_id,
        Outcome.confirmed_at.is_(None),
        Outcome.contested_at.is_(None),
        Outcome.recorded_by != actor.member_id,
    )


def totals_for(actor: Actor) -> Totals:
    """Return confirmed gains of the introductions this reader may see, by metric and unit."""
    ids = introductions_queries.query(actor).with_only_columns(Introduction.id)
    return confirmed_totals(Outcome.introduction_id.in_(ids))


def must_belong(outcome_id: int, introduction_id: int) -> None:
    """Refuse an outcome that is not one of this introduction."""
    row = db.session.get(Outcome, outcome_id)
    if row is None or row.introduction_id != introduction_id:
        raise NotFound("outcome_not_found")


def beneficiary_by_code(actor: Actor, introduction_id: int, code: str | None) -> int | None:
    """Return the id of the side with this code; None where nobody is named."""
    seen = introductions_queries.get(actor, introduction_id)
    if not code:
        return None
    for side in (seen.asking, seen.giving):
        if side is not None and side.code.lower() == code.lower():
            return side.id
    raise Invalid("beneficiary_outside")


def titles(introduction_ids: list[int]) -> dict[int, str]:
    """Return what the introductions are called."""
    rows = db.session.execute(
        sa.select(Introduction.id, Introduction.title).where(Introduction.id.in_(introduction_ids))
    )
    return {id_: title for id_, title in rows}  # noqa: C416 - rows, not tuples
