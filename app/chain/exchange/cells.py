"""One cell at a time: text to number, yes or no, stage or code; what is wrong is said, never guessed."""

from __future__ import annotations

import math
import re
from typing import Any

from app.chain.exchange.tables import AMOUNT, COEFFICIENT, KIND, NAME, STAGE, YES_NO
from app.chain.register.facts import ESSENTIAL, NEGLIGIBLE, NON_ESSENTIAL
from app.hall.files.cells import BadCell, read_text, shown

LONGEST_CODE = 64
LONGEST_NAME = 200
LARGEST = 1e18
_NUMBER = re.compile(r"[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
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


def read_cell(holds: str, text: str, blank: bool) -> Any:
    """The value of a cell.

    >>> read_cell("amount", " 1800 ", False), read_cell("yes_no", "", True), read_cell("stage", "3", True)
    (1800.0, True, 3)
    >>> read_cell("amount", "很多", False)
    Traceback (most recent call last):
    ...
    app.hall.files.cells.BadCell: chain_not_a_number
    """
    text = text.strip()
    if not text:
        if not blank:
            raise BadCell("chain_empty_number" if holds in (AMOUNT, COEFFICIENT) else "table_empty")
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
