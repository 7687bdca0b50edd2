"""Text as it comes in: nothing that no keyboard writes, line ends of one kind; and text made comparable."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

# C0 and C1 but tab and newline (NUL is refused elsewhere, not stripped), unpaired surrogates, marks that turn the
# direction of what follows: none of them is ever meant, and each broke a file or made a name look like another.
_NEVER_MEANT = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200d\u2060-\u2064\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)


def clean(text: str) -> str:
    """The text without characters that nobody means to send; every line end is a newline.

    >>> clean("a\\x0bb\\u202ec\\r\\nd\\te")
    'abc\\nd\\te'
    """
    if text.isascii() and text.isprintable():
        return text
    return _NEVER_MEANT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def cleaned(data: Any) -> Any:
    """The same JSON data with every text cleaned; nesting is bounded by whoever read it."""
    if isinstance(data, str):
        return clean(data)
    if isinstance(data, list):
        return [cleaned(one) for one in data]
    if isinstance(data, dict):
        return {key: cleaned(value) for key, value in data.items()}
    return data


def comparable(text: str) -> str:
    """Text as it is compared: compatibility forms folded, invisible characters gone, lower case.

    >>> comparable("ＷｅＣｈａｔ\\u200b １３８")
    'wechat 138'
    """
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", clean(text))).casefold()


def writable(text: str) -> str:
    """Text for a file: `clean` once more, and without NUL, which no format can hold.

    >>> writable("a\\0b\\x0bc")
    'abc'
    """
    return clean(text).replace("\0", "")


def escape_like(text: str) -> str:
    r"""Make `text` match itself in a LIKE pattern with backslash as escape.

    >>> print(escape_like("100%_"))
    100\%\_
    """
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
