"""What a room says so that one of its lists comes in from a sheet and goes out to one: the house does the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.hall.files.sheets.columns import Row, Table
from app.hall.files.sheets.compare import Change, Key
from app.hall.files.sheets.reading import Line


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that a room finds wrong with a row: where, and the message.

    `stop`: nothing of the file is read. `hold`: this row alone stays out, the preview says why. `note`: the row is
    read, and something in it is not. `doubt`: the row is read and marked; `params["name"]` is what it looks like.
    """

    row: int
    column: str
    code: str
    params: Mapping[str, Any]
    weight: Literal["stop", "hold", "note", "doubt"] = "stop"


Resolved = tuple[Sequence[Line], Sequence[Fault]]


def _nothing(_actor: Any, _changes: Sequence[Change]) -> None:
    return None


def _nothing_found(_actor: Any, _keys: Sequence[Key]) -> Any:
    return None


def _as_read(_actor: Any, lines: Sequence[Line]) -> Resolved:
    return lines, ()


@dataclass(frozen=True)
class SheetKind:
    """One list of a room.

    `current` answers every row this actor may change by sheet, by key; `stamp` something that changes whenever those
    rows do, cheap enough to ask under the lock. `resolve` turns names into what the room knows and finds what it would
    refuse, before anything is stored. `prepare` and `find` do what takes long before anything is locked; `write` gets
    the answer of the one and stores new and changed rows, `remove` that of the other and takes back new ones, both
    inside the open transaction. A row that `remove` may not take is refused there. Rows whose
    storing takes long are written `at_once` so many, each part in a transaction of its own, where the same file sent
    again goes on with the rest; all of them in one otherwise. `restore` is how changed rows become what they were,
    where that is more than to write them once more; `undoing` says so where not all comes back as it was.
    """

    table: Table
    title: Any
    purpose: Any
    icon: str
    may: Callable[[Any], bool]
    current: Callable[[Any], Mapping[Key, Row]]
    stamp: Callable[[Any], object]
    write: Callable[[Any, Sequence[Change], Any], None]
    remove: Callable[[Any, Sequence[Key], Any], None]
    back: str
    resolve: Callable[[Any, Sequence[Line]], Resolved] = _as_read
    prepare: Callable[[Any, Sequence[Change]], Any] = _nothing
    find: Callable[[Any, Sequence[Key]], Any] = _nothing_found
    at_once: int = 0
    restore: Callable[[Any, Sequence[Change], Any], None] | None = None
    undoing: Any = ""

    @property
    def code(self) -> str:
        return self.table.name
