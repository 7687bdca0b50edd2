"""One cell at a time: text to number, yes or no, stage or code; what is wrong is said, never guessed."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.chain.facts import ESSENTIAL, NEGLIGIBLE, NON_ESSENTIAL
from app.chain.importing.tables import AMOUNT, COEFFICIENT, KIND, NAME, STAGE, YES_NO

LONGEST_CODE = 64
LONGEST_NAME = 200
LARGEST = 1e18
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,9}(\.0+)?", re.ASCII)
_YES = {"yes", "y", "true", "t", "1", "是", "在园", "园内"}
_NO = {"no", "n", "false", "f", "0", "否", "不在园", "园外"}
_KINDS = {
    "essential": ESSENTIAL,
    "non_essential": NON_ESSENTIAL,
    "non-essential": NON_ESSENTIAL,
    "negligible": NEGLIGIBLE,
    "必需": ESSENTIAL,
    "非必需": NON_ESSENTIAL,
    "可忽略": NEGLIGIBLE,
}


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


def read_cell(holds: str, text: str, blank: bool) -> Any:
    """The value of a cell.

    >>> read_cell("amount", " 1800 ", False), read_cell("yes_no", "", True), read_cell("stage", "3", True)
    (1800.0, True, 3)
    >>> read_cell("amount", "很多", False)
    Traceback (most recent call last):
    ...
    app.chain.importing.cells.BadCell: chain_not_a_number
    """
    text = text.strip()
    if not text:
        if not blank:
            raise BadCell("chain_empty_number" if holds in (AMOUNT, COEFFICIENT) else "chain_empty")
        return {YES_NO: True, STAGE: None}.get(holds, "")
    if holds in (AMOUNT, COEFFICIENT):
        return read_number(text)
    if holds == STAGE:
        if not _WHOLE.fullmatch(text):
            raise BadCell("chain_not_whole", value=shown(text))
        return int(float(text))
    if holds == YES_NO:
        if text.lower() in _YES | _NO:
            return text.lower() in _YES
        raise BadCell("chain_not_yes_no", value=shown(text))
    if holds == KIND:
        if text.lower() not in _KINDS:
            raise BadCell("chain_not_a_class", value=shown(text))
        return _KINDS[text.lower()]
    return read_text(text, LONGEST_NAME if holds == NAME else LONGEST_CODE)


def read_number(text: str) -> float:
    """A finite number, zero or more: ASCII digits, a point, no thousands separators.

    >>> read_number("1e3")
    1000.0
    """
    if not _NUMBER.fullmatch(text) or len(text) > 400:
        raise BadCell("chain_not_a_number", value=shown(text))
    number = float(text)
    if math.isinf(number) or number > LARGEST:
        raise BadCell("chain_too_large", value=shown(text))
    if number < 0:
        raise BadCell("chain_negative", value=shown(text))
    return number + 0.0


def read_text(text: str, longest: int) -> str:
    """Printable text in composed form; a quote that guards a formula sign is taken off again.

    >>> read_text("'=1+1", 64)
    '=1+1'
    """
    if len(text) > longest:
        raise BadCell("chain_too_long", longest=longest, length=len(text))
    if len(text) > 1 and text[0] == "'" and text[1] in "=+-@":
        text = text[1:]
    text = unicodedata.normalize("NFC", text)
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in text):
        raise BadCell("chain_control_character")
    return text
