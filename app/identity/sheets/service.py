"""A sheet's way into a list: read, look, apply in one transaction, take back exactly, or discard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
import sqlalchemy.orm

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.db.written import written
from app.hall.errors import Conflict, NotFound
from app.hall.files.archives import LIST_SHEET
from app.hall.files.cells import Problem
from app.hall.files.sheets.columns import Row
from app.hall.files.sheets.compare import (
    Change,
    Changes,
    Key,
    compare,
    look_alikes,
    plain,
    plain_row,
    row_of,
)
from app.hall.files.sheets.kinds import Fault, SheetKind
from app.hall.files.sheets.reading import Reading, read
from app.hall.rooms import rooms
from app.identity.actor import Actor
from app.identity.audit.service import audit
from app.identity.sheets.models import SheetBatch

MOST_BATCHES = 20
ATTEMPTS = 3  # somebody else changes the list meanwhile: read anew so often, then refuse
HEAVY = (SheetBatch.rows, SheetBatch.before)


@dataclass(frozen=True)
class Looked:
    """What came out of an upload: a batch to look at, or everything that is wrong."""

    batch: SheetBatch | None
    problems: Sequence[Problem] = ()
    reading: Reading = field(default_factory=lambda: Reading(""))
    said: Sequence[Fault] = ()


def kinds(actor: Actor) -> list[SheetKind]:
    """The lists this member may bring in, in the order of the rooms."""
    return [kind for room in rooms() for kind in room.sheets if kind.may(actor)]


def get_kind(actor: Actor, code: str) -> SheetKind:
    for kind in kinds(actor):
        if kind.code == code:
            return kind
    raise NotFound("sheet_kind_not_found")


def look(actor: Actor, kind: SheetKind, data: bytes, name: str) -> Looked:
    """Read a file and keep its rows to be looked at; with any fault nothing is kept. Nothing changes yet."""
    reading = read(data, name, kind.table, LIST_SHEET)
    if reading.problems and not reading.lines:
        return Looked(None, reading.problems, reading)
    lines, faults = kind.resolve(actor, reading.lines)
    stops = [fault for fault in faults if fault.weight == "stop"]
    said = [fault for fault in faults if fault.weight != "stop"]
    if stops or reading.problems:  # the sound rows are judged too: everything that is wrong is told at once
        found = [*reading.problems, *(_problem(kind, name, reading, fault) for fault in stops[:500])]
        return Looked(None, sorted(found, key=lambda one: one.line), reading, said)
    changes = compare(kind.table, lines, kind.current(actor))
    touched = [*changes.new, *changes.changed]
    counts = {"new": len(changes.new), "changed": len(changes.changed), "unchanged": changes.unchanged}
    kept = {
        "kind": kind.code,
        "organisation_id": actor.organisation_id,
        "file_name": name[:200],
        "state": "preview",
        "rows": written([[change.row, plain_row(change.new)] for change in touched]),
        "before": written(_remembered(touched)),
        "notes": notes_of(reading, said),
        "counts": counts,
        "created_by": actor.member_id,
        "created_at": clock.now(),
    }
    # One INSERT of what is written out already: what was seen is what will be applied.
    with transaction() as session:
        number = session.scalar(sa.insert(SheetBatch).values(kept).returning(SheetBatch.id))
    return Looked(db.session.get_one(SheetBatch, number), (), reading, said)


def notes_of(reading: Reading, said: Sequence[Fault] = ()) -> dict[str, object]:
    """What was passed over, not known, held back or doubted, for the page and for the batch."""
    return {
        "held": [[one.row, one.weight, one.code, dict(one.params)] for one in said if one.weight != "doubt"],
        "doubts": {str(one.row): str(one.params["name"]) for one in said if one.weight == "doubt"},
        "sheet": reading.sheet,
        "passed": [[one.row, one.why, one.text] for one in reading.passed],
        "unknown": [list(one) for one in reading.unknown],
        "other_sheets": list(reading.other_sheets),
    }


def _problem(kind: SheetKind, name: str, reading: Reading, fault: Any) -> Problem:
    file = f"{name}#{reading.sheet}" if reading.sheet else name
    column = kind.table.column(fault.column).zh if fault.column else ""
    return Problem(file, fault.row, column, fault.code, fault.params)


def _remembered(changes: Sequence[Change]) -> list[object]:
    return [
        [[plain(part) for part in change.key], None if change.old is None else plain_row(change.old)]
        for change in changes
    ]


def get_batch(actor: Actor, kind: SheetKind, batch_id: int, lock: bool = False) -> SheetBatch:
    query = sa.select(SheetBatch).where(
        SheetBatch.id == batch_id,
        SheetBatch.kind == kind.code,
        SheetBatch.organisation_id == actor.organisation_id,
    )
    if lock:  # the rows were read before: nobody waits while they are unpacked
        query = locked(query).options(*(sa.orm.defer(column) for column in HEAVY))
    batch = db.session.scalar(query)
    if batch is None:
        raise NotFound("sheet_batch_not_found")
    return batch


def list_batches(actor: Actor, kind: SheetKind) -> list[SheetBatch]:
    query = sa.select(SheetBatch).where(
        SheetBatch.kind == kind.code, SheetBatch.organisation_id == actor.organisation_id
    )
    query = query.options(*(sa.orm.defer(column) for column in HEAVY))
    return list(db.session.scalars(query.order_by(SheetBatch.id.desc()).limit(MOST_BATCHES)))


def changes_of(kind: SheetKind, batch: SheetBatch) -> Changes:
    """What the batch would do, or did, as it was looked at."""
    found = []
    for (row, values), (key, old) in zip(batch.rows, batch.before, strict=True):
        new = row_of(kind.table, values)
        was = None if old is None else row_of(kind.table, old)
        fields = tuple(n for n, v in new.items() if was is not None and was.get(n) != v)
        found.append(Change(row, _key(kind, key), new, was, fields))
    return Changes(
        tuple(one for one in found if one.old is None),
        tuple(one for one in found if one.old is not None),
        int(batch.counts.get("unchanged", 0)),
    )


def _key(kind: SheetKind, key: Sequence[Any]) -> Key:
    return tuple(row_of(kind.table, dict(zip(kind.table.key, key, strict=True))).values())


def doubts(actor: Actor, kind: SheetKind, batch: SheetBatch, changes: Changes) -> dict[int, str]:
    """Rows of a preview that look like something else: by their keys, and those that their room doubts."""
    if batch.state != "preview":
        return {}
    alike = look_alikes(changes, kind.current(actor)) if changes.new else {}
    return alike | {int(row): name for row, name in batch.notes.get("doubts", {}).items()}


def apply(actor: Actor, kind: SheetKind, batch_id: int) -> SheetBatch:
    """Store the rows, all or none; refused where what is there changed since the preview."""
    return _as_read(lambda: _apply(actor, kind, batch_id))


def _as_read(attempt: Callable[[], SheetBatch | None]) -> SheetBatch:
    """Everything is read and compared before the lock; under it one only asks whether that still holds, else tries anew."""
    for _attempt in range(ATTEMPTS):
        batch = attempt()
        if batch is not None:
            return batch
    raise Conflict("sheet_stale")


def _apply(actor: Actor, kind: SheetKind, batch_id: int) -> SheetBatch | None:
    stamp = kind.stamp(actor)
    batch = get_batch(actor, kind, batch_id)
    touched, now = _touched(changes_of(kind, batch)), kind.current(actor)
    stale = any(now.get(change.key) != change.old for change in touched)
    prepared = kind.prepare(actor, touched) if batch.state == "preview" and not stale else None
    most = kind.at_once or max(len(touched), 1)
    for start in range(0, max(len(touched), 1), most):
        with transaction():
            batch = _locked(actor, kind, batch_id, "preview", "sheet_not_open")
            if start == 0 and kind.stamp(actor) != stamp:
                return None
            if stale:
                raise Conflict("sheet_stale")
            kind.write(actor, touched[start : start + most], prepared)
            if start + most >= len(touched):
                _note_applied(actor, kind, batch)
    return batch


def _note_applied(actor: Actor, kind: SheetKind, batch: SheetBatch) -> None:
    batch.state, batch.applied_at = "applied", clock.now()
    named = {"file": batch.file_name, "list": kind.code, **batch.counts}
    audit(actor, "sheet.applied", "sheet_batch", batch.id, **named)


def _touched(changes: Changes) -> list[Change]:
    return [*changes.new, *changes.changed]


def undo(actor: Actor, kind: SheetKind, batch_id: int) -> SheetBatch:
    """Bring back exactly what was there; only while none of these rows changed since."""
    return _as_read(lambda: _undo(actor, kind, batch_id))


def _undo(actor: Actor, kind: SheetKind, batch_id: int) -> SheetBatch | None:
    stamp = kind.stamp(actor)
    batch = get_batch(actor, kind, batch_id)
    changes, now = changes_of(kind, batch), kind.current(actor)
    left = _not_yet_back(kind, changes, now)
    overtaken = not all(is_as_written(now.get(one.key), one) for one in left)
    open_ = batch.state == "applied" and not overtaken
    prepared = kind.prepare(actor, _ways_back(left, now)[1]) if open_ else None
    most = kind.at_once or max(len(left), 1)
    for start in range(0, max(len(left), 1), most):
        new, back = _ways_back(left[start : start + most], now)
        found = kind.find(actor, new) if open_ else None
        with transaction():
            batch = _locked(actor, kind, batch_id, "applied", "sheet_not_applied")
            if start == 0 and kind.stamp(actor) != stamp:
                return None
            if overtaken:
                raise Conflict("sheet_overtaken")
            kind.remove(actor, new, found)
            if back:
                (kind.restore or kind.write)(actor, back, prepared)
            if start + most >= len(left):
                batch.state = "undone"
                audit(actor, "sheet.undone", "sheet_batch", batch.id, file=batch.file_name, list=kind.code)
    return batch


def _ways_back(part: Sequence[Change], now: Mapping[Key, Row]) -> tuple[list[Key], list[Change]]:
    """Keys of rows that go again, and what the changed ones were."""
    back = [
        Change(one.row, one.key, one.old, now.get(one.key, one.new), one.fields)
        for one in part
        if one.old is not None
    ]
    return [one.key for one in part if one.old is None], back


def _locked(actor: Actor, kind: SheetKind, batch_id: int, state: str, code: str) -> SheetBatch:
    batch = get_batch(actor, kind, batch_id, lock=True)
    if batch.state != state:
        raise Conflict(code)
    return batch


def _not_yet_back(kind: SheetKind, changes: Changes, now: Mapping[Key, Row]) -> list[Change]:
    """What an undo still has to do: of a list that is written in parts, one that was cut off goes on with the rest."""
    return [one for one in _touched(changes) if not kind.at_once or now.get(one.key) != one.old]


def is_as_written(now: Row | None, change: Change) -> bool:
    """Whether a row is still what the import made of it; what the file left blank the room may have filled in."""
    if now is None:
        return False
    return all(now.get(name) == value for name, value in change.new.items() if value not in (None, "", ()))


def discard(actor: Actor, kind: SheetKind, batch_id: int) -> None:
    """Forget an upload: nothing of it stays."""
    with transaction():
        db.session.delete(_locked(actor, kind, batch_id, "preview", "sheet_not_open"))


def export_rows(actor: Actor, kind: SheetKind) -> list[Row]:
    """Every row this member may change by sheet, in the order of its key."""
    return [
        row for _key, row in sorted(kind.current(actor).items(), key=lambda pair: tuple(map(str, pair[0])))
    ]
