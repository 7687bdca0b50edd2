"""Numbers that an office hands out: unified social credit codes and Chinese patent numbers, with their check digits."""

from __future__ import annotations

import re

from app.hall.text.normalise import comparable
from app.hall.text.numbers import whole

_CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
# GB/T 2260: the first two digits of an administrative division, and 10 for what the centre registers itself.
_AREAS = frozenset(
    [
        "10",
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
    ]
)
CREDIT_CODE_LENGTH = 18
_PATENT = re.compile(r"(?:\d{2}[12389]\d{5}|(?:19|20)\d{2}[12389]\d{7})[0-9X]")


def _plain(text: str) -> str:
    """Full width folded, letters large, nothing left that is no letter and no digit."""
    folded = comparable(text).upper()
    return "".join(one for one in folded if one.isalnum())


def credit_code(text: str) -> str:
    """A unified social credit code as it is stored: full width, blanks and dashes do not matter.

    >>> credit_code(" ９１３５ 0100-M000 100Y43 ")
    '91350100M000100Y43'
    """
    return _plain(text)


def check_letter(first_seventeen: str) -> str:
    """The eighteenth letter of a unified social credit code (GB 32100-2015, modulus 31).

    >>> check_letter("91350100M000100Y4")
    '3'
    """
    total = sum(
        _CODE_LETTERS.index(letter) * weight
        for letter, weight in zip(first_seventeen, _CODE_WEIGHTS, strict=True)
    )
    return _CODE_LETTERS[-total % 31]


def credit_code_faults(text: str) -> tuple[str, ...]:
    """Why this is no unified social credit code, all reasons at once; empty when it is one.

    `credit_code_length`, `credit_code_letters` stand alone; else `credit_code_area`, `credit_code_check`.

    >>> credit_code_faults("91350100M000100Y43"), credit_code_faults("91350100M000100Y44")
    ((), ('credit_code_check',))
    >>> credit_code_faults("91990100M000100Y4I"), credit_code_faults("9135")
    (('credit_code_letters',), ('credit_code_length',))
    """
    code = credit_code(text)
    if len(code) != CREDIT_CODE_LENGTH:
        return ("credit_code_length",)
    if not set(code) <= set(_CODE_LETTERS) or whole(code[2:8]) is None:
        return ("credit_code_letters",)
    found = []
    if code[2:4] not in _AREAS:
        found.append("credit_code_area")
    if code[17] != check_letter(code[:17]):
        found.append("credit_code_check")
    return tuple(found)


def patent_number(text: str) -> str:
    """A Chinese patent number without ZL or CN, blanks and dots.

    >>> patent_number(" ＺＬ 2026 1 0123456.X "), patent_number("cn 85 1 00001")
    ('202610123456X', '85100001')
    """
    return re.sub(r"^(?:ZL|CN|申请号|专利号|公开号)+(?=\d)", "", _plain(text))


def patent_check_letter(number: str) -> str:
    """The check letter behind the point: weights 2 to 9 and again from 2, modulus 11 (ZC 0006-2003).

    >>> patent_check_letter("202610123456"), patent_check_letter("85100001")
    ('X', '0')
    """
    return "0123456789X"[sum(int(one) * (2 + at % 8) for at, one in enumerate(number)) % 11]


def patent_number_fits(text: str) -> bool | None:
    """Whether the check letter is right; None for what is no Chinese patent number with one.

    >>> patent_number_fits("ZL202610123456.X"), patent_number_fits("ZL202610123456.7"), patent_number_fits("US 7,1")
    (True, False, None)
    """
    number = patent_number(text)
    if not _PATENT.fullmatch(number):
        return None
    return number[-1] == patent_check_letter(number[:-1])
