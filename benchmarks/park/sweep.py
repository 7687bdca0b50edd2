"""Open every page and every GET call as one member of each role, and say what each cost.

    .venv/bin/python -m benchmarks.park.sweep --folder FOLDER [--url URL] [--out FILE] [--against FILE] [--worst 40]

Processor time is this process's: with SQLite the database is in it, with PostgreSQL its server's time stands only in
the milliseconds of SQL. Each address is opened three times: *first* is what who comes first after a change pays (templates
and what is kept per data version included), the other figures are the smaller of the second and the third. *Steps* are those of SQLite's virtual
machine in hundreds: they do not depend on the machine, and show whether a page reads more rows than before.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.hall.db.base import db
from benchmarks.park.build import application, say
from tests.factories import Park
from tests.guardian.calls import calls_of
from tests.guardian.pages import NEVER, shape, walk

GIANT = "b0001"
MOST_STATEMENTS, MOST_CPU_MS = 15, 150.0
STEP = 100
# A problem is called by its number, a segment by its code: one kind of page each.
_NAMED = re.compile(r"(/problems|/segments|/suppliers|/customers)/(?=[A-Z]*-|[a-z]+_|[a-z]+\?chain)[\w:-]+")


@dataclass(frozen=True)
class Seen:
    """One address as one member opened it."""

    login: str
    path: str
    status: int
    cpu_ms: float
    first_ms: float
    statements: int
    sql_ms: float
    steps: int
    bytes: int

    @property
    def kind(self) -> str:
        return _NAMED.sub(r"\1/#", shape(self.path).rstrip("?"))

    @property
    def key(self) -> str:
        return f"{self.login} {self.kind}"


class Meter:
    """Counts what the database is asked, and on SQLite how far its machine ran."""

    def __init__(self, engine: sa.Engine) -> None:
        self.statements, self.sql, self.steps, self._begun = 0, 0.0, 0, 0.0
        sa.event.listen(engine, "before_cursor_execute", self._before)
        sa.event.listen(engine, "after_cursor_execute", self._after)
        if engine.dialect.name == "sqlite":
            engine.dispose()
            sa.event.listen(engine, "checkout", self._watch)

    def clear(self) -> None:
        self.statements, self.sql, self.steps = 0, 0.0, 0

    def _before(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        self.statements += not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA"))
        self._begun = time.perf_counter()

    def _after(self, *_more: Any) -> None:
        self.sql += time.perf_counter() - self._begun

    def _watch(self, connection: Any, *_more: Any) -> None:
        connection.set_progress_handler(self._step, STEP)

    def _step(self) -> int:
        self.steps += 1
        return 0


class Visitor:
    """A browser, or the API, of one member, whose every answer is measured; `get` is what a walk calls."""

    def __init__(self, login: str, client: Any, meter: Meter, headers: dict[str, str] | None = None) -> None:
        self.login, self.client, self.meter, self.headers = login, client, meter, headers
        self.seen: list[Seen] = []

    def get(self, path: str) -> Any:
        answer, first = self._once(path)
        # Once a minute a page also counts the badges of the navigation: the smaller of two is the page itself.
        again = [self._measured(path) for _time in range(2)]
        cpu, statements, sql, steps = (min(values) for values in zip(*again, strict=True))
        self.seen.append(
            Seen(
                self.login,
                path,
                answer.status_code,
                round(cpu, 1),
                round(first, 1),
                int(statements),
                round(sql * 1000, 1),
                int(steps),
                len(answer.get_data()),
            )
        )
        return answer

    def _measured(self, path: str) -> tuple[float, float, float, float]:
        _answer, cpu = self._once(path)
        return cpu, self.meter.statements, self.meter.sql, self.meter.steps

    def _once(self, path: str) -> tuple[Any, float]:
        gc.disable()  # a collection is no page's own work
        self.meter.clear()
        begun = time.process_time()
        answer = self.client.get(path, headers=self.headers)
        answer.get_data()
        spent = 1000 * (time.process_time() - begun)
        gc.enable()
        return answer, spent


def logins() -> list[str]:
    """One member of each set of roles, the giant of the big park among them."""
    rows = db.session.execute(
        sa.text(
            "SELECT m.login, r.role, o.kind FROM member m JOIN organisation o ON o.id = m.organisation_id"
            " LEFT JOIN member_role r ON r.member_id = m.id WHERE m.status = 'active' AND o.status = 'active'"
            " AND (m.login = :giant OR m.login NOT LIKE 'b0%') ORDER BY m.id, r.role"
        ),
        {"giant": GIANT},
    )
    held: dict[str, list[str]] = {}
    for login, *role in rows:
        held.setdefault(login, []).append(":".join(map(str, role)))
    db.session.rollback()
    kinds: dict[tuple[str, ...], str] = {}
    for login, roles in held.items():
        kinds.setdefault(tuple(roles) if login != GIANT else (GIANT,), login)
    return list(kinds.values())


def visits(app: Flask, names: Sequence[str], most: int = 400) -> Iterator[Seen]:
    """Everything each of them comes to from the home page, every other plain address, and every GET call of the API."""
    with app.app_context():
        meter = Meter(db.engine)
        signed_in = db.session.scalar(sa.text("SELECT count(*) FROM member_session"))
        db.session.rollback()
    park = Park(app)
    park._sessions = signed_in  # another sweep may have been here
    plain = sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and not rule.rule.startswith(NEVER)
    )
    calls = [call.url(code="E01") for call in calls_of(app) if call.method == "GET"]
    for login in names:
        browser = Visitor(login, park.browse(login), meter)
        walk(browser, per_shape=1, limit=most)  # type: ignore[arg-type]
        seen = {one.path for one in browser.seen}
        for path in plain:  # what no link leads to
            if path not in seen:
                browser.get(path)
        api = park.api(login)
        caller = Visitor(login, api.client, meter, api.headers)
        for path in dict.fromkeys(calls):
            caller.get(path)
        yield from (one for one in browser.seen if one.status < 400)
        yield from (one for one in caller.seen if one.status == 200)


def over(one: Seen) -> bool:
    return one.statements > MOST_STATEMENTS or one.cpu_ms > MOST_CPU_MS


def grown(one: Seen, before: Seen | None) -> bool:
    """Ten times the park, and more than half as much again to read, or another statement."""
    if before is None or before.status != one.status:
        return False
    if one.steps or before.steps:
        more = one.steps > 1.5 * before.steps + 50
    else:
        more = one.sql_ms > 2 * before.sql_ms + 10
    return more or one.statements > before.statements + 2


def worst_by_kind(seen: Sequence[Seen]) -> list[Seen]:
    """Of every kind of page the member for whom it cost most, the dearest first."""
    kinds: dict[str, Seen] = {}
    for one in seen:
        if one.kind not in kinds or _cost(one) > _cost(kinds[one.kind]):
            kinds[one.kind] = one
    return sorted(kinds.values(), key=_cost, reverse=True)


def _cost(one: Seen) -> float:
    return max(one.cpu_ms / MOST_CPU_MS, one.statements / MOST_STATEMENTS)


def table(seen: Sequence[Seen], before: dict[str, Seen], most: int) -> Iterator[str]:
    yield "| page | as | CPU ms | first ms | statements | SQL ms | steps | kB | a tenth: CPU ms, steps | grows |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for one in worst_by_kind(seen)[:most]:
        old = before.get(one.key)
        tenth = f"{old.cpu_ms:.0f}, {old.steps}" if old else "–"
        grows = ("yes" if grown(one, old) else "no") if old else "–"
        yield (
            f"| `{one.path}` | {one.login} | {one.cpu_ms:.0f} | {one.first_ms:.0f} | {one.statements} | {one.sql_ms:.0f}"
            f" | {one.steps} | {one.bytes // 1024} | {tenth} | {grows} |"
        )


def read(file: Path | None) -> dict[str, Seen]:
    if file is None:
        return {}
    return {one.key: one for one in (Seen(**row) for row in json.loads(file.read_text("utf-8")))}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--url", default="")
    parser.add_argument("--logins", nargs="*", help="instead of one of every set of roles")
    parser.add_argument("--most", type=int, default=400, help="pages of one member")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--against", type=Path, help="what a sweep of a smaller park wrote")
    parser.add_argument("--worst", type=int, default=40)
    options = parser.parse_args()
    app = application(options.url or f"sqlite:///{options.folder / 'park.db'}", options.folder)
    with app.app_context():
        names = options.logins or logins()
    seen = list(visits(app, names, options.most))
    say(f"{len(seen)} addresses as {len(names)} members, load {os.getloadavg()[0]:.1f}")
    if options.out:
        options.out.write_text(json.dumps([asdict(one) for one in seen], indent=0), "utf-8")
    before = read(options.against)
    sys.stdout.write("\n".join(table(seen, before, options.worst)) + "\n")
    kinds = worst_by_kind(seen)
    sys.stdout.write(
        f"\n{len(kinds)} kinds of pages and calls: {sum(map(over, kinds))} over {MOST_CPU_MS:.0f} ms or"
        f" {MOST_STATEMENTS} statements, {sum(grown(one, before.get(one.key)) for one in kinds)} grow,"
        f" {sum(one.status >= 500 for one in seen)} failed\n"
    )


if __name__ == "__main__":
    main()
