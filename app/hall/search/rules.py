"""Bigrams of names: how a text is folded, cut, and how many of its bigrams a name must share with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from app.hall.text.folding import fold

END = "$"
SOUND = "~"
LONGEST = 80


def plain(text: str) -> str:
    """
    >>> plain("Ａ 江-澜 "), plain("（虚构）x")
    ('a江澜', '虚构x')
    """
    return "".join(c for c in fold(text[: 2 * LONGEST]).text if c.isalnum())[:LONGEST]


@lru_cache(maxsize=20_000)
def _initial(character: str) -> str:
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.FIRST_LETTER, errors="ignore", strict=False)
    return found[0][0][:1] if found and found[0][0].isascii() else ""


def initials(text: str) -> str:
    """The first letters of a Chinese name as people type them; latin letters stay.

    >>> initials("江澜电芯"), initials("E01 江澜")
    ('jldx', 'e01jl')
    """
    return "".join(c if c.isascii() else _initial(c) for c in plain(text))


def bigrams(text: str, end: bool = False) -> list[str]:
    """
    >>> bigrams("江澜电"), bigrams("江"), bigrams("江澜", end=True)
    (['江澜', '澜电'], [], ['江澜', '澜$'])
    """
    whole = text + END if end else text
    return list(dict.fromkeys(whole[at : at + 2] for at in range(len(whole) - 1)))


def grams_of(*texts: str) -> list[str]:
    """What a name is found by: the bigrams of its texts and those of their initials."""
    found: dict[str, None] = {}
    for text in texts:
        found.update(dict.fromkeys(bigrams(plain(text), end=True)))
        found.update((SOUND + gram, None) for gram in bigrams(initials(text), end=True))
    return list(found)


def asked(text: str) -> list[list[str]]:
    """The ways to read what was typed, each as its bigrams: as it stands, and letters as initials.

    >>> asked("江澜"), asked("jl")
    ([['江澜']], [['jl'], ['~jl']])
    """
    typed = plain(text)
    ways = [bigrams(typed)]
    if typed.isascii() and typed.isalpha() and len(typed) > 1:
        ways.append([SOUND + gram for gram in bigrams(typed)])
    return [way for way in ways if way]


def misses(grams: Sequence[str]) -> int:
    """How many bigrams may be missing: one wrong character breaks two, which only a longer text can bear.

    >>> misses(["ab", "bc"]), misses(["ab", "bc", "cd"])
    (0, 2)
    """
    return 2 if len(grams) >= 3 else 0


def rarest(grams: Sequence[str], sizes: dict[str, int]) -> list[str]:
    """Enough bigrams that every fitting name holds one of them, the rarest there are.

    >>> rarest(["ab", "bc", "cd"], {"ab": 9, "cd": 1})
    ['bc', 'cd', 'ab']
    >>> rarest(["ab", "bc"], {"ab": 9, "bc": 1})
    ['bc']
    """
    return sorted(grams, key=lambda gram: (sizes.get(gram, 0), gram))[: misses(grams) + 1]
