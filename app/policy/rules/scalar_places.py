"""Where a character of a scalar stands in its file, so that a fault in an expression is told where the eye finds it."""

from __future__ import annotations

import re

_LENGTHS = {"x": 4, "u": 6, "U": 10}
_BREAK = re.compile(r"\r\n|\r|\n")


def place_in(place: tuple[int, int], source: str, style: str, text: str, offset: int) -> tuple[int, int]:
    r"""Line and column of a character of a scalar, both counted from 1.

    Parameters
    ----------
    place : (int, int)
        Where the scalar starts: its quotation mark, its `|` or `>`, or its first character.
    source : str
        The scalar as it is written in the file, from there on.
    style : str
        `"`, `'`, `|`, `>`, or nothing for a plain one.
    text : str
        What it was read as.
    offset : int
        Characters of `text` before the one that is looked for; its length or more is the end.

    Examples
    --------
    >>> place_in((3, 9), "'it''s z'", "'", "it's z", 5)
    (3, 16)
    >>> place_in((3, 9), ">-\n  a\n  z", ">", "a z", 2)
    (5, 3)
    """
    at = _start(source, style)
    for wanted in text[:offset]:
        at = _at(source, style, wanted, at)
        at += _length(source, style, at)
    if offset < len(text):
        at = _at(source, style, text[offset], at)
    before = source[:at]
    breaks = list(_BREAK.finditer(before))
    if not breaks:
        return place[0], place[1] + at
    return place[0] + len(breaks), at - breaks[-1].end() + 1


def _start(source: str, style: str) -> int:
    if style in ("|", ">"):
        header = _BREAK.search(source)
        return header.end() if header else len(source)
    return 1 if style else 0


def _at(source: str, style: str, wanted: str, at: int) -> int:
    """The place of the wanted character at or after `at`: folding and indenting only ever add blanks."""
    while at < len(source):
        joined = style == '"' and source[at] == "\\" and source[at + 1 : at + 2] in ("\n", "\r")
        if not joined and (wanted.isspace() or not source[at].isspace()):
            break
        at += 1
    return at


def _length(source: str, style: str, at: int) -> int:
    """How many characters of the file stand for the one that was read at this place."""
    if style == '"' and source[at : at + 1] == "\\":
        return _LENGTHS.get(source[at + 1 : at + 2], 2)
    if style == "'" and source[at : at + 2] == "''":
        return 2
    return 1 if at < len(source) else 0
