"""The audit of grounds: every row is what its last proof says, every proof follows the one before, every movement rests on its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from app.hall.db.base import is_sqlite
from app.hall.db.proofs import Proved, line_hash, proved_tables

Report = Callable[[str, str, str], None]

_LINES = "SELECT ground, about, row_key, op, stage, digest, said, hash, id FROM proof ORDER BY ground, id"


def stream(connection: sa.Connection, query: str) -> Generator[Any, None, None]:
    """Rows a few at a time, in the driver's own tuples on SQLite; whoever stops reading early closes it."""
    if is_sqlite():
        cursor = connection.connection.cursor()
        cursor.arraysize = 2000
        cursor.execute(query)
        while rows := cursor.fetchmany():
            yield from rows
        cursor.close()
        return
    with connection.exec_driver_sql(query, execution_options={"yield_per": 2000}) as rows_as_read:
        yield from rows_as_read


def check_grounds(connection: sa.Connection, report: Report) -> None:
    """Lines, rows, and what movements and claims rest on: all findings are of the invariant `grounds`."""
    standing = _follow_lines(connection, report)
    tables = proved_tables()
    strangers = _compare_rows(connection, tables, report)
    counts = " UNION ALL ".join(f"SELECT '{one.name}', count(*) FROM {one.name}" for one in tables)
    there = {row[0]: row[1] for row in connection.exec_driver_sql(counts)}
    for table in tables:
        if table.name in strangers or there[table.name] != standing[table.name]:
            _name_missing(connection, table, report)
    for about in sorted(set(standing) - {one.name for one in proved_tables()}):
        report("grounds", f"proofs of {about}", "are of a table that is not proved")
    grounds = " UNION ALL ".join(_queries())
    for subject, text in connection.exec_driver_sql(grounds if is_sqlite() else grounds.replace("%", "%%")):
        report("grounds", str(subject), str(text))


def _follow_lines(connection: sa.Connection, report: Report) -> Counter[str]:
    """Every ground's chain, line by line; answers how many rows of each table should be there."""
    standing: Counter[str] = Counter()
    for ground, lines in groupby(stream(connection, _LINES), key=itemgetter(0)):
        last, settled = "", False
        newest: dict[tuple[str, str], Any] = {}
        for line in lines:
            _ground, about, row_key, op, stage, digest, said, hash_, number = line
            if line_hash(last, ground, about, row_key, op, stage, digest, said) != hash_:
                report("grounds", f"proof {number} of {ground}", "does not follow the one before")
            last = hash_
            if op == "cite":
                continue
            before = newest.get((about, row_key))
            if not _may_follow(before, line, settled):
                report("grounds", f"{about} {row_key}", f"was changed after it was settled (proof {number})")
            newest[about, row_key] = line
            settled = settled or (stage > 0 and f"{about}:{row_key}" == ground)
        for (about, _key), line in newest.items():
            standing[about] += line[3] != "delete"
    return standing


def _may_follow(before: Any, line: Any, settled: bool) -> bool:
    """From its first settled stage on, a row may only reach a later one, or lose its words.

    What hangs on a settled row and knows no stages itself (a claim's evidence) is settled with it.
    """
    _ground, _about, _key, op, stage, digest, said, _hash, _number = line
    if before is not None and op == "update" and digest == before[5] and said in ("", before[6]):
        return True
    if before is not None and before[4] > 0:
        return bool(op == "update" and stage > before[4])
    return not settled or stage > 0 or op == "found"


def _compare_rows(connection: sa.Connection, tables: list[Proved], report: Report) -> set[str]:
    """Rows that are not what their last proof says; answers the tables in which one of them has none."""
    strangers: set[str] = set()
    for about, key, number in connection.exec_driver_sql(" UNION ALL ".join(map(_unlike, tables))):
        if number is None:
            strangers.add(about)
        text = "stands in no proof" if number is None else f"is not what proof {number} says"
        report("grounds", f"{about} {key}", text)
    return strangers


def _unlike(table: Proved) -> str:
    """The query for one table: its name, the row's key, and the number of its last proof."""
    here = f"p.ground = {table.ground('x')} AND p.about = '{table.name}' AND p.row_key = {table.key('x')}"
    words = "''"
    if table.said:
        salt = (
            f"SELECT s.salt FROM proof_salt s WHERE s.about = '{table.name}' AND s.row_key = {table.key('x')}"
        )
        said = _sha(f"coalesce(({salt}), '') || '|' || {table.says('x')}")
        words = f"CASE WHEN {table.says('x')} = '' THEN '' ELSE {said} END"
    return (
        f"SELECT '{table.name}', {table.key('x')}, q.id FROM {table.name} x LEFT JOIN proof q ON q.id ="
        f" (SELECT max(p.id) FROM proof p WHERE {here} AND p.op <> 'cite')"
        f" WHERE q.id IS NULL OR q.op = 'delete' OR q.digest <> {_sha(table.plain('x'))} OR q.said <> {words}"
    )


def _sha(text: str) -> str:
    return f"ledger_sha256({text})" if is_sqlite() else f"encode(sha256(convert_to({text}, 'UTF8')), 'hex')"


def _name_missing(connection: sa.Connection, table: Proved, report: Report) -> None:
    """Rows that were proved and never deleted, and are not there."""
    query = (
        "SELECT p.row_key FROM proof p WHERE p.op <> 'cite' AND p.about = :about GROUP BY p.ground, p.row_key"
        " HAVING max(p.id) <> coalesce(max(CASE WHEN p.op = 'delete' THEN p.id END), 0)"
        f" EXCEPT SELECT {table.key('x')} FROM {table.name} x"
    )
    for (key,) in connection.execute(sa.text(query), {"about": table.name}):
        report("grounds", f"{table.name} {key}", "was proved and is missing")


# Movements up to here were posted before they carried grounds.
FIRST_VERSION = "(SELECT coalesce(max(up_to_id), 0) FROM seal WHERE sealed_by = 'upgrade')"


def _number() -> str:
    """The number of the proof that a movement carries; nothing where somebody wrote something else there."""
    if is_sqlite():
        return "CAST(substr(t.ground, 1, instr(t.ground, ':') - 1) AS INTEGER)"
    return "CAST(substring(t.ground FROM '^([0-9]{1,18}):') AS bigint)"


def _queries() -> tuple[str, ...]:
    return (
        "SELECT 'transfer ' || t.id, 'does not rest on the ground it carries' FROM transfer t"
        f" LEFT JOIN proof p ON p.id = {_number()} WHERE t.ground <> '' AND (p.id IS NULL"
        " OR t.ground <> p.id || ':' || p.hash OR NOT (p.ground = t.source"
        " OR (t.kind = 'redeem' AND (p.ground LIKE 'reward:%' OR p.ground LIKE 'redemption:%'))"
        " OR (t.kind = 'reverse' AND p.ground LIKE 'proposal:%')))",
        f"SELECT 'transfer ' || t.id, 'rests on nothing' FROM transfer t WHERE t.id > {FIRST_VERSION}"
        " AND coalesce(t.ground, '') = '' AND (t.kind IN ('earn', 'adjust') OR (t.kind = 'redeem' AND t.source LIKE 'reward:%')"
        " OR (t.kind = 'reverse' AND t.source LIKE 'claim:%'))",
        f"SELECT 'transfer ' || t.id, 'was posted before grounds were kept, and carries one' FROM transfer t"
        f" WHERE t.id <= {FIRST_VERSION} AND t.ground IS NOT NULL",
        "SELECT 'proof ' || c.id || ' of ' || c.ground, 'cites what ' || c.about || ' ' || c.row_key || ' never was' FROM proof c"
        " WHERE c.op = 'cite' AND NOT EXISTS (SELECT 1 FROM proof p WHERE p.ground = c.about || ':' || c.row_key"
        " AND p.op <> 'cite' AND p.digest = c.digest AND p.id < c.id)",
    )
