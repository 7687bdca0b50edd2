"""What a workbook's own text tells and its values do not: how far cells really reach, formulas nobody computed, errors."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from xml.etree import ElementTree

from app.hall.files.archives import Unreadable

# Every repetition is bounded: a file of opening tags alone costs no more than its length.
_CELL = rb'<(?:\w{1,9}:)?c\s[^>]{0,300}?\br="([A-Z]{1,3})(\d{1,7})"'
_PLACE = re.compile(_CELL)
_ROW = re.compile(rb'<(?:\w{1,9}:)?row\s[^>]{0,300}?\br="(\d{1,7})"')
_NAMELESS = re.compile(rb"<(?:\w{1,9}:)?c(?:>|\s(?![^>]{0,300}?\br=)[^>]{0,300}>)")
_UNFILLED = re.compile(
    _CELL
    + rb"[^>]{0,300}>\s{0,9}<(?:\w{1,9}:)?f\b(?:[^>]{0,300}/>|[^>]{0,300}>[^<]{0,9000}</(?:\w{1,9}:)?f>)\s{0,9}"
    rb"(?:<(?:\w{1,9}:)?v\s?/>|<(?:\w{1,9}:)?v>\s{0,9}</(?:\w{1,9}:)?v>)?\s{0,9}</(?:\w{1,9}:)?c>"
)
_WRONG = re.compile(rb'<(?:\w{1,9}:)?c\s(?=[^>]{0,300}?\bt="e")[^>]{0,300}?\br="([A-Z]{1,3})(\d{1,7})"')
MOST_FAULTS = 2000
MOST_COLUMNS = 16_384


@dataclass(frozen=True, slots=True)
class Look:
    """How many cells lie in the rectangle that is used, and where a cell has no value although something stands there."""

    area: int = 0
    faults: dict[tuple[int, int], str] = field(default_factory=dict)


def column_number(letters: bytes) -> int:
    """
    >>> column_number(b"A"), column_number(b"AA")
    (0, 26)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def look_into(archive: zipfile.ZipFile) -> dict[str, Look]:
    """A look at each sheet, by its name; linear in the size of the file."""
    found = {}
    for name, part in _parts(archive).items():
        text = archive.read(part)
        faults = dict.fromkeys(_places(_UNFILLED, text), "sheet_formula_without_value")
        faults |= dict.fromkeys(_places(_WRONG, text), "sheet_error_value")
        last_row = last_column = 0
        for letters, row in _PLACE.findall(text):
            last_row = max(last_row, int(row))
            last_column = max(last_column, column_number(letters) + 1)
        last_row = max([last_row, *map(int, _ROW.findall(text))])
        last_column = max(last_column, min(MOST_COLUMNS, len(_NAMELESS.findall(text))))
        found[name] = Look(last_row * last_column, faults)
    return found


def _places(pattern: re.Pattern[bytes], text: bytes) -> list[tuple[int, int]]:
    found = []
    for match in pattern.finditer(text):
        found.append((int(match[2]), column_number(match[1])))
        if len(found) >= MOST_FAULTS:
            break
    return found


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of the archive that holds each sheet; documents with a type are refused before (`check_workbook`)."""
    names = set(archive.namelist())
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (ElementTree.ParseError, KeyError):
        raise Unreadable("table_not_a_workbook") from None
    targets = {link.get("Id", ""): link.get("Target", "") for link in links}
    found = {}
    for sheet in book.iter():
        if sheet.tag.rpartition("}")[2] != "sheet":
            continue
        link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        target = targets.get(link, "").lstrip("/")
        part = target if target.startswith("xl/") else f"xl/{target}"
        if part in names:
            found[sheet.get("name", "")] = part
    return found
