"""How large the park is, and how its rows are written: plain inserts in portions, numbers given by hand."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa

from app.hall.db.base import db, is_sqlite
from app.hall.db.transaction import transaction

SEED = 20_261_130
PORTION = 10_000
GIANT_SHARE = 0.02  # of everything that firms do: a firm whose own history grows with the park


@dataclass(frozen=True)
class Size:
    """What a park of this scale has; 1 is the whole."""

    scale: float

    def of(self, whole: int) -> int:
        return max(1, round(whole * self.scale))

    @property
    def firms(self) -> int:
        return max(20, self.of(2_000))

    @property
    def instruments(self) -> int:
        return max(30, self.of(3_000))

    @property
    def bookings(self) -> int:
        return self.of(500_000)

    @property
    def transfers(self) -> int:
        return self.of(1_000_000)

    @property
    def posts(self) -> int:
        return self.of(20_000)

    @property
    def supply(self) -> int:
        return self.of(50_000)


@dataclass(frozen=True)
class Firm:
    """A firm of the big park with its administrator; the first is the giant."""

    id: int
    member: int
    code: str


def dice_for(what: str) -> random.Random:
    """Each kind of row has dice of its own: one more draw in one does not change the others."""
    return random.Random(f"{SEED}:{what}")


def drawn(dice: random.Random, firms: Sequence[Firm]) -> Firm:
    """The giant does a fiftieth of everything, the others the rest alike."""
    return firms[0] if dice.random() < GIANT_SHARE else dice.choice(firms[1:])


def next_id(model: Any) -> int:
    return int(db.session.scalar(sa.select(sa.func.max(model.id))) or 0) + 1


def write(model: Any, rows: Iterable[dict[str, Any]]) -> int:
    """Insert in portions, each a transaction of its own; answers how many there were."""
    count = 0
    for portion in _portions(rows):
        with transaction() as session:
            session.connection().execute(model.__table__.insert(), portion)
        count += len(portion)
    if not is_sqlite() and "id" in model.__table__.c:
        _after_ids(model.__tablename__)
    return count


def _portions(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    waiting = iter(rows)
    while portion := list(islice(waiting, PORTION)):
        yield portion


def _after_ids(table: str) -> None:
    """PostgreSQL's own numbers go on behind the given ones."""
    with transaction() as session:
        session.execute(
            sa.text(
                f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), (SELECT max(id) FROM \"{table}\"))"
            )
        )
