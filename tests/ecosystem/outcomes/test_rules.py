"""Outcomes are added like with like: money in 万元, everything else in its own unit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.ecosystem.outcomes.rules import Gain, by_metric, by_unit, milli
from app.hall.errors import Invalid


def test_money_is_one_unit_however_it_is_written() -> None:
    """2 亿元 + 30 万元 + 5,000 元 = 20,030.5 万元."""
    gains = [
        Gain(1, "订单", "亿元", 2_000),
        Gain(2, "订单", " 万元 ", 30_000),
        Gain(3, "节约", "RMB", 5_000_000),
        Gain(4, "工时", "小时", -66_000),
    ]
    assert by_unit(gains) == {"万元": 20_030.5, "小时": -66.0}
    assert by_metric(gains) == {("工时", "小时"): -66.0, ("节约", "万元"): 0.5, ("订单", "万元"): 20_030.0}


def test_units_that_differ_in_case_are_different() -> None:
    assert by_unit([Gain(1, "功率", "mW", 1_000), Gain(2, "功率", "MW", 1_000)]) == {"MW": 1.0, "mW": 1.0}


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0.0004", 0), ("0.0005", 1), ("-0.0005", -1), (Decimal(10) ** 12, 10**15), (1.7, 1700)],
)
def test_thousandths_half_up(value: float | Decimal | str, expected: int) -> None:
    assert milli(value) == expected


@pytest.mark.parametrize("value", ["NaN", "Infinity", Decimal(10) ** 12 + 1, -(Decimal(10) ** 12) - 1])
def test_what_is_no_amount_of_this_park(value: Decimal | str) -> None:
    with pytest.raises(Invalid):
        milli(value)
