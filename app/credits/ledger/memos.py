"""What a transfer was for, kept as a code and its parameters: told in the reader's language, whoever posted it.

What people typed themselves, and the memos of older ledgers, are shown as they are.
"""

from __future__ import annotations

import json

from app.hall.text import language

Part = str | int | dict[str, str]


def memo(code: str, **params: Part) -> str:
    """The memo to be stored; a name in two languages is ``{"zh": …, "en": …}``.

    >>> memo("memo_booking", number=7)
    '{"code":"memo_booking","number":7}'
    """
    return json.dumps({"code": code, **params}, ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> str | dict[str, Part]:
    """A stored memo as a parameter of a notification: the code with its parameters, or the text that it is.

    >>> read('{"code":"memo_booking","number":7}'), read("办公室 3 层")
    ({'code': 'memo_booking', 'number': 7}, '办公室 3 层')
    """
    if not text.startswith('{"code":'):
        return text
    try:
        found: dict[str, Part] = json.loads(text)
    except ValueError:
        return text
    return found


def told(text: str) -> str:
    """A stored memo or reference as this reader reads it."""
    found = read(text)
    if isinstance(found, str):
        return found
    return language.message(str(found.pop("code")), found)
