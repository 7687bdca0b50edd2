"""Sums of 600,000 scores and the cockpit over them: `python -m benchmarks.insight.cockpit [firms] [months]`.

A fresh SQLite file; every firm answers each dimension every fourth month, as a park that asks once a quarter does, or
with `every` each month.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

from app import create_app
from app.hall import clock
from app.hall.cli import migrate_if_needed
from app.hall.config import Settings
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.identity.organisations.models import Enterprise
from app.insight.cockpit import service
from app.insight.scores import store
from app.insight.scores.models import ScoreRow

LAYERS = ("large", "medium", "small_micro")


def fill(firms: int, months: int, every: bool) -> int:
    """Firms and their scores; answers how many scores there are."""
    last, now, rows = store.finished(), clock.now(), 0
    with transaction() as session:
        session.execute(
            sa.insert(Enterprise),
            [
                {"id": n, "code": f"E{n}", "kind": "enterprise", "name_zh": f"企业{n}", "created_at": now}
                for n in range(1, firms + 1)
            ],
        )
    day = clock.today()
    for row in store.dimension_rows():
        with transaction() as session:
            some = [
                {
                    "organisation_id": n,
                    "month": month,
                    "layer": LAYERS[n % 3],
                    "dimension": row.code,
                    "version": "1",
                    "numerator": (n * 7 + month * 3) % 101,
                    "denominator": 1,
                    "source": "survey",
                    "key": f"{row.code}:{month}:{n}",
                    "happened_on": day,
                }
                for month in range(last - months + 1, last + 1)
                for n in range(1, firms + 1)
                if every or (n + month) % 4 == 0
            ]
            session.execute(sa.insert(ScoreRow), some)
            rows += len(some)
    return rows


def main() -> None:
    sizes = [int(one) for one in sys.argv[1:] if one.isdecimal()]
    firms, months = (*sizes, *(5000, 60)[len(sizes) :])
    with tempfile.TemporaryDirectory() as name:
        url = f"sqlite:///{Path(name) / 'park.db'}"
        app = create_app(Settings(database_url=url, secret_key="x" * 32, instance=Path(name), testing=True))
        with app.app_context(), app.test_request_context():
            migrate_if_needed()
            rows = fill(firms, months, "every" in sys.argv)
            begun = time.process_time()
            cells = store.rebuild_sums()
            print(
                f"load {os.getloadavg()[0]:.1f}; {rows:,} scores → {cells:,} sums: {time.process_time() - begun:.2f} CPU s"
            )
            said: list[str] = []
            sa.event.listen(db.engine, "before_cursor_execute", lambda *more: said.append(more[2]))
            for _again in range(3):
                said.clear()
                begun = time.process_time()
                seen = service.look(service.period(None, None))
                cost = 1000 * (time.process_time() - begun)
                assert len(seen.answers) == 5
                print(f"cockpit: {cost:.0f} ms CPU, {len(said)} statements")
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    main()
