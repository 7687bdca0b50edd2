"""Codes of second factors: how they are typed, which moment they belong to, who must have one."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from app.hall.text.numbers import whole

PERIOD_SECONDS = 30
CODES = 10
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that reads like something else


def plain_digits(typed: str) -> str:
    """A code of six digits as somebody typed it; empty when it is none.

    >>> plain_digits("123 456"), plain_digits("１２３４５６"), plain_digits("12345")
    ('123456', '', '')
    """
    text = "".join(typed.split()).replace("-", "")
    return text if len(text) == 6 and whole(text) is not None else ""


def plain_recovery(typed: str) -> str:
    """A recovery code as somebody typed it: blanks, hyphens and small letters do not matter.

    >>> plain_recovery("abcd-efgh-jklm")
    'ABCDEFGHJKLM'
    """
    return "".join(char for char in typed.upper() if char in CODE_LETTERS)[:24]


def shown_recovery(code: str) -> str:
    """
    >>> shown_recovery("ABCDEFGHJKLM")
    'ABCD-EFGH-JKLM'
    """
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def steps_around(seconds: float) -> list[int]:
    """The steps of thirty seconds whose code counts now: this one, and one before and after for clocks that differ.

    >>> steps_around(90.0)
    [3, 2, 4]
    """
    now = int(seconds) // PERIOD_SECONDS
    return [now, now - 1, now + 1]


def needs_factor(roles: Collection[str], staff: Collection[str], required: bool) -> bool:
    """Whether somebody with these roles works only after giving a second factor.

    >>> needs_factor({"auditor"}, {"auditor"}, True), needs_factor({"guest"}, {"auditor"}, True)
    (True, False)
    """
    return required and not set(roles).isdisjoint(staff)


def may_remove(kinds: Iterable[str], needed: bool) -> bool:
    """Whether one of these factors may go: never the last one of somebody who needs one.

    >>> may_remove(["totp"], True), may_remove(["totp", "passkey"], True), may_remove(["totp"], False)
    (False, True, True)
    """
    return not needed or len(list(kinds)) > 1
