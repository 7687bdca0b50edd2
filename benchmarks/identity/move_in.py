"""A park of 500 firms moves in by calls, and somebody looks for one of 50,000.

    .venv/bin/python benchmarks/identity/move_in.py [--firms 500] [--directory 50000]

Firms come one by one through `POST /api/v1/identity/organisations`, each with its first administrator; names are looked
for `--searches` times by calls, as candidates, in the list of firms and in the search. SQLite on this machine.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app import create_app  # noqa: E402
from app.hall import clock  # noqa: E402
from app.hall.config import Settings  # noqa: E402
from app.hall.db.base import db  # noqa: E402
from app.hall.search.index import refresh  # noqa: E402
from app.hall.text.official_numbers import check_letter  # noqa: E402
from app.hall.web.guards import limiter  # noqa: E402
from app.identity.organisations.models import Organisation  # noqa: E402
from app.identity.organisations.naming import name_of  # noqa: E402
from tests.factories import Api, Park  # noqa: E402

HEADS = "青赤云石海银丹白木紫翠黄红乌香梧合女苦水"
TAILS = "岚松杉榴桐杏桂桦棉荆柏杨枫桕樟桑欢贞楝萍"
TRADES = ("电芯", "正极", "负极", "隔膜", "精密", "检测", "软件", "物流", "食品", "医药")


def name(number: int) -> str:
    return (
        HEADS[number % 20]
        + TAILS[number // 20 % 20]
        + HEADS[number // 400 % 20]
        + TRADES[number // 8000 % 10]
    )


def code(number: int) -> str:
    first = f"91320500MA{number:07d}"
    return first + check_letter(first)


def move_in(api: Api, firms: int) -> float:
    """Seconds until so many firms with administrators are in."""
    begun = time.perf_counter()
    for number in range(firms):
        body = {
            "name_zh": f"白洲{name(number)}有限公司",
            "credit_code": code(number),
            "administrator": {"name": "首任", "email": f"a{number}@firm.example"},
            "another": True,
        }
        answer = api.post("/identity/organisations", body, key=f"k{number}")
        assert answer.status_code == 201, answer.text
    return time.perf_counter() - begun


def fill(count: int) -> None:
    rows = []
    for number in range(count):
        called = f"南洲{name(number)}{number}有限公司"
        rows.append(
            {
                "code": f"E{100_000 + number}",
                "kind": "enterprise",
                "name_zh": called,
                "name_key": name_of(called).core,
                "credit_code": code(1_000_000 + number),
                "status": "active",
                "created_at": clock.now(),
            }
            | dict.fromkeys(("name_en", "industry", "size", "building", "note"), "")
        )
    with db.engine.begin() as connection:
        for start in range(0, count, 5000):
            connection.execute(sa.insert(Organisation.__table__), rows[start : start + 5000])


def searched(get: Callable[[str], Any], searches: int) -> str:
    """What so many searches take on the clock, and of the processor."""
    taken, cpu = [], time.process_time()
    for number in range(searches):
        begun = time.perf_counter()
        answer = get(name(number * 37))
        taken.append(time.perf_counter() - begun)
        assert answer.status_code == 200, answer.text
    cpu = (time.process_time() - cpu) / searches
    half, most = (sorted(taken)[int(part * searches)] * 1000 for part in (0.5, 0.95))
    return (
        f"p50 {half:.0f} ms, p95 {most:.0f} ms, {cpu * 1000:.0f} CPU ms each; load {os.getloadavg()[0]:.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=500)
    parser.add_argument("--directory", type=int, default=50_000)
    parser.add_argument("--searches", type=int, default=100)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'park.db'}"
        app = create_app(
            Settings(database_url=url, secret_key="x" * 32, instance=Path(folder), testing=True, demo=False)
        )
        limiter.enabled = False
        with app.app_context():
            from flask_migrate import upgrade

            from app.hall.cli import migrations

            upgrade(directory=migrations(app))
        park = Park(app)
        park.staff()
        api = park.api("park")
        print(f"{asked.firms} firms with administrators: {move_in(api, asked.firms):.1f} s")
        with app.app_context():
            fill(asked.directory)
            refresh()
        browser = park.browse("park")
        for what, get in (
            ("calls for firms", lambda q: api.get("/identity/organisations", q=q)),
            ("calls for candidates", lambda q: api.get("/identity/organisations/candidates", name=q)),
            ("the list of firms", lambda q: browser.get("/identity/organisations", query_string={"q": q})),
            ("the search", lambda q: browser.get("/identity/search", query_string={"q": q})),
        ):
            print(f"{what} among {asked.directory:,}: {searched(get, asked.searches)}")


if __name__ == "__main__":
    main()
