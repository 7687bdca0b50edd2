"""What came of an introduction: written down by one person, confirmed by the one who got it, then it counts."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app import clock
from app.db import db, locked, transaction
from app.ecosystem import gains, pipeline
from app.ecosystem.models import Introduction, Outcome
from app.ecosystem.service import introductions, sight
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity import service as identity
from app.jobs import emit

if TYPE_CHECKING:
    from app.identity.service import Actor

LARGEST = Decimal(10) ** 12


def milli(value: float | Decimal | str) -> int:
    """Return thousandths of a number, half up.

    >>> milli(80), milli("0.0005"), milli(-1.5)
    (80000, 1, -1500)
    """
    number = Decimal(str(value))
    if not number.is_finite() or abs(number) > LARGEST:
        raise Invalid("outcome_number_too_large")
    return int((number * 1000).to_integral_value(ROUND_HALF_UP))


def record(
    actor: Actor,
    introduction_id: int,
    *,
    metric: str,
    baseline: float | Decimal,
    actual: float | Decimal,
    unit: str,
    period: str,
    beneficiary_id: int | None = None,
) -> Outcome:
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
            metric=metric.strip(),
            baseline_milli=milli(baseline),
            actual_milli=milli(actual),
            unit=unit.strip(),
            period=period.strip(),
            beneficiary_id=beneficiary_id,
            recorded_by=actor.member_id,
            recorded_at=clock.now(),
        )
        session.add(outcome)
        session.flush()
        introductions._note(actor, row, "outcome", outcome.metric, to_state="recorded")
        identity.audit(actor, "outcome.recorded", "outcome", outcome.id)
        url = introductions.URL.format(row.id)
        if beneficiary_id is not None:
            identity.notify_organisation(beneficiary_id, "outcome_to_confirm", url, title=row.title)
        else:
            identity.notify_role("investment_staff", "outcome_to_confirm", url, title=row.title)
        return outcome


def may_confirm(actor: Actor, row: Introduction, outcome: Outcome) -> bool:
    """Say whether the actor may sign for it: of the beneficiary, and not the one who wrote it.

    What a prospect got is signed for by the neighbour that gives it, or by the staff who look after the prospect.
    """
    if outcome.confirmed_at or outcome.contested_at or actor.member_id == outcome.recorded_by:
        return False
    if outcome.beneficiary_id is not None:
        return actor.organisation_id == outcome.beneficiary_id and actor.has(*sight.WRITERS)
    return (actor.organisation_id == row.giving_id and actor.has(*sight.WRITERS)) or actor.has(
        "investment_staff"
    )


def _for_answer(actor: Actor, outcome_id: int) -> tuple[Introduction, Outcome]:
    outcome = db.session.scalar(sa.select(Outcome).where(Outcome.id == outcome_id))
    if outcome is None:
        raise NotFound("outcome_not_found")
    row = db.session.scalar(locked(sa.select(Introduction).where(Introduction.id == outcome.introduction_id)))
    if row is None or not introductions.may_read(actor, row):
        raise NotFound("outcome_not_found")
    db.session.refresh(outcome)
    if outcome.confirmed_at or outcome.contested_at:
        raise Conflict("outcome_answered")
    if actor.member_id == outcome.recorded_by:
        raise NotAllowed("outcome_four_eyes")
    if not may_confirm(actor, row, outcome):
        raise NotAllowed("outcome_not_yours")
    return row, outcome


def confirm(actor: Actor, outcome_id: int) -> Outcome:
    """Sign for an outcome: it counts from now on, and an introduction that was delivering is verified."""
    with transaction() as session:
        row, outcome = _for_answer(actor, outcome_id)
        outcome.confirmed_by = actor.member_id
        outcome.confirmed_at = clock.now()
        introductions._note(actor, row, "outcome", outcome.metric, to_state="confirmed")
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
    row.state = pipeline.step("introduction", row.state, "verified")
    row.closed_at = clock.now()
    introductions._note(actor, row, "step", to_state="verified")
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
        introductions._note(actor, row, "outcome", reason, to_state="contested")
        identity.notify_member(
            outcome.recorded_by, "outcome_contested", introductions.URL.format(row.id), title=row.title
        )
        return outcome


def of(introduction_id: int) -> list[Outcome]:
    query = sa.select(Outcome).where(Outcome.introduction_id == introduction_id).order_by(Outcome.id)
    return list(db.session.scalars(query))


Totals = dict[tuple[str, str], float]


def as_gains(rows: Iterable[Outcome]) -> list[gains.Gain]:
    return [gains.Gain(o.id, o.metric, o.unit, o.actual_milli - o.baseline_milli) for o in rows]


def confirmed_totals(*where: Any) -> Totals:
    """Return confirmed gains (actual − baseline) by metric and unit, money in 万元."""
    query = sa.select(Outcome).where(Outcome.confirmed_at.is_not(None), *where)
    return gains.by_metric(as_gains(db.session.scalars(query)))


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
    return {id_: gains.by_metric(as_gains(there)) for id_, there in found.items()}


def count_to_confirm(actor: Actor) -> int:
    """Return how many outcomes wait for the actor's signature."""
    query = sa.select(sa.func.count()).where(
        Outcome.beneficiary_id == actor.organisation_id,
        Outcome.confirmed_at.is_(None),
        Outcome.contested_at.is_(None),
        Outcome.recorded_by != actor.member_id,
    )
    return db.session.scalar(query) or 0


def totals_for(actor: Actor) -> Totals:
    """Return confirmed gains of the introductions this reader may see, by metric and unit."""
    ids = introductions.query(actor).with_only_columns(Introduction.id)
    return confirmed_totals(Outcome.introduction_id.in_(ids))


def must_belong(outcome_id: int, introduction_id: int) -> None:
    """Refuse an outcome that is not one of this introduction."""
    row = db.session.get(Outcome, outcome_id)
    if row is None or row.introduction_id != introduction_id:
        raise NotFound("outcome_not_found")


def beneficiary_by_code(actor: Actor, introduction_id: int, code: str | None) -> int | None:
    """Return the id of the side with this code; None where nobody is named."""
    seen = introductions.get(actor, introduction_id)
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
