"""Alerts that know unknown: what fell twice, how long it lasts, how sure it is, and what comes before a fall."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from app.insight.scores.rules import FEW, Dimension, Month, Series, shown

DROP = 3  # points of a month, for a leading warning
RISE = Fraction(1, 10)  # of a theme's share
BACK = 3  # months within which a theme was mentioned


@dataclass(frozen=True, slots=True)
class Mention:
    """One firm named one theme in one month."""

    month: int
    enterprise: str
    dimension: str
    theme: str


@dataclass(frozen=True, slots=True)
class Paired:
    """Firms that answered in both months, their mean change, and whether it goes the way of the series."""

    n: int
    mean_change: Fraction
    same_direction: bool


@dataclass(frozen=True, slots=True)
class Alert:
    """One month of one series. Points and per cent from two months ago, and from the month before."""

    dimension: str
    layer: str | None
    month: int
    state: str
    reasons: tuple[tuple[int, str], ...]
    level: Fraction | None
    points: Fraction | None
    relative_percent: Fraction | None
    last_points: Fraction | None
    last_relative_percent: Fraction | None
    paired: Paired | None
    weak: bool | None
    themes: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Leading:
    """A level still fine with a theme that grows: (firms, of) before and now."""

    dimension: str
    theme: str
    month: int
    state: str
    score_before: Fraction | None
    score: Fraction | None
    share_before: tuple[int, int] | None
    share: tuple[int, int]
    month_before: int | None = None  # that the earlier share is of


def fell_twice(a: Fraction | None, b: Fraction | None, c: Fraction | None) -> str:
    """State of a month from the shown scores of m−2, m−1, m; None where a month is not available.

    >>> fell_twice(Fraction(80), Fraction(74), Fraction(68)), fell_twice(None, Fraction(74), Fraction(75))
    ('firing', 'ok')
    """
    if b is None or c is None:
        return "unknown"
    if c >= b:
        return "ok"
    if a is None:
        return "unknown"
    return "firing" if b < a else "pending"


def next_state(
    level: Fraction | None, a: Fraction | None, b: Fraction | None, c: Fraction | None
) -> tuple[str, Fraction | None]:
    """State of a month and the level that is open after it, given the level open before it.

    >>> next_state(Fraction(80), None, None, Fraction(66))
    ('firing', Fraction(80, 1))
    """
    if level is None:
        state = fell_twice(a, b, c)
        return state, a if state == "firing" else None
    if c is None:
        return "stale", level
    if c >= level:
        return "resolved", None
    return "firing" if b is None or c < b else "recovering", level


def alerts_of(
    series: Series,
    mentions: Mapping[tuple[str, int], Mapping[str, set[str]]],
    ended: Collection[int] = (),
) -> list[Alert]:
    """One row per month, from the third month of the data on; the life of an alert begins with the first.

    In the months of `ended` a person ended what was open then: the month after starts anew.
    """
    found = []
    scores = {month: one.shown for month, one in enumerate(series.months, start=series.first)}
    level: Fraction | None = None
    for month in range(series.first, series.first + len(series.months)):
        now = series.at(month)
        version = now.version if now.n else None
        reasons = [(m, series.not_comparable(m, version)) for m in (month, month - 1, month - 2)]
        c, b, a = (None if why else scores[m] for m, why in reasons)
        state, after = next_state(level, a, b, c)
        if month >= series.first + 2:
            told = tuple((m, why) for m, why in reasons if why)
            stands = level if state == "resolved" else after
            themes = _themes(mentions.get((series.dimension, month), {}))
            found.append(_alert(series, month, state, told, stands, (a, b, c), themes))
        level = None if month in ended else after
    return found


def _alert(
    series: Series,
    month: int,
    state: str,
    told: tuple[tuple[int, str], ...],
    level: Fraction | None,
    scores: tuple[Fraction | None, Fraction | None, Fraction | None],
    themes: tuple[tuple[str, int, int], ...],
) -> Alert:
    a, b, c = scores
    points, relative = _size(a, c)
    last_points, last_relative = _size(b, c)
    paired, weak = sureness((series.at(month - 2), series.at(month - 1), series.at(month)), scores)
    return Alert(
        series.dimension,
        series.layer,
        month,
        state,
        told,
        level,
        points,
        relative,
        last_points,
        last_relative,
        paired,
        weak,
        themes,
    )


def sureness(
    months: tuple[Month, Month, Month], scores: tuple[Fraction | None, Fraction | None, Fraction | None]
) -> tuple[Paired | None, bool | None]:
    """Whether the firms that answered both times say the same, and whether chance could have done it.

    Parameters
    ----------
    months : the months m−2, m−1, m with the scores of their firms
    scores : their shown scores; None where a month is not available or cannot be compared
    """
    a, b, c = scores
    paired = None
    changes, part = ([], 1) if b is None or c is None else _changes(months[1], months[2])
    if len(changes) >= FEW and b is not None and c is not None:
        mean = Fraction(sum(changes), part * len(changes))
        paired = Paired(len(changes), mean, _sign(mean) == _sign(c - b))
    return paired, None if a is None or c is None else is_weak(_changes(months[0], months[2])[0])


def _size(start: Fraction | None, end: Fraction | None) -> tuple[Fraction | None, Fraction | None]:
    if start is None or end is None:
        return None, None
    return end - start, shown((end - start) / start * 100) if start else None


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


def _changes(before: Month, now: Month) -> tuple[list[int], int]:
    """Changes of the firms that answered in both months, as whole numbers of one part: exact, and quick."""
    both = [(before.scores[firm], score) for firm, score in now.scores.items() if firm in before.scores]
    part = lcm(*(score.denominator for pair in both for score in pair), 1)
    return [_whole(new, part) - _whole(old, part) for old, new in both], part


def _whole(value: Fraction, part: int) -> int:
    return value.numerator * (part // value.denominator)


def is_weak(changes: Sequence[Fraction | int]) -> bool | None:
    """Whether the mean change d is above −2 · s / √n (s with n − 1); None below five firms. Exact, without a root.

    >>> is_weak([Fraction(-12)] * 5), is_weak([Fraction(x) for x in (-9, 9, -9, 9, -1)]), is_weak([])
    (False, True, None)
    """
    n = len(changes)
    if n < FEW:
        return None
    total = sum(changes)
    if total > 0:
        return True
    # −d < 2·s/√n  ⇔  d²·n < 4·s², with d = Σx / n and s² = (n·Σx² − (Σx)²) / (n·(n − 1)); no unit matters
    return total * total * (n - 1) < 4 * (n * sum(x * x for x in changes) - total * total)


def mentions_by_month(mentions: Iterable[Mention]) -> dict[tuple[str, int], dict[str, set[str]]]:
    """(dimension, month) to theme to the firms that named it."""
    found: dict[tuple[str, int], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in mentions:
        found[one.dimension, one.month][one.theme].add(one.enterprise)
    return {key: dict(themes) for key, themes in found.items()}


def _themes(themes: Mapping[str, set[str]]) -> tuple[tuple[str, int, int], ...]:
    of = len(set().union(*themes.values())) if themes else 0
    rows = [(theme, len(firms), of) for theme, firms in themes.items()]
    return tuple(sorted(rows, key=lambda row: (-row[1], row[0])))


def leading_state(
    target: Fraction,
    scores: tuple[Fraction | None, Fraction | None],
    share_before: tuple[int, int] | None,
    share: tuple[int, int],
) -> str:
    """`warning`, `ok` or `unknown` from the shown scores of m−1 and m and the shares of a theme.

    >>> leading_state(Fraction(75), (Fraction(83), Fraction(80)), (5, 25), (7, 20))
    'warning'
    """
    b, c = scores
    if b is None or c is None or share_before is None or share[1] < FEW:
        return "unknown"
    rise = Fraction(*share) - Fraction(*share_before)
    return "warning" if c >= target and b - c >= DROP and rise >= RISE else "ok"


def leading_of(
    series: Series, dimension: Dimension, mentions: Mapping[tuple[str, int], Mapping[str, set[str]]]
) -> Iterator[Leading]:
    """One row per month and theme that was mentioned then or within the three months before (all layers)."""
    for month in range(series.first, series.first + len(series.months)):
        near = [mentions.get((dimension.code, month - back), {}) for back in range(BACK + 1)]
        version = series.at(month).version if series.at(month).n else None
        c = series.at(month).shown
        b = None if series.not_comparable(month - 1, version) else series.at(month - 1).shown
        totals = [len(set().union(*themes.values())) if themes else 0 for themes in near]
        for theme in sorted(set().union(*near)):
            shares = [(len(themes.get(theme, ())), of) for themes, of in zip(near, totals, strict=True)]
            back = next((back for back in range(1, BACK + 1) if shares[back][1] >= FEW), None)
            before = None if back is None else shares[back]
            state = leading_state(dimension.target, (b, c), before, shares[0])
            when = None if back is None else month - back
            yield Leading(dimension.code, theme, month, state, b, c, before, shares[0], when)
