"""Month sums of accounts: what is kept up to a movement, and the entries after it added when somebody reads.

The ledger only grows, so what is kept never becomes wrong; the clockwork carries it on. Whether it has run or not, every
answer here is the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, cast

import sqlalchemy as sa
import sqlalchemy.orm

from app.credits.ledger.flows import Months, Moved, Sums, tally
from app.credits.ledger.models import (
    LAST_SYSTEM_ACCOUNT,
    Account,
    AccountKept,
    AccountMonth,
    Entry,
    Seal,
    Transfer,
)
from app.credits.ledger.seals import settled_up_to
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction

COLUMNS = tuple(vars(Sums()))
ByAccount = dict[int, Months]
_original = sa.orm.aliased(Transfer)


def _entries() -> sa.Select[*tuple[Any, ...]]:
    """Entries that move something, with what `Moved` says of them."""
    return (
        sa.select(
            Entry.account_id,
            Transfer.recorded_at,
            Transfer.effective_at,
            Entry.amount,
            Transfer.kind,
            _original.kind,
        )
        .select_from(Entry)
        .join(Transfer, Transfer.id == Entry.transfer_id)
        .outerjoin(_original, _original.id == Transfer.reverses_id)
        .where(Entry.amount != 0)
    )


def _tallied(rows: Iterable[Any], into: ByAccount) -> None:
    for account_id, recorded_at, effective_at, amount, kind, reversed_kind in rows:
        moved = Moved(_month(recorded_at), _month(effective_at), amount, kind, reversed_kind)
        tally(into.setdefault(account_id, {}), moved, account_id <= LAST_SYSTEM_ACCOUNT)


def _month(at: dt.datetime) -> dt.date:
    return clock.day_of(at).replace(day=1)


def months_of(account_id: int) -> Months:
    """Every month of one enterprise's account: a row per month, and its entries since those were kept."""
    kept = sa.select(AccountKept.up_to_seq).where(AccountKept.account_id == account_id)
    found = _kept(AccountMonth.account_id == account_id)
    since = sa.func.coalesce(kept.scalar_subquery(), 0)
    later = _entries().where(Entry.account_id == account_id, Entry.seq.is_not(None), Entry.seq > since)
    _tallied(db.session.execute(later), found)
    return found.get(account_id, {})


def total(months: Months, column: str) -> int:
    return sum(getattr(sums, column) for sums in months.values())


def _kept(*conditions: sa.ColumnElement[bool]) -> ByAccount:
    columns = [getattr(AccountMonth, name) for name in COLUMNS]
    found: ByAccount = {}
    query = sa.select(AccountMonth.account_id, AccountMonth.month, *columns).where(*conditions)
    for account_id, month, *values in db.session.execute(query):
        found.setdefault(account_id, {})[month] = Sums(*map(int, values))
    return found


def months_of_all(park: bool, since: dt.date | None = None) -> ByAccount:
    """Months of the park's own accounts, or of all enterprises, from this one on.

    Of enterprises a row per account and month; where only their sum is wanted, `months_together` asks the database for it.
    """
    which = [_whose(AccountMonth.account_id, park), *([AccountMonth.month >= since] if since else [])]
    found = _kept(*which)
    _tallied(db.session.execute(_tail(park)), found)
    if since:
        found = {one: {m: s for m, s in months.items() if m >= since} for one, months in found.items()}
    return found


def months_together(since: dt.date) -> Months:
    """The months of all enterprises added up, from this one on: a row per month."""
    columns = [sa.func.sum(getattr(AccountMonth, name)) for name in COLUMNS]
    query = sa.select(AccountMonth.month, *columns).where(
        AccountMonth.month >= since, _whose(AccountMonth.account_id, False)
    )
    found: Months = {
        month: Sums(*map(int, values))
        for month, *values in db.session.execute(query.group_by(AccountMonth.month))
    }
    later: ByAccount = {}
    _tallied(db.session.execute(_tail(False)), later)
    for months in later.values():
        for month, sums in months.items():
            if month >= since:
                found.setdefault(month, Sums()).add(sums)
    return found


def _whose(column: Any, park: bool) -> sa.ColumnElement[bool]:
    answer: sa.ColumnElement[bool] = column <= LAST_SYSTEM_ACCOUNT if park else column > LAST_SYSTEM_ACCOUNT
    return answer


def _tail(park: bool) -> sa.Select[*tuple[Any, ...]]:
    up_to = sa.select(sa.func.coalesce(sa.func.max(AccountKept.up_to_id), 0)).scalar_subquery()
    # The unary plus keeps SQLite from an index that leads with the account: after the bound there are few of any.
    return _entries().where(Entry.transfer_id > up_to, _whose(Entry.account_id + 0, park))


def keep(portion: int = 50_000) -> int:
    """Carry the kept months on to the last settled movement; answers how many entries were added.

    Reads in portions and outside of any lock; who finds that another run was faster lets it be.
    """
    begun = _up_to()
    settled = _settled()
    if settled <= begun:
        return 0
    found: ByAccount = {}
    seqs: dict[int, int] = {}
    count = 0
    for first in range(begun, settled, portion):
        last = min(first + portion, settled)
        for rows in _read(first, last):
            count += len(rows)
            _tallied(rows, found)
        within = sa.select(Entry.account_id, sa.func.max(Entry.seq)).where(
            Entry.transfer_id > first, Entry.transfer_id <= last, Entry.seq.is_not(None)
        )
        for account_id, seq in db.session.execute(within.group_by(Entry.account_id)):
            seqs[account_id] = max(seq or 0, seqs.get(account_id, 0))
    with transaction() as session:
        session.execute(sa.select(Account.id).where(Account.id == 1).with_for_update())
        if _up_to() != begun:
            return 0
        _write_months(found)
        _write_bounds(settled, seqs)
    return count


def _settled() -> int:
    """Below which no movement can still appear; the last seal says so where the application's role may lock nothing."""
    try:
        return settled_up_to(Transfer)
    except sa.exc.ProgrammingError:
        db.session.rollback()
        return int(db.session.scalar(sa.select(sa.func.max(Seal.up_to_id))) or 0)


def _up_to() -> int:
    return int(db.session.scalar(sa.select(sa.func.max(AccountKept.up_to_id))) or 0)


def _read(first: int, last: int) -> Iterator[Any]:
    rows = db.session.execute(
        _entries()
        .where(Entry.transfer_id > first, Entry.transfer_id <= last)
        .execution_options(yield_per=5_000)
    )
    yield from rows.partitions()


def _write_months(found: ByAccount) -> None:
    """Add to the months that are there, insert those that are not."""
    session = db.session
    accounts = sorted(found)
    there: set[tuple[int, dt.date]] = set()
    for start in range(0, len(accounts), 500):
        keys = sa.select(AccountMonth.account_id, AccountMonth.month).where(
            AccountMonth.account_id.in_(accounts[start : start + 500])
        )
        there.update((account_id, month) for account_id, month in session.execute(keys))
    rows = [
        {"account_id": account_id, "month": month, **vars(sums)}
        for account_id, months in sorted(found.items())
        for month, sums in sorted(months.items())
    ]
    new = [row for row in rows if (row["account_id"], row["month"]) not in there]
    old = [row for row in rows if (row["account_id"], row["month"]) in there]
    table = cast("sa.Table", AccountMonth.__table__)
    if new:
        session.connection().execute(sa.insert(table), new)
    if old:
        more = {name: table.c[name] + sa.bindparam(f"more_{name}") for name in COLUMNS}
        query = sa.update(table).where(
            table.c.account_id == sa.bindparam("of"), table.c.month == sa.bindparam("in_month")
        )
        session.connection().execute(
            query.values(more),
            [
                {"of": row["account_id"], "in_month": row["month"]}
                | {f"more_{name}": row[name] for name in COLUMNS}
                for row in old
            ],
        )


def _write_bounds(settled: int, seqs: dict[int, int]) -> None:
    """All accounts that ever moved say how far it went; an enterprise's says its last entry too."""
    session = db.session
    wanted = dict.fromkeys(range(1, LAST_SYSTEM_ACCOUNT + 1), 0) | seqs
    there = set(session.scalars(sa.select(AccountKept.account_id)))
    table = cast("sa.Table", AccountKept.__table__)
    new = [
        {"account_id": number, "up_to_id": settled, "up_to_seq": seq}
        for number, seq in sorted(wanted.items())
        if number not in there
    ]
    old = [{"of": number, "to_seq": seq} for number, seq in sorted(seqs.items()) if number in there]
    if new:
        session.connection().execute(sa.insert(table), new)
    if old:
        query = sa.update(table).where(table.c.account_id == sa.bindparam("of"))
        session.connection().execute(query.values(up_to_seq=sa.bindparam("to_seq")), old)
    session.connection().execute(sa.update(table).values(up_to_id=settled))
