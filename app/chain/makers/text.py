"""One spelling for product texts: full-width, case and spaces must not decide who makes something."""

from __future__ import annotations

import re
import unicodedata

_KEPT = re.compile(r"[0-9a-z\u00c0-\u024f\u0370-\u04ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]+")


def normalise(text: str) -> str:
    """Fold width and case; everything that is neither a letter, a digit nor a character becomes one space.

    >>> normalise("ＬＥＤ（显示屏）、模组 ")
    'led 显示屏 模组'
    """
    return " ".join(_KEPT.findall(unicodedata.normalize("NFKC", text).casefold()))


def grams(text: str, shortest: int, longest: int) -> list[str]:
    """Character n-grams of a normalised text; none of them crosses a space.

    >>> grams("隔膜", 1, 2)
    ['隔', '膜', '隔膜']
    """
    found = []
    for part in text.split():
        for size in range(shortest, longest + 1):
            found += [part[start : start + size] for start in range(len(part) - size + 1)]
    return found
