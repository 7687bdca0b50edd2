"""What a row was, version by version: a log of digests that triggers write and the ledger's seals cover.

A room says of its table `proved(table, …)`; the triggers are a migration's (`grounds`), the same words are written here a second time so
that the audit can work the digests out again (`app/credits/ledger/grounds.py`). `docs/methods/credits.md` says what this proves.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base, UTCDateTime, db, is_sqlite


class Proof(Base):
    """One version of one row: written by the row's own trigger, chained within its ground, never changed."""

    __tablename__ = "proof"
    __table_args__ = (sa.Index("ix_proof_ground_id", "ground", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ground: Mapped[str]
    about: Mapped[str]
    row_key: Mapped[str]
    op: Mapped[str]
    stage: Mapped[int]
    digest: Mapped[str]
    said: Mapped[str]
    hash: Mapped[str]


class ProofSalt(Base):
    """The salt of what a row says in words; with it the words go, and the digest tells nothing any more."""

    __tablename__ = "proof_salt"

    about: Mapped[str] = mapped_column(primary_key=True)
    row_key: Mapped[str] = mapped_column(primary_key=True)
    salt: Mapped[str]


@dataclass(frozen=True)
class Proved:
    """A table whose rows are proved: what it says in words, what is counted elsewhere, whose ground it belongs to.

    `by` are the columns of the members whose words a row holds; `about` is when it speaks of a member otherwise.
    """

    table: sa.Table
    said: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    parent: str = ""
    by: tuple[str, ...] = ()
    about: str = ""

    @property
    def name(self) -> str:
        return self.table.name

    def plain(self, row: str) -> str:
        """The columns in the clear as one SQL text: each value behind its length, nothing is a dash."""
        apart = (*self.said, *self.counted)
        return self._joined(sorted(one.name for one in self.table.columns if one.name not in apart), row)

    def says(self, row: str) -> str:
        """The words of a row; empty where there are none."""
        if not self.said:
            return "''"
        blank = " AND ".join(
            f"coalesce({self._value(one, row)}, '') IN ('', '{{}}')" for one in sorted(self.said)
        )
        return f"CASE WHEN {blank} THEN '' ELSE {self._joined(sorted(self.said), row)} END"

    def key(self, row: str) -> str:
        return " || '|' || ".join(self._value(one.name, row) for one in self._keys())

    def ground(self, row: str) -> str:
        """The ground a row belongs to, such as `claim:5`."""
        column = f"{self.parent}_id" if self.parent else self._keys()[0].name
        return f"'{self.parent or self.name}:' || CAST({row}.{column} AS text)"

    def _keys(self) -> list[sa.Column[object]]:
        return sorted(self.table.primary_key, key=lambda one: isinstance(one.type, sa.Date))

    def _joined(self, names: list[str], row: str) -> str:
        values = (self._value(one, row) for one in names)
        return " || '|' || ".join(
            f"coalesce(CAST(length({one}) AS text) || ':' || {one}, '-')" for one in values
        )

    def _value(self, name: str, row: str) -> str:
        kind, column = self.table.c[name].type, f"{row}.{name}"
        if is_sqlite():
            return f"CAST({column} AS TEXT)"
        if isinstance(kind, UTCDateTime):
            return f"CAST(CAST(extract(epoch FROM {column}) * 1000000 AS bigint) AS text)"
        return f"to_char({column}, 'YYYY-MM-DD')" if isinstance(kind, sa.Date) else f"CAST({column} AS text)"


_proved: dict[str, Proved] = {}


def proved(model: type[Base], said: tuple[str, ...] = (), **more: Any) -> None:
    """Have the audit prove this table's rows (`Proved`); a migration must have given it the triggers."""
    table = model.__table__
    assert isinstance(table, sa.Table)
    _proved[table.name] = Proved(table, said, **more)


def proved_tables() -> list[Proved]:
    return [_proved[name] for name in sorted(_proved)]


@dataclass(frozen=True)
class Line:
    """What the hash of a line covers, besides the line before it."""

    ground: str
    about: str
    row_key: str
    op: str
    stage: int
    digest: str
    said: str

    def follows(self, last: str) -> str:
        """The hash of this line after one that ended in `last` (the triggers of the migration `grounds` do the same)."""
        return line_hash(
            last, self.ground, self.about, self.row_key, self.op, self.stage, self.digest, self.said
        )


def line_hash(
    last: str, ground: str, about: str, row_key: str, op: str, stage: int, digest: str, said: str
) -> str:
    text = f"pr1|{last}|{len(ground)}:{ground}|{about}|{len(row_key)}:{row_key}|{op}|{stage}|{digest}|{said}"
    return hashlib.sha256(text.encode()).hexdigest()


def _newest(ground: str) -> sa.Select[int, str]:
    return sa.select(Proof.id, Proof.hash).where(Proof.ground == ground).order_by(Proof.id.desc()).limit(1)


def head(ground: str) -> str:
    """What a movement that rests on this ground carries: the number and the hash of its last line."""
    db.session.flush()
    row = db.session.execute(_newest(ground)).one()
    return f"{row.id}:{row.hash}"


def cite(ground: str, about: str, row_key: object) -> str:
    """Let a ground rest on another row as it is now (a claim on its rule); answers the ground's head then.

    The caller holds the lock of the row whose ground this is.
    """
    db.session.flush()
    digest = db.session.scalars(
        sa.select(Proof.digest)
        .where(Proof.ground == f"{about}:{row_key}", Proof.op != "cite")
        .order_by(Proof.id.desc())
        .limit(1)
    ).one()
    last = db.session.execute(_newest(ground)).one()
    line = Line(ground, about, str(row_key), "cite", 0, digest, "")
    db.session.add(Proof(**vars(line), hash=line.follows(last.hash)))
    return head(ground)


def erase(model: type[Base], row_key: int) -> bool:
    """Delete what a row says in words, and its salt: that it said something stays proved, what it said cannot be told any more."""
    table = _proved[model.__tablename__]
    found = db.session.scalar(sa.select(sa.func.count()).where(table.table.c["id"] == row_key))
    _erase(table, [row_key])
    return bool(found)


def _erase(table: Proved, ids: list[int]) -> None:
    empty = {name: {} if isinstance(table.table.c[name].type, sa.JSON) else "" for name in table.said}
    db.session.execute(sa.update(table.table).where(table.table.c["id"].in_(ids)).values(empty))
    keys = [str(one) for one in ids]
    db.session.execute(sa.delete(ProofSalt).where(ProofSalt.about == table.name, ProofSalt.row_key.in_(keys)))


def words_of(member_id: int, most: int = 0) -> dict[str, list[int]]:
    """The rows that hold words of a member, or speak of them, by table; with `most` that many of each at most."""
    found = {}
    for table in proved_tables():
        whose = [f"x.{column} = :member" for column in table.by] + ([table.about] if table.about else [])
        if whose:
            limit = f" LIMIT {most}" if most else ""
            query = (
                f"SELECT x.id FROM {table.name} x WHERE ({' OR '.join(whose)}) AND {table.says('x')} <> ''"
                f" ORDER BY x.id{limit}"
            )
            values = {"member": member_id, "number": str(member_id)}
            named = {name: value for name, value in values.items() if f":{name}" in query}
            found[table.name] = list(db.session.scalars(sa.text(query), named))
    return found


def erase_words(found: dict[str, list[int]]) -> int:
    """Delete the words of these rows with their salts; answers how many rows. The caller's transaction writes."""
    for name, ids in found.items():
        if ids:
            _erase(_proved[name], ids)
    return sum(len(ids) for ids in found.values())
