"""The one reader of whole numbers that people or addresses send; `str.isdigit` is true for ``²``, where `int` fails."""

from __future__ import annotations

from fractions import Fraction

MOST_DIGITS = 15  # a hundred times that still fits into 64 bits


def whole(text: str | None, most: int = 10**MOST_DIGITS - 1) -> int | None:
    """A whole number from 0 to `most` written in ASCII digits; None for everything else.

    Nothing beyond `MOST_DIGITS` digits is looked at: five thousand digits cost nothing.

    >>> whole("42"), whole("007"), whole("²"), whole("①"), whole("４２"), whole("-1"), whole(""), whole(None)
    (42, 7, None, None, None, None, None, None)
    >>> whole("101", most=100), whole("9" * 5000)
    (None, None)
    """
    if not text or len(text) > MOST_DIGITS or not (text.isascii() and text.isdecimal()):
        return None
    number = int(text)
    return number if number <= most else None


def as_float(value: Fraction | None) -> float | None:
    """An exact number as JSON and sheets hold it; unknown stays unknown.

    >>> as_float(Fraction(1, 4)), as_float(None)
    (0.25, None)
    """
    return None if value is None else float(value)
