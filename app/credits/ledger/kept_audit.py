"""The audit of kept months: the entries up to the bound are added up again, and every row must say the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa

from app.credits.ledger.flows import Months, Moved, Sums, tally
from app.credits.ledger.grounds import stream
from app.credits.ledger.models import LAST_SYSTEM_ACCOUNT
from app.hall import clock
from app.hall.clock import moment_of
from app.hall.db.base import is_sqlite

Report = Callable[[str, str, str], None]
Bounds = dict[int, tuple[int | None, int | None]]
COLUMNS = tuple(vars(Sums()))
DAY, EIGHT_HOURS = 86_400_000_000, 28_800_000_000  # the park's days begin at 16:00 UTC


def check_kept(connection: sa.Connection, report: Report) -> None:
    """Bounds first: without a right one there is nothing to compare with."""
    bounds: Bounds = {
        row[0]: (row[1], row[2])
        for row in connection.exec_driver_sql("SELECT account_id, up_to_id, up_to_seq FROM account_kept")
    }
    kept = _kept(connection)
    if not bounds:
        for account_id, month in kept:
            report("kept_months", f"account {account_id}", f"{month} is kept, but nothing says up to where")
        return
    up_to = max(bound[0] or 0 for bound in bounds.values())
    _check_bounds(connection, bounds, up_to, report)
    _compare(kept, _reckoned(connection, up_to), report)


def _kept(connection: sa.Connection) -> dict[tuple[int, str], tuple[object, ...]]:
    """The rows as they stand, whatever somebody wrote for a month."""
    month = "CAST(month AS TEXT)" if is_sqlite() else "to_char(month, 'YYYY-MM-DD')"
    rows = connection.exec_driver_sql(f"SELECT account_id, {month}, {', '.join(COLUMNS)} FROM account_month")
    return {(row[0], str(row[1])): tuple(row[2:]) for row in rows}


def _check_bounds(connection: sa.Connection, bounds: Bounds, up_to: int, report: Report) -> None:
    """All accounts are kept up to the same movement, which is there, each up to its own entry before it."""
    query = (
        f"SELECT account_id, max(seq) FROM entry WHERE transfer_id <= {int(up_to)} AND seq IS NOT NULL"
        " GROUP BY account_id"
    )
    wanted: Bounds = dict.fromkeys(range(1, LAST_SYSTEM_ACCOUNT + 1), (up_to, 0))
    wanted |= {row[0]: (up_to, row[1]) for row in connection.exec_driver_sql(query)}
    last = connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM transfer").scalar_one()
    for account_id in sorted(wanted.keys() | bounds.keys()):
        says, should = bounds.get(account_id), wanted.get(account_id)
        if says != should or up_to > last:
            text = f"is kept up to {says}, should be {should}, of {last} movements"
            report("kept_months", f"account {account_id}", text)


def _reckoned(connection: sa.Connection, up_to: int) -> dict[int, Months]:
    query = (
        "SELECT e.account_id, t.recorded_at, t.effective_at, e.amount, t.kind, o.kind FROM entry e"
        " JOIN transfer t ON t.id = e.transfer_id LEFT JOIN transfer o ON o.id = t.reverses_id"
        f" WHERE e.amount <> 0 AND e.transfer_id <= {int(up_to)}"
    )
    months: dict[int, dt.date] = {}

    def month(at: int) -> dt.date:
        day = (at + EIGHT_HOURS) // DAY
        if day not in months:
            months[day] = clock.day_of(moment_of(at)).replace(day=1)
        return months[day]

    found: dict[int, Months] = {}
    for account_id, recorded, effective, amount, kind, reversed_kind in stream(connection, query):
        moved = Moved(month(recorded), month(effective), amount, kind, reversed_kind)
        tally(found.setdefault(account_id, {}), moved, account_id <= LAST_SYSTEM_ACCOUNT)
    return found


def _compare(
    kept: dict[tuple[int, str], tuple[object, ...]], reckoned: dict[int, Months], report: Report
) -> None:
    wanted = {
        (account_id, month.isoformat()): tuple(vars(sums).values())
        for account_id, months in reckoned.items()
        for month, sums in months.items()
    }
    for account_id, month in sorted(kept.keys() | wanted.keys(), key=str):
        says, should = kept.get((account_id, month)), wanted.get((account_id, month))
        if says != should:
            report("kept_months", f"account {account_id}", f"{month} is kept as {says}, should be {should}")
