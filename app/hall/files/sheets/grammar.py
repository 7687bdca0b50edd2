"""How people here write numbers: full width, thousands, 万 and 亿, a currency before or behind. Forms read them too."""

from __future__ import annotations

import re
from decimal import Decimal

from app.hall.files.cells import BadCell, shown
from app.hall.text.normalise import comparable

LARGEST = Decimal(10) ** 18
_TIMES = {
    "": 0,
    "十": 1,
    "百": 2,
    "千": 3,
    "万": 4,
    "萬": 4,
    "十万": 5,
    "百万": 6,
    "千万": 7,
    "亿": 8,
    "億": 8,
    "十亿": 9,
    "百亿": 10,
    "千亿": 11,
    "万亿": 12,
}
_MONEY = ("元", "圆", "块", "人民币", "元人民币", "rmb", "cny", "yuan")
_BEFORE = re.compile(r"^(人民币|rmb|cny|[¥￥])\s*")
_NUMBER = re.compile(
    r"(?P<sign>[+-])?(?P<digits>\d{1,3}(?:,\d{3})+|\d{1,40})?(?P<rest>\.\d{1,40})?(?P<power>e[+-]?\d{1,3})?"
    r"\s*(?P<times>[十百千]?[万萬亿億]?亿?)\s*(?P<unit>\D{0,20})"
)
# A long number as a spreadsheet shows it: what is not shown is gone.
_ROUNDED = re.compile(r"[+-]?\d(?:[.,]\d+)?e\+?(\d+)")
_SIGNS = str.maketrans({"−": "-", "–": "-", "﹣": "-", "，": ",", "。": ".", "．": "."})
EXACT_DIGITS = 15  # what a spreadsheet keeps of a number


def plain(text: str) -> str:
    """Text as numbers and days are read from it: half width, small letters, no blanks at the ends.

    >>> plain(" １，２００．５０ 万元 ")
    '1,200.50 万元'
    """
    return comparable(text).translate(_SIGNS).strip()


def is_rounded(text: str) -> bool:
    """Whether a text is a long number that a spreadsheet has rounded.

    >>> is_rounded("9.13205E+17"), is_rounded("1e3"), is_rounded("913205000000000000")
    (True, False, False)
    """
    found = _ROUNDED.fullmatch(plain(text))
    return found is not None and int(found[1]) >= 10


def unit_factor(unit: str) -> tuple[int, str]:
    """A unit as the power of ten in it and what it counts.

    >>> unit_factor("万元"), unit_factor("亿"), unit_factor("台"), unit_factor("")
    ((4, '元'), (8, ''), (0, '台'), (0, ''))
    """
    word = plain(unit)
    for times in sorted(_TIMES, key=len, reverse=True):
        if times and word.startswith(times):
            rest = word[len(times) :]
            return _TIMES[times], "元" if rest in _MONEY else rest
    return 0, "元" if word in _MONEY else word


def read_number(text: str, unit: str = "") -> Decimal:
    """A finite number, counted in `unit`.

    Parameters
    ----------
    text : str
        `1,200`, `１２００`, `530万人民币`, `¥12.5`, `0.3亿元`, `1e3`; the unit behind it may be the column's or left out.
    unit : str
        What the column counts: `万元`, `元`, `台`, `%`, or nothing. A number that brings its own 万 or 亿, or is said
        in plain 元, is turned into it; any other unit is refused.

    >>> read_number("530万人民币", "万元"), read_number("5,300,000元", "万元"), read_number("0.53亿", "元")
    (Decimal('530'), Decimal('530'), Decimal('53000000'))
    >>> read_number("约五百", "万元")
    Traceback (most recent call last):
    ...
    app.hall.files.cells.BadCell: sheet_not_a_number
    """
    word = _BEFORE.sub("", plain(text))
    money = len(word) < len(plain(text))
    found = _NUMBER.fullmatch(word) if len(word) <= 100 else None
    if found is None or not (found["digits"] or found["rest"]):
        raise BadCell("sheet_not_a_number", value=shown(text))
    own, counted = unit_factor(found["times"] + found["unit"])
    wanted, of = unit_factor(unit)
    if found["unit"] and counted != of:
        raise BadCell("sheet_other_unit", value=shown(text), unit=unit or "–")
    digits = (found["digits"] or "0").replace(",", "") + (found["rest"] or "") + (found["power"] or "")
    number = Decimal((found["sign"] or "") + digits)
    if number and not -40 < number.adjusted() < 40:
        raise BadCell("sheet_huge_number", value=shown(text))
    if found["times"] or found["unit"] or money:
        number = number.scaleb(own - wanted)
    if abs(number) > LARGEST:
        raise BadCell("sheet_huge_number", value=shown(text))
    return plain_decimal(number)


def plain_decimal(number: Decimal) -> Decimal:
    """The same number without exponent and without noughts behind the point.

    >>> plain_decimal(Decimal("5.30E+2")), plain_decimal(Decimal("-0"))
    (Decimal('530'), Decimal('0'))
    """
    if not number:
        return Decimal(0)
    number = number.normalize()
    exponent = number.as_tuple().exponent
    return number.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else number


def of_float(value: float) -> Decimal:
    """The number a spreadsheet means: fifteen digits, 0.1 and not 0.1000000000000000055.

    >>> of_float(0.1), of_float(1200.0), of_float(0.1 + 0.2)
    (Decimal('0.1'), Decimal('1200'), Decimal('0.3'))
    """
    if value != value or value in (float("inf"), float("-inf")) or abs(value) > LARGEST:
        raise BadCell("sheet_huge_number", value=repr(value))
    return plain_decimal(Decimal(f"{value:.{EXACT_DIGITS}g}"))
