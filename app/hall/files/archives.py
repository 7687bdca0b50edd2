"""One check for every upload that unpacks: how much it becomes, how far it is squeezed, how many parts, how deep."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from app.hall.limits import MEBIBYTE


class Unreadable(ValueError):
    """A file as a whole cannot be read; carries a message id and parameters."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much an archive may hold; sizes in bytes."""

    total: int
    part: int
    strings: int  # shared strings are held in memory as a whole
    parts: int = 500
    depth: int = 8  # folders within folders
    ratio: int = 200  # XML of a register shrinks to a tenth or a thirtieth; a bomb to a thousandth


#: A register of the whole chain, read row by row by a job of its own.
REGISTER = Bounds(160 * MEBIBYTE, 48 * MEBIBYTE, 24 * MEBIBYTE)
#: A sheet of some hundred rows, read within one request: a second for each of these megabytes.
FORM_SHEET = Bounds(8 * MEBIBYTE, 6 * MEBIBYTE, 4 * MEBIBYTE, parts=100)
#: A list of up to 20,000 rows, read at once.
LIST_SHEET = Bounds(64 * MEBIBYTE, 40 * MEBIBYTE, 16 * MEBIBYTE, parts=200)
_SMALL = MEBIBYTE  # below this nobody asks how far it is squeezed
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")


def check_workbook(source: Path | BinaryIO, bounds: Bounds = REGISTER) -> None:
    """Refuse what is no workbook, is encrypted, or unpacks to more than it may.

    The sizes are those the archive declares: reading a part stops there, whatever follows.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            parts = archive.infolist()
            if "xl/workbook.xml" not in {part.filename for part in parts}:
                raise Unreadable("table_not_a_workbook")
            check_parts(parts, bounds)
            for part in parts:
                with archive.open(part) as content:
                    _look_into(content.read(1024))
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("table_not_a_workbook") from None


def check_parts(parts: list[zipfile.ZipInfo], bounds: Bounds) -> None:
    """Refuse an archive by its list of contents alone.

    >>> bomb = zipfile.ZipInfo("xl/worksheets/sheet1.xml"); bomb.file_size, bomb.compress_size = 5 * MEBIBYTE, 5_000
    >>> check_parts([bomb], FORM_SHEET)
    Traceback (most recent call last):
    ...
    app.hall.files.archives.Unreadable: table_squeezed
    """
    if len(parts) > bounds.parts or any(part.filename.count("/") > bounds.depth for part in parts):
        raise Unreadable("table_not_a_workbook")
    total = sum(part.file_size for part in parts)
    most = {part.filename: bounds.strings if _is_strings(part) else bounds.part for part in parts}
    if total > bounds.total or any(part.file_size > most[part.filename] for part in parts):
        raise Unreadable("table_workbook_too_large", megabytes=bounds.part // MEBIBYTE)
    for part in parts:
        if part.file_size > _SMALL and part.file_size > bounds.ratio * max(part.compress_size, 1):
            raise Unreadable("table_squeezed")


def _is_strings(part: zipfile.ZipInfo) -> bool:
    return part.filename.lower().endswith("sharedstrings.xml")


def _look_into(start: bytes) -> None:
    """No archive in the archive, and no document type: entities make a short text long."""
    if start.startswith(_ARCHIVES) or b"<!DOCTYPE" in start.replace(b"\0", b"").upper():
        raise Unreadable("table_not_a_workbook")
