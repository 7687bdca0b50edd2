"""What is wrong with a cell, where it stands, and text that may be trusted to be text."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.hall.text.normalise import clean, writable

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: where (line counted from 1, column by name), a message id and its parameters."""

    file: str
    line: int
    column: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class BadCell(ValueError):
    """What is wrong with a cell, as a message id and parameters."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(code)


def shown(value: str) -> str:
    """A cell as it may stand in a message: short and on one line.

    >>> shown("a" * 50)
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…'
    """
    clean = "".join(c if c.isprintable() else "·" for c in value[:60])
    return clean if len(clean) <= 40 else clean[:39] + "…"


def guarded(text: str) -> str:
    """Text as it may stand in a cell of a file: what a spreadsheet would run as a formula gets a quote in front.

    `read_text` takes it off again.

    >>> guarded("=1+1"), guarded("甲")
    ("'=1+1", '甲')
    """
    text = writable(text)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def read_text(text: str, longest: int) -> str:
    """Printable text in composed form; a quote that guards a formula sign is taken off again.

    >>> read_text("'=1+1", 64)
    '=1+1'
    """
    if len(text) > longest:
        raise BadCell("table_too_long", longest=longest, length=len(text))
    if text[:1] == "'" and text.startswith(FORMULA_SIGNS, 1):
        text = text[1:]
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in text):
        raise BadCell("table_control_character")
    return unicodedata.normalize("NFC", clean(text))
