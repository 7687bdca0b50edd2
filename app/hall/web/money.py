"""Amounts of 万元 in forms: whoever reads English types millions of yuan, and the form says so beside them.

A form in English carries `money=million`; without it an amount is 万元. So an address means the same in both languages,
and what was typed before the language was changed is not read as something else.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from flask import request

from app.hall.text import language

_PLAIN = re.compile(r"[+-]?[0-9][0-9,]{0,19}(\.[0-9]{1,12})?")
MILLION = "million"


def times(text: str, factor: int) -> str:
    """A typed number a hundred times as large or small, digit for digit; what is no number stays as it was typed.

    >>> times("1.5", 2), times("1,234", -2), times("about 3", 2), times("", 2), times("0.0005", 2)
    ('150', '12.34', 'about 3', '', '0.05')
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not _PLAIN.fullmatch(plain):
        return text
    shifted = f"{Decimal(plain.replace(',', '')).scaleb(factor):f}"
    return shifted.rstrip("0").rstrip(".") if "." in shifted else shifted


def in_wan(text: str) -> str:
    """What was typed into this form, in 万元."""
    return times(text, 2) if request.values.get("money") == MILLION else text


def as_typed(text: object) -> str:
    """An amount of 万元 as the form of this page takes it: the way back of `in_wan`."""
    plain = f"{Decimal(repr(text)):f}" if isinstance(text, float) else str(text)
    return times(plain, -2) if language.lang() == "en" else times(plain, 0)
