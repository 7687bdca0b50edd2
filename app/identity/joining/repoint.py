"""Let every row of one column follow from one organisation to another, and back: a few statements, however many rows."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.hall.db.base import Base, db
from app.identity.joining.models import OrganisationJoinRow
from app.identity.joining.pointers import Pointer


@dataclass(frozen=True)
class Move:
    """Rows of one column on their way; `join_id` 0 only counts."""

    join_id: int
    from_id: int
    into_id: int


def _table(pointer: Pointer) -> sa.Table:
    return Base.metadata.tables[pointer.table]


def key_of(table: sa.Table, column: str) -> sa.Column[object]:
    """What tells a row from others while `column` changes: its id, else the other column of its key, else itself."""
    keys = [one for one in table.primary_key if one.name != column]
    return next((one for one in keys if one.name == "id"), keys[0] if keys else table.c[column])


def follows(pointer: Pointer, from_id: int, into_id: int) -> sa.ColumnElement[bool]:
    """Rows that can follow: their state allows it, the target has no such row, and they would not name it twice."""
    table = _table(pointer)
    column = table.c[pointer.column]
    parts = [column == from_id]
    if pointer.where:
        parts.append(sa.text(pointer.where))  # type: ignore[arg-type]
    for other in table.columns:
        same_target = {one.target_fullname for one in other.foreign_keys} & {
            one.target_fullname for one in column.foreign_keys
        }
        if same_target and other.name != column.name:
            parts.append(sa.or_(other.is_(None), other != into_id))
    parts += [
        ~_twin(table, pointer.column, group, into_id) for group in _unique_groups(table, pointer.column)
    ]
    return sa.and_(*parts)


def _unique_groups(table: sa.Table, column: str) -> list[tuple[str, ...]]:
    """Sets of columns of which there may be one row each, with this one among them."""
    found = [tuple(one.name for one in table.primary_key)]
    found += [
        tuple(one.name for one in constraint.columns)
        for constraint in table.constraints
        if isinstance(constraint, sa.UniqueConstraint)
    ]
    found += [tuple(one.name for one in index.columns) for index in table.indexes if index.unique]
    return [group for group in dict.fromkeys(found) if column in group]


def _twin(table: sa.Table, column: str, group: tuple[str, ...], into_id: int) -> sa.Exists:
    twin = table.alias()
    same = [twin.c[name] == table.c[name] for name in group if name != column]
    return sa.exists().where(twin.c[column] == into_id, *same).correlate(table)


def count(pointer: Pointer, from_id: int, into_id: int) -> tuple[int, int]:
    """How many rows follow, and how many stay because the target has such a row already or their state forbids it."""
    table = _table(pointer)
    column = table.c[pointer.column]
    every = db.session.scalar(sa.select(sa.func.count()).select_from(table).where(column == from_id)) or 0
    if not pointer.moves or not every:
        return 0, every
    moving = sa.select(sa.func.count()).select_from(table).where(follows(pointer, from_id, into_id))
    going = db.session.scalar(moving) or 0
    return going, every - going


def move(pointer: Pointer, to: Move) -> int:
    """Write down which rows follow, then let them; answers how many."""
    table = _table(pointer)
    which = follows(pointer, to.from_id, to.into_id)
    key = sa.cast(key_of(table, pointer.column), sa.Text)
    rows = sa.select(sa.literal(to.join_id), sa.literal(pointer.place), key).where(which)
    going = db.session.scalar(sa.select(sa.func.count()).select_from(table).where(which)) or 0
    if not going:
        return 0
    if not pointer.silent:
        db.session.execute(sa.insert(OrganisationJoinRow).from_select(["join_id", "place", "row_key"], rows))
    db.session.execute(
        sa.update(table).where(which).values({pointer.column: to.into_id}),
        execution_options={"synchronize_session": False},
    )
    return going


def move_back(pointer: Pointer, to: Move) -> None:
    """Rows that followed and still point there go back; what has gone elsewhere since stays."""
    table = _table(pointer)
    noted = sa.select(OrganisationJoinRow.row_key).where(
        OrganisationJoinRow.join_id == to.join_id, OrganisationJoinRow.place == pointer.place
    )
    key = sa.cast(key_of(table, pointer.column), sa.Text)
    db.session.execute(
        sa.update(table)
        .where(table.c[pointer.column] == to.into_id, key.in_(noted))
        .values({pointer.column: to.from_id}),
        execution_options={"synchronize_session": False},
    )
