"""Seals over the settled transfers, and closed months: what makes a rewriting of the whole ledger show."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from app.credits.ledger import rules
from app.credits.ledger.models import Entry, Period, Seal, Transfer
from app.credits.ledger.months import first_day
from app.credits.ledger.service import actor_name
from app.hall import clock
from app.hall.clock import micros
from app.hall.db.base import db, is_sqlite
from app.hall.db.proofs import Proof
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, NotAllowed, NotFound
from app.identity import door as identity
from app.identity.door import SYSTEM, Actor, roles

UPGRADE = "upgrade"  # who sealed what the migration `grounds` found


def settled_up_to(table: type[Transfer] | type[Proof]) -> int:
    """The last transfer, or proof, below which nothing can still appear.

    PostgreSQL hands out ids before it commits: a moment's lock waits for every running posting. One table at a time,
    and let go at once: who writes both never waits for it with the other in hand.
    """
    with transaction() as session:
        if not is_sqlite():
            session.execute(sa.text(f"LOCK TABLE {table.__tablename__} IN SHARE MODE"))
        return int(session.scalar(sa.select(sa.func.max(table.id))) or 0)


def entry_hashes(after: int, up_to: int) -> Iterator[tuple[int, str]]:
    """Transfer ids and the hashes of their chained entries, in order of id."""
    query = (
        sa.select(Entry.transfer_id, Entry.hash)
        .where(Entry.seq.is_not(None), Entry.transfer_id > after, Entry.transfer_id <= up_to)
        .order_by(Entry.transfer_id, Entry.account_id)
        .execution_options(yield_per=5000)
    )
    yield from (tuple(row) for row in db.session.execute(query))  # type: ignore[misc]


def proof_hashes(after: int, up_to: int) -> Iterator[tuple[int, str]]:
    """Numbers and hashes of proofs, in order."""
    query = (
        sa.select(Proof.id, Proof.hash)
        .where(Proof.id > after, Proof.id <= up_to)
        .order_by(Proof.id)
        .execution_options(yield_per=5000)
    )
    yield from (tuple(row) for row in db.session.execute(query))  # type: ignore[misc]


def take_seal(actor: Actor = SYSTEM) -> Seal | None:
    """Seal what was posted, and proved, since the last one; None when there is nothing new.

    The movements end first: what each of them rests on is then below the seal too.
    """
    up_to, proofs_up_to = settled_up_to(Transfer), settled_up_to(Proof)
    with transaction() as session:
        if not is_sqlite():
            session.execute(sa.text("LOCK TABLE seal IN SHARE ROW EXCLUSIVE MODE"))
        last = session.scalar(sa.select(Seal).order_by(Seal.id.desc()).limit(1))
        after = last.up_to_id if last else 0
        proofs_after = (last.proofs_up_to or 0) if last else 0
        proofs = int(
            session.scalar(
                sa.select(sa.func.count()).where(Proof.id > proofs_after, Proof.id <= proofs_up_to)
            )
        )
        own_trace = 1 if last and last.sealed_by != UPGRADE else 0  # the last sealing told the trail
        if up_to <= after and proofs <= own_trace:
            return None
        count, total = session.execute(
            sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(Transfer.amount), 0)).where(
                Transfer.id > after, Transfer.id <= up_to
            )
        ).one()
        now, who = clock.now(), actor_name(actor)
        previous = last.hash if last else ""
        block = rules.Block(previous, up_to, count, int(total), micros(now), who, proofs_up_to, proofs)
        sealed = rules.seal_digest(
            block, entry_hashes(after, up_to), proof_hashes(proofs_after, proofs_up_to)
        )
        seal = Seal(**{**block._asdict(), "sealed_at": now}, hash=sealed)
        session.add(seal)
        session.flush()
        identity.audit(actor, "ledger.sealed", "seal", up_to, hash=sealed)
        _mail(seal)
        return seal


def _mail(seal: Seal) -> None:
    """Every seal leaves the house by itself: a letter to each auditor, who keeps it."""
    for member in identity.members_with_role(roles.AUDITOR):
        identity.mail_member(
            member.id,
            "seal_letter",
            f"/credits/audit/seals/{seal.id}",
            number=seal.id,
            transfers=seal.up_to_id,
            proofs=seal.proofs_up_to,
            hash=seal.hash,
        )


def leaves_by_mail() -> bool:
    """Whether a letter with the next seal will reach an auditor."""
    return any(identity.reaches_by_mail(one.id) for one in identity.members_with_role(roles.AUDITOR))


def get_seal(seal_id: int) -> Seal:
    row = db.session.get(Seal, seal_id)
    if row is None:
        raise NotFound("seal_not_found")
    return row


def list_seals(limit: int = 50) -> list[Seal]:
    return list(db.session.scalars(sa.select(Seal).order_by(Seal.id.desc()).limit(limit)))


def close_month(actor: Actor, month: str, reason: str = "") -> Period:
    """Close a past month: nothing becomes effective in it, or before it, any more."""
    if not actor.may(roles.CLOSES_PERIODS):
        raise NotAllowed("only_park_staff")
    first = first_day(month)
    following = clock.months_later(first, 1)
    if following > clock.today():
        raise Conflict("month_not_over")
    with transaction() as session:
        if not is_sqlite():
            # Wait for running postings and let none begin: none may slip into the month behind our back.
            session.execute(sa.text("LOCK TABLE transfer IN SHARE ROW EXCLUSIVE MODE"))
        newest = session.scalar(sa.select(sa.func.max(Period.ends_at)))
        if newest is not None and newest >= clock.start_of_day(following):
            raise Conflict("month_closed")
        row = Period(
            month=month,
            starts_at=clock.start_of_day(first),
            ends_at=clock.start_of_day(following),
            closed_at=clock.now(),
            closed_by=actor_name(actor),
        )
        session.add(row)
        identity.audit(actor, "ledger.month_closed", "period", month, reason)
        return row


def list_periods() -> list[Period]:
    return list(db.session.scalars(sa.select(Period).order_by(Period.ends_at.desc())))
