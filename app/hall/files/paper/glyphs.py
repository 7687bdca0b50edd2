"""Which characters have a shape in the type of the papers: what has none is printed as a box, never left out."""

from __future__ import annotations

import functools
import re
from pathlib import Path

FONTS = Path(__file__).resolve().parent / "fonts"
_SHAPE_OF_ANOTHER = re.compile(
    "[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)  # variation selectors: no characters of their own
_BREAK = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")


@functools.cache
def covered() -> frozenset[int]:
    """Every code point with a shape, as `frontend/font.py` wrote them down."""
    points: set[int] = {ord("\n")}
    for line in (FONTS / "covered.txt").read_text("ascii").split():
        first, _, last = line.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(points)


def settable(text: str) -> str:
    """The text as the typesetter takes it: line breaks of every kind are one, a tab is a space.

    Examples
    --------
    >>> settable("a\\tb\\r\\nc")
    'a b\\nc'
    """
    return _BREAK.sub("\n", _SHAPE_OF_ANOTHER.sub("", text.replace("\t", " ")))


def without_shape(text: str) -> list[int]:
    """The code points of this text that have no shape, ascending.

    Examples
    --------
    >>> without_shape("犇㐂䶮㎡臺灣𠮷")
    []
    >>> [hex(point) for point in without_shape("A\\u202e\\ue000")]
    ['0x202e', '0xe000']
    """
    return sorted({ord(character) for character in set(text)} - covered())
