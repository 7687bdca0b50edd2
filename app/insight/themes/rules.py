"""Which sentences speak of which theme, in whose words, and which words are new; every answer can be pointed at."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import log
from operator import itemgetter

from app.insight.themes.patterns import Pattern

LONGEST_TEXT = 2000
SENTENCE_ENDS = frozenset("。！？；!?;.\n")
NEW_FROM = 6.63  # chi-square with one degree of freedom, 1 %
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme of a codebook: any of these patterns, unless one that forbids it stands anywhere in the text."""

    code: str
    dimension: str
    patterns: tuple[Pattern, ...]
    forbids: tuple[Pattern, ...] = ()
    name_zh: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A theme in a text: from `start` to before `end` in the text as written, and which pattern found it."""

    theme: str
    start: int
    end: int
    matched: str
    pattern: str


@dataclass(frozen=True, slots=True)
class NewWord:
    """A word in k1 of n1 texts now and in k0 of n0 before."""

    word: str
    k1: int
    n1: int
    k0: int
    n0: int
    g2: float


def cut(text: str) -> str:
    """A text of at most 2,000 characters, cut after the last sentence that fits.

    >>> len(cut("好。" + "长" * 3000)), len(cut("长" * 3000))
    (2, 2000)
    """
    if len(text) <= LONGEST_TEXT:
        return text
    head = text[:LONGEST_TEXT]
    end = max((n for n, character in enumerate(head, start=1) if character in SENTENCE_ENDS), default=0)
    return head[:end] if end else head


def normalised(text: str) -> tuple[str, list[tuple[int, int]] | None]:
    """The text in NFKC, and for each of its characters the (start, end) of what was written; None: the same places.

    >>> normalised("３㎏")
    ('3kg', [(0, 1), (1, 2), (1, 2)])
    """
    if unicodedata.is_normalized("NFKC", text):
        return text, None
    made: list[str] = []
    places: list[tuple[int, int]] = []
    start = 0
    while start < len(text):
        end = start + 1
        piece = unicodedata.normalize("NFKC", text[start:end])
        while end < len(text):
            longer = unicodedata.normalize("NFKC", text[start : end + 1])
            if not unicodedata.combining(text[end]) and longer == piece + unicodedata.normalize(
                "NFKC", text[end]
            ):
                break
            piece, end = longer, end + 1
        made.append(piece)
        places += [(start, end)] * len(piece)
        start = end
    return "".join(made), places


# A pattern of a theme: its place in the book, its next match, itself.
Waiting = tuple[int, "re.Match[str]", Pattern]


class Reader:
    """Reads texts by the same themes, knowing beforehand which words any of their patterns cannot do without."""

    def __init__(self, themes: Iterable[Theme]) -> None:
        self._themes = tuple(themes)
        owners: dict[str, list[tuple[int, int, Pattern]]] = {}
        for place, theme in enumerate(self._themes):
            for n, pattern in enumerate(theme.patterns):
                for needle in pattern.needles:
                    owners.setdefault(needle, []).append((place, n, pattern))
        self._owners = tuple(owners.items())

    def marks(self, text: str) -> list[Mark]:
        """Every theme of a text with the places of its words, themes in the order given, then by start."""
        written = cut(text)
        plain, places = normalised(written)
        near: dict[int, list[Waiting]] = {}
        tried = set()
        for needle, owners in self._owners:
            if needle not in plain:
                continue
            for place, n, pattern in owners:
                if len(pattern.needles) > 1:
                    if (place, n) in tried:
                        continue
                    tried.add((place, n))
                match = pattern.regex.search(plain)
                if match is not None:
                    near.setdefault(place, []).append((n, match, pattern))
        found: list[Mark] = []
        for place in sorted(near):
            theme = self._themes[place]
            if not any(one.regex.search(plain) for one in theme.forbids):
                found += _marks(theme.code, sorted(near[place], key=itemgetter(0)), written, plain, places)
        return found


def marks(text: str, themes: Iterable[Theme]) -> list[Mark]:
    """The marks of one text; who reads many by the same themes makes one `Reader`."""
    return Reader(themes).marks(text)


def _marks(
    theme: str, waiting: list[Waiting], written: str, plain: str, places: list[tuple[int, int]] | None
) -> Iterable[Mark]:
    """The marks of a theme by those of its patterns that match at all, each with its next match, as the book has them."""
    while waiting:
        first = min(match.start() for _n, match, _one in waiting)
        end, best = -1, waiting[0][2]
        for _n, match, one in waiting:
            if match.start() == first:
                stop = match.end() if one.greedy else one.longest_end(plain, first)
                if stop > end:
                    end, best = stop, one
        start, here = first, end
        if places is not None:
            start, end = places[start][0], places[end - 1][1]
            while here < len(places) and places[here][0] < end:
                here += 1
        yield Mark(theme, start, end, written[start:end], best.text)
        # A pattern's next match stays its next one until something else has taken its place.
        later = []
        for n, match, one in waiting:
            again = match if match.start() >= here else one.regex.search(plain, here)
            if again is not None:
                later.append((n, again, one))
        waiting = later


def likelihood_ratio(k1: int, n1: int, k0: int, n0: int) -> float:
    """G² = 2 Σ O ln(O/E) of the 2×2 table of k1 of n1 against k0 of n0.

    Dunning, Accurate Methods for the Statistics of Surprise and Coincidence, Computational Linguistics 19 (1993).

    >>> round(likelihood_ratio(9, 40, 1, 60), 2), round(likelihood_ratio(7, 20, 5, 25), 2)
    (12.19, 1.27)
    """
    total, hits = n1 + n0, k1 + k0
    cells = ((k1, n1, hits), (n1 - k1, n1, total - hits), (k0, n0, hits), (n0 - k0, n0, total - hits))
    return 2 * sum(seen * log(seen * total / (row * column)) for seen, row, column in cells if seen)


def new_words(now: Sequence[Iterable[str]], before: Sequence[Iterable[str]]) -> list[NewWord]:
    """Words in at least three texts now whose share rose beyond chance, the largest G² first.

    Each text is given as its words; a word counts once a text.
    """
    counts: dict[str, list[int]] = {}
    for side, texts in enumerate((now, before)):
        for words in texts:
            for word in set(words):
                counts.setdefault(word, [0, 0])[side] += 1
    n1, n0 = len(now), len(before)
    found = []
    for word, (k1, k0) in counts.items():
        if n0 and k1 >= FEWEST and k1 * n0 > k0 * n1:
            g2 = likelihood_ratio(k1, n1, k0, n0)
            if g2 >= NEW_FROM:
                found.append(NewWord(word, k1, n1, k0, n0, g2))
    return sorted(found, key=lambda one: (-one.g2, one.word))


def kappa(table: Sequence[Sequence[int]]) -> Fraction | None:
    """Cohen's κ of two coders; None without texts or when chance alone agrees always.

    >>> kappa([[22, 3], [5, 20]])
    Fraction(17, 25)
    """
    total = sum(map(sum, table))
    if not total:
        return None
    agreed = Fraction(sum(row[n] for n, row in enumerate(table)), total)
    columns = [sum(row[n] for row in table) for n in range(len(table))]
    chance = Fraction(
        sum(sum(row) * column for row, column in zip(table, columns, strict=True)), total * total
    )
    return (agreed - chance) / (1 - chance) if chance != 1 else None
