"""The rules of insight at size: `python -m benchmarks.insight.rules` prints CPU seconds with the load beside them."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from fractions import Fraction

from app.insight.alerts.rules import alerts_of, leading_of
from app.insight.forecast.rules import forecast
from app.insight.scores.rules import Dimension, Series, Sum
from app.insight.themes.patterns import read_pattern
from app.insight.themes.rules import Reader, Theme

DIMENSIONS, GROUPS, MONTHS = 8, 20, 60
SENTENCES, THEMES = 100_000, 60
FORECASTS = 160
WORDS = [
    "食堂",
    "停车",
    "充电桩",
    "利率",
    "贷款",
    "回音",
    "审批",
    "窗口",
    "材料",
    "人才",
    "公寓",
    "招聘",
    "班车",
    "限行",
    "物流",
    "设备",
    "预约",
    "实验室",
    "活动",
    "讲座",
    "政策",
    "补贴",
    "申报",
    "系统",
    "网络",
]


def _measured(what: str, work: Callable[[], int]) -> None:
    begun = time.process_time()
    number = work()
    print(f"load {os.getloadavg()[0]:.1f}; {what}: {number:,} in {time.process_time() - begun:.2f} CPU s")


def alerts() -> int:
    """Every series of every group over sixty months, and the leading warnings of each dimension."""
    chance, found = random.Random(1), 0
    for d in range(DIMENSIONS):
        dimension = Dimension(f"d{d}", 125, Fraction(75), Fraction(60))
        mentions = {
            (dimension.code, month): {
                f"t{n}": {str(chance.randrange(40)) for _one in range(chance.randrange(12))} for n in range(5)
            }
            for month in range(24000, 24000 + MONTHS)
        }
        for group in range(GROUPS):
            months = tuple(
                Sum({}, "1", 20, Fraction(20 * chance.randrange(600, 900), 10)) for _month in range(MONTHS)
            )
            series = Series(dimension.code, f"g{group}", 24000, months)
            found += sum(1 for _one in alerts_of(series, mentions, ()))
        whole = Series(dimension.code, None, 24000, months)
        found += sum(1 for _one in leading_of(whole, dimension, mentions))
    return found


def themes(words: list[str]) -> int:
    """A hundred thousand sentences of eight of these words, by sixty themes of three patterns over them."""
    chance = random.Random(2)
    book = tuple(
        Theme(
            f"t{n}",
            "policy",
            tuple(
                read_pattern(one)
                for one in (
                    f"{chance.choice(words)}.{{0,4}}(慢|难|贵|少)",
                    f"没(有)?{chance.choice(words)}",
                    chance.choice(words) + chance.choice(words),
                )
            ),
        )
        for n in range(THEMES)
    )
    texts = ["".join(chance.choice(words) for _word in range(8)) + "有点慢。" for _text in range(SENTENCES)]
    reader = Reader(book)
    begun = time.process_time()
    found = sum(len(reader.marks(text)) for text in texts)
    print(f"  of that matching {time.process_time() - begun:.2f} CPU s, {found:,} mentions")
    return len(texts)


def forecasts() -> int:
    """A hundred and sixty series of sixty months, each with its back-tests."""
    chance = random.Random(3)
    for _series in range(FORECASTS):
        values = [Fraction(chance.randrange(500, 950), 10) for _month in range(MONTHS)]
        forecast(values, Fraction(75))
    return FORECASTS


def main() -> None:
    _measured(f"alerts of {DIMENSIONS} × {GROUPS} × {MONTHS}", alerts)
    many = [f"{chr(0x4E00 + n)}{chr(0x5E00 + n)}" for n in range(400)]
    _measured(f"sentences × {THEMES} themes, of 400 words", lambda: themes(many))
    _measured(f"sentences × {THEMES} themes, of {len(WORDS)} words", lambda: themes(WORDS))
    _measured("forecasts of 60 months with back-tests", forecasts)


if __name__ == "__main__":
    main()
