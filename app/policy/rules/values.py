"""Values of facts and parameters: exact numbers, days and texts from what people wrote, never guessed."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from fractions import Fraction

from app.policy.rules.months import read_day

Value = int | Fraction | str | dt.date
Listed = tuple[Value, ...]

NUMBER, TEXT, DAY, ANY = "number", "text", "day", "any"
LONGEST_TEXT = 200
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,24}(?:\.[0-9]{0,24})?|\.[0-9]{1,24})(?:[eE][+-]?[0-9]{1,2})?")
_NOT_A_NUMBER = re.compile(r"[+-]?\.?(nan|inf|infinity)", re.IGNORECASE)


def read_number(text: str) -> int | Fraction | None:
    """An exact, bounded number in ASCII digits, or nothing.

    >>> read_number("0.150"), read_number("-3"), read_number("1e3"), read_number("²"), read_number("9" * 30)
    (Fraction(3, 20), -3, 1000, None, None)
    """
    if not _NUMBER.fullmatch(text):
        return None
    return whole_if_whole(Fraction(text))


def whole_if_whole(number: Fraction | int) -> int | Fraction:
    """Whole numbers as `int`: they compare many times faster.

    >>> whole_if_whole(Fraction(6, 2))
    3
    """
    return number.numerator if number.denominator == 1 else number


def is_not_a_number(text: str) -> bool:
    """
    >>> is_not_a_number("NaN"), is_not_a_number(".inf"), is_not_a_number("nanjing")
    (True, True, False)
    """
    return bool(_NOT_A_NUMBER.fullmatch(text))


def kind_of(value: Value) -> str:
    """`number`, `text` or `day`; text that reads as a day is a day, as in a table."""
    if isinstance(value, str):
        return TEXT if read_day(value) is None else DAY
    return DAY if isinstance(value, dt.date) else NUMBER


def as_kind(value: Value, kind: str) -> Value | None:
    """A value, or the text of one, as the kind that the rules want; nothing where it is none.

    >>> as_kind("0.152", NUMBER), as_kind("2024-02-15", DAY), as_kind("yes", NUMBER), as_kind(7, TEXT)
    (Fraction(19, 125), datetime.date(2024, 2, 15), None, '7')
    >>> as_kind("7", ANY), as_kind("a7", ANY)
    (7, 'a7')
    """
    if kind == NUMBER:
        return read_number(value) if isinstance(value, str) else None if isinstance(value, dt.date) else value
    if kind == DAY:
        return read_day(value) if isinstance(value, str) else value if isinstance(value, dt.date) else None
    if kind == TEXT:
        return written(value)
    if not isinstance(value, str):
        return value
    number = read_number(value)
    return number if number is not None else read_day(value) or value


def written(value: Value) -> str:
    """A value as text of a table.

    >>> written(Fraction(1, 8)), written(dt.date(2026, 1, 1))
    ('0.125', '2026-01-01')
    """
    if isinstance(value, dt.date):
        return value.isoformat()
    return repr(float(value)) if isinstance(value, Fraction) else str(value)


def clean_text(text: str) -> str | None:
    """Short printable text in composed form; nothing where it is not that."""
    text = unicodedata.normalize("NFC", text.strip())
    if len(text) > LONGEST_TEXT or any(unicodedata.category(c) in ("Cc", "Cs") for c in text):
        return None
    return text


def as_json(value: Value | None) -> int | float | str | None:
    """What a value looks like in an answer: numbers unrounded, days as text; nothing beyond what JSON can carry.

    >>> as_json(Fraction(3, 20)), as_json(dt.date(2026, 1, 1)), as_json(None)
    (0.15, '2026-01-01', None)
    """
    if value is None or isinstance(value, (int, str)):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    try:
        return float(value)
    except OverflowError:
        return None
