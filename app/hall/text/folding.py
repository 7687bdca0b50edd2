"""A text as an attacker's reader sees it: every spelling of a letter or digit folded, each with its place in the text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Letters of other alphabets that look like Latin ones; only those whose shape is the same in every font.
_ALIKE = str.maketrans("асеорхуіјѕһԁкмтвнαορνικτυ", "aceopxyijshdkmtbhaopviktu")
_CHINESE_DIGITS = {
    digit: str(value)
    for value, digits in enumerate(
        ("〇零○", "一壹弌幺", "二贰貳兩两", "三叁參叄", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
    )
    for digit in digits
}
_FILLERS = "\u115f\u1160"  # letters by category, drawn as nothing
MASKED = "▇"


@dataclass(frozen=True, slots=True)
class Folded:
    """The folded characters and, for each, where in the text it came from."""

    text: str
    places: tuple[int, ...]


@lru_cache(maxsize=16_384)
def fold_character(character: str) -> str:
    """One character as it is compared: no accent, no width, no invisible mark, lower case; often the same, or nothing.

    >>> [fold_character(c) for c in "Ａé①\\u200b江"]
    ['a', 'e', '1', '', '江']
    """
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(int(digit))
    parts = unicodedata.normalize("NFKD", character).casefold()
    kept = "".join(
        c for c in parts if unicodedata.category(c) not in ("Mn", "Me", "Cf") and c not in _FILLERS
    )
    return kept.translate(_ALIKE)


def fold(text: str) -> Folded:
    """The folded text; linear in its length.

    >>> fold("Ｖ\\u200bⅩ").text, fold("a①").places
    ('vx', (0, 1))
    """
    if text.isascii():
        return Folded(text.lower(), tuple(range(len(text))))
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        folded = fold_character(character)
        letters.append(folded)
        places.extend([place] * len(folded))
    return Folded("".join(letters), tuple(places))


def digit_of(character: str) -> str:
    """The digit that a folded character stands for, empty for any other.

    >>> digit_of("7"), digit_of("柒"), digit_of("x")
    ('7', '7', '')
    """
    if character in "0123456789":
        return character
    return _CHINESE_DIGITS.get(character, "")
