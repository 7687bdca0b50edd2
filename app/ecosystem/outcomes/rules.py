"""Adds up confirmed outcomes: only like with like, money in one unit."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from app.ecosystem.limits import LARGEST_OUTCOME
from app.hall.errors import Invalid

MONEY = "万元"
#: How money may be written, and how many 万元 one of it is.
_MONEY = {
    "元": Fraction(1, 10_000),
    "人民币": Fraction(1, 10_000),
    "人民币元": Fraction(1, 10_000),
    "yuan": Fraction(1, 10_000),
    "cny": Fraction(1, 10_000),
    "rmb": Fraction(1, 10_000),
    "¥": Fraction(1, 10_000),
    "¥ million": Fraction(100),
    "cny million": Fraction(100),
    "million cny": Fraction(100),
    "million yuan": Fraction(100),
    "千元": Fraction(1, 10),
    "万元": Fraction(1),
    "万": Fraction(1),
    "万人民币": Fraction(1),
    "万元人民币": Fraction(1),
    "百万元": Fraction(100),
    "千万元": Fraction(1000),
    "亿元": Fraction(10_000),
    "亿": Fraction(10_000),
}


def like(unit: str) -> tuple[str, Fraction]:
    """Return the unit by which an amount is added up, and the factor that takes it there.

    Only width and spaces are folded: a mW is no MW.

    >>> like("元"), like("ＲＭＢ"), like(" 亿元")
    (('万元', Fraction(1, 10000)), ('万元', Fraction(1, 10000)), ('万元', Fraction(10000, 1)))
    >>> like("小时"), like("ＭＷ"), like("mW")
    (('小时', Fraction(1, 1)), ('MW', Fraction(1, 1)), ('mW', Fraction(1, 1)))
    """
    written = unicodedata.normalize("NFKC", unit).strip()
    if (money := _MONEY.get(written.casefold())) is not None:
        return MONEY, money
    return written, Fraction(1)


@dataclass(frozen=True)
class Gain:
    """What one confirmed outcome changed, in thousandths of its unit as it was written down."""

    id: int
    metric: str
    unit: str
    change_milli: int

    @property
    def amount(self) -> Fraction:
        """How much it adds to the sum of its unit."""
        return self.change_milli * like(self.unit)[1] / 1000


def by_unit(gains: Iterable[Gain]) -> dict[str, float]:
    """Return the sum per unit, money first, then by unit.

    >>> rows = [Gain(1, "新增订单", "万元", 80_000), Gain(2, "节约", "元", 12_500_000), Gain(3, "到货", "小时", -66_000)]
    >>> by_unit(rows)
    {'万元': 81.25, '小时': -66.0}
    """
    sums: dict[str, Fraction] = {}
    for gain in gains:
        unit = like(gain.unit)[0]
        sums[unit] = sums.get(unit, Fraction(0)) + gain.amount
    return {unit: float(sums[unit]) for unit in sorted(sums, key=lambda u: (u != MONEY, u))}


def by_metric(gains: Iterable[Gain]) -> dict[tuple[str, str], float]:
    """Return the sum per metric and unit, in their order.

    >>> by_metric([Gain(1, "订单", "万元", 1_000), Gain(2, "订单", "元", 5_000_000), Gain(3, "工时", "小时", 2_000)])
    {('工时', '小时'): 2.0, ('订单', '万元'): 1.5}
    """
    sums: dict[tuple[str, str], Fraction] = {}
    for gain in gains:
        key = gain.metric, like(gain.unit)[0]
        sums[key] = sums.get(key, Fraction(0)) + gain.amount
    return {key: float(sums[key]) for key in sorted(sums)}


def milli(value: float | Decimal | str) -> int:
    """Return thousandths of a number, half up.

    >>> milli(80), milli("0.0005"), milli(-1.5)
    (80000, 1, -1500)
    """
    number = Decimal(str(value))
    if not number.is_finite() or abs(number) > LARGEST_OUTCOME:
        raise Invalid("outcome_number_too_large")
    return int((number * 1000).to_integral_value(ROUND_HALF_UP))


Totals = dict[tuple[str, str], float]


@dataclass(frozen=True)
class Result:
    """What somebody says came of an introduction: a figure before and after, its unit and period."""

    metric: str
    baseline: float | Decimal
    actual: float | Decimal
    unit: str
    period: str
