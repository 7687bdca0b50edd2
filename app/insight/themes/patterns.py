"""The patterns a codebook may use: few shapes, read in full, so that matching stays linear and nothing is a black box."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 200
WIDEST_GAP = 10
MOST_WAYS = 20_000  # ways to read one pattern; more would let the matcher wander
_GAP = re.compile(r"\{0,([0-9]{1,4})\}")
_SPECIAL = frozenset("*+?{}[]()|^$\\")


class BadPattern(ValueError):
    """The pattern has a shape that is not allowed."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a pattern: one of some words (perhaps none), or any 0 to `gap` characters."""

    words: tuple[str, ...] = ()
    optional: bool = False
    low: int = 0
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern as written, read into alternatives of pieces, with words one of which every match holds."""

    text: str
    branches: tuple[tuple[Piece, ...], ...]
    needles: tuple[str, ...]
    regex: re.Pattern[str]
    greedy: bool = False  # whether the first match of `regex` from a start is the longest from there

    def longest_end(self, text: str, start: int) -> int:
        """Where the longest match that starts at `start` ends, −1 when none does."""
        return max((_end(pieces, text, start) for pieces in self.branches), default=-1)


def _end(pieces: tuple[Piece, ...], text: str, start: int) -> int:
    ends = {start}
    for piece in pieces:
        found = set(ends) if piece.optional else set()
        for end in ends:
            if piece.words:
                found.update(end + len(word) for word in piece.words if text.startswith(word, end))
            else:
                stop = min(len(text), end + piece.gap)
                reach = next((n for n in range(end, stop) if text[n] == "\n"), stop)
                found.update(range(end + piece.low, reach + 1))
        ends = found
    return max(ends, default=-1)


def read_pattern(text: str) -> Pattern:
    """Read a pattern: literals, `?` after one, `(a|b)` of literals, `.`, `.?` and `.{0,n}` with n ≤ 10, `|`.

    Raises
    ------
    BadPattern
        For every other shape (`*`, `+`, `{n,}`, classes, look-around, back-references, nested groups), a pattern
        above 200 characters, one that matches nothing at all, or one that can be read in too many ways.

    Examples
    --------
    >>> read_pattern("没(有)?(回音|下文)").longest_end("都没有回音", 1)
    5
    >>> read_pattern("(a+)+")
    Traceback (most recent call last):
    ...
    app.insight.themes.patterns.BadPattern
    """
    if not text or len(text) > LONGEST:
        raise BadPattern
    branches: list[list[Piece]] = [[]]
    place = 0
    while place < len(text):
        if text[place] == "|":
            branches.append([])
            place += 1
            continue
        piece, place = _piece(text, place)
        branches[-1].append(piece)
    joined = tuple(tuple(_joined(branch)) for branch in branches)
    ways = sum(_ways(branch) for branch in joined)
    if ways > MOST_WAYS or any(all(p.optional or not p.words for p in branch) for branch in joined):
        raise BadPattern
    needles = tuple(dict.fromkeys(word for branch in joined for word in _needles(branch)))
    return Pattern(text, joined, needles, re.compile("|".join(map(_source, joined))), _greedy(joined))


def _greedy(branches: tuple[tuple[Piece, ...], ...]) -> bool:
    """One branch, at most one of its pieces of several lengths (the matcher tries the longest first), or equal lengths."""
    free = [sum(map(_varies, pieces)) for pieces in branches]
    if len(branches) == 1:
        return free[0] <= 1
    lengths = {sum(_longest(piece) for piece in pieces) for pieces in branches}
    return not any(free) and len(lengths) == 1


def _varies(piece: Piece) -> bool:
    if not piece.words:
        return piece.low != piece.gap
    return piece.optional or len({len(word) for word in piece.words}) > 1


def _longest(piece: Piece) -> int:
    return max(map(len, piece.words)) if piece.words else piece.gap


def _piece(text: str, place: int) -> tuple[Piece, int]:
    character = text[place]
    if character == ".":
        return _any(text, place + 1)
    if character == "(":
        words, place = _group(text, place + 1)
    else:
        word, place = _literal(text, place)
        words = (word,)
    optional = text[place : place + 1] == "?"
    if optional:
        place += 1
    if text[place : place + 1] in ("?", "*", "+", "{") and place < len(text):
        raise BadPattern
    return Piece(words, optional), place


def _any(text: str, place: int) -> tuple[Piece, int]:
    if text[place : place + 1] == "?":
        piece, place = Piece(gap=1), place + 1
    elif match := _GAP.match(text, place):
        if int(match[1]) > WIDEST_GAP:
            raise BadPattern
        piece, place = Piece(gap=int(match[1])), match.end()
    else:
        piece = Piece(low=1, gap=1)
    if place < len(text) and text[place] in "?*+{":
        raise BadPattern
    return piece, place


def _group(text: str, place: int) -> tuple[tuple[str, ...], int]:
    if text.startswith("?:", place):
        place += 2
    words = [""]
    while place < len(text) and text[place] != ")":
        if text[place] == "|":
            words.append("")
            place += 1
            continue
        if text[place] == ".":
            raise BadPattern
        word, place = _literal(text, place)
        words[-1] += word
    if place == len(text) or not all(words):
        raise BadPattern
    return tuple(dict.fromkeys(words)), place + 1


def _literal(text: str, place: int) -> tuple[str, int]:
    """One character, normalised as the texts are; a backslash takes punctuation literally."""
    character = text[place]
    if character == "\\":
        character = text[place + 1 : place + 2]
        if not character or character.isalnum():
            raise BadPattern
        place += 1
    elif character in _SPECIAL:
        raise BadPattern
    return unicodedata.normalize("NFKC", character), place + 1


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Literals that follow each other as one word."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        plain = len(piece.words) == 1 and not piece.optional
        if last and plain and len(last.words) == 1 and not last.optional:
            found[-1] = Piece((last.words[0] + piece.words[0],))
        else:
            found.append(piece)
    return found


def _ways(pieces: tuple[Piece, ...]) -> int:
    ways = 1
    for piece in pieces:
        ways *= (len(piece.words) or piece.gap - piece.low + 1) + piece.optional
    return ways


def _needles(pieces: tuple[Piece, ...]) -> tuple[str, ...]:
    needed = [piece.words for piece in pieces if piece.words and not piece.optional]
    return max(needed, key=lambda words: (min(map(len, words)), -len(words)))


def _source(pieces: tuple[Piece, ...]) -> str:
    parts = []
    for piece in pieces:
        if piece.words:
            words = "|".join(re.escape(word) for word in sorted(piece.words, key=len, reverse=True))
            parts.append(f"(?:{words}){'?' if piece.optional else ''}")
        else:
            parts.append(f".{{{piece.low},{piece.gap}}}")
    return "".join(parts)
