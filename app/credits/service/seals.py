"""Seals over the settled transfers, and closed months: what makes a rewriting of the whole ledger show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa

from app import clock
from app.credits import ledger
from app.credits.models import Entry, Period, Seal, Transfer
from app.credits.moments import micros
from app.credits.service.posting import actor_name
from app.db import db, is_sqlite, transaction
from app.errors import Conflict, Invalid, NotAllowed
from app.identity import service as identity
from app.identity.service import SYSTEM, Actor

KEEPERS = ("park_admin", "auditor")


def settled_up_to() -> int:
    """The last transfer below which nothing can still appear.

    PostgreSQL hands out ids before it commits: a moment's lock waits for every running posting.
    """
    with transaction() as session:
        if not is_sqlite():
            session.execute(sa.text("LOCK TABLE transfer IN SHARE MODE"))
        return int(session.scalar(sa.select(sa.func.max(Transfer.id))) or 0)


def entry_hashes(after: int, up_to: int) -> Iterator[tuple[int, str]]:
    """Transfer ids and the hashes of their chained entries, in order of id."""
    query = (
        sa.select(Entry.transfer_id, Entry.hash)
        .where(Entry.seq.is_not(None), Entry.transfer_id > after, Entry.transfer_id <= up_to)
        .order_by(Entry.transfer_id, Entry.account_id)
        .execution_options(yield_per=5000)
    )
    yield from (tuple(row) for row in db.session.execute(query))  # type: ignore[misc]


def take_seal(actor: Actor = SYSTEM) -> Seal | None:
    """Seal what was posted since the last one; None when there is nothing new."""
    up_to = settled_up_to()
    with transaction() as session:
        if not is_sqlite():
            session.execute(sa.text("LOCK TABLE seal IN SHARE ROW EXCLUSIVE MODE"))
        last = session.scalar(sa.select(Seal).order_by(Seal.id.desc()).limit(1))
        after = last.up_to_id if last else 0
        if up_to <= after:
            return None
        count, total = session.execute(
            sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(Transfer.amount), 0)).where(
                Transfer.id > after, Transfer.id <= up_to
            )
        ).one()
        now, who = clock.now(), actor_name(actor)
        previous = last.hash if last else ""
        sealed = ledger.seal_digest(
            previous, up_to, count, int(total), micros(now), who, entry_hashes(after, up_to)
        )
        seal = Seal(
            up_to_id=up_to,
            count=count,
            total=int(total),
            hash=sealed,
            previous=previous,
            sealed_at=now,
            sealed_by=who,
        )
        session.add(seal)
        identity.audit(actor, "ledger.sealed", "seal", up_to, hash=sealed)
        return seal


def list_seals(limit: int = 50) -> list[Seal]:
    return list(db.session.scalars(sa.select(Seal).order_by(Seal.id.desc()).limit(limit)))


def close_month(actor: Actor, month: str, reason: str = "") -> Period:
    """Close a past month: nothing becomes effective in it, or before it, any more."""
    if not actor.has("park_admin"):
        raise NotAllowed("only_park_staff")
    try:
        first = dt.date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Invalid("month_malformed") from None
    following = (first + dt.timedelta(days=32)).replace(day=1)
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
            month=month, starts_at=clock.start_of_day(first), ends_at=clock.start_of_day(following), closed_at=clock.now(),
            closed_by=actor_name(actor),
        )  # fmt: skip
        session.add(row)
        identity.audit(actor, "ledger.month_closed", "period", month, reason)
        return row


def list_periods() -> list[Period]:
    return list(db.session.scalars(sa.select(Period).order_by(Period.ends_at.desc())))
