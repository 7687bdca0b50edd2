"""Falls twice with its life, chance, pairs, themes and the warning before a fall: by hand and by definition."""

from __future__ import annotations

import statistics
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.insight.alerts.rules import (
    Mention,
    alerts_of,
    fell_twice,
    is_weak,
    leading_of,
    leading_state,
    mentions_by_month,
    next_state,
)
from app.insight.scores.rules import Dimension, Response, Series, series_of, shown

FINANCE = Dimension("finance", 1000, Fraction(75), Fraction(60))


def f(value: str | int | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def one_series(*months: list[str] | str | None, versions: str = "") -> Series:
    """A month is a list of scores, one score of five firms, or nothing."""
    rows = []
    for month, scores in enumerate(months, start=100):
        many = [] if scores is None else [scores] * 5 if isinstance(scores, str) else scores
        version = versions[month - 100] if versions else ""
        rows += [Response(month, f"E{n}", "new", "finance", Fraction(s), version) for n, s in enumerate(many)]
    return series_of(rows, [FINANCE])[0]


def states(*months: list[str] | str | None) -> list[str]:
    return [row.state for row in alerts_of(one_series(*months), {})]


@pytest.mark.parametrize(
    ("scores", "state"),
    [
        ((80, 80, 74), "pending"),
        ((80, None, 68), "unknown"),
        ((None, 74, 68), "unknown"),
        ((None, 74, 75), "ok"),
        ((80, 74, 68), "firing"),
        ((70, 74, 68), "pending"),
        ((80, 74, None), "unknown"),
    ],
)
def test_states(scores: tuple[int | None, ...], state: str) -> None:
    a, b, c = (f(score) for score in scores)
    assert fell_twice(a, b, c) == state


def test_what_is_shown_equal_is_equal() -> None:
    """80.04, 80.01 and 79.95 are all shown as 80.0."""
    assert states("80.04", "80.01", "79.95") == ["ok"]
    assert states("80.05", "80.01", "79.94") == ["firing"]


def test_life_of_an_alert() -> None:
    assert states("80", "74", "68", "70", None, "66", "80") == [
        "firing",
        "recovering",
        "stale",
        "firing",
        "resolved",
    ]


def test_level_stands_until_it_is_reached_again_then_all_starts_anew() -> None:
    rows = alerts_of(one_series("80", "74", "68", "79.9", "80", "79", "78"), {})
    assert [row.state for row in rows] == ["firing", "recovering", "resolved", "pending", "firing"]
    assert [row.level for row in rows] == [80, 80, 80, None, 80]


def test_reasons_name_every_month_in_order() -> None:
    few = ["50"] * 4
    rows = alerts_of(one_series("80", None, few), {})
    assert rows[0].reasons == ((102, "few"), (101, "missing"))
    other = alerts_of(one_series("80", "74", "68", versions="112"), {})
    assert (other[0].state, other[0].reasons) == ("unknown", ((101, "version"), (100, "version")))
    assert (other[0].points, other[0].paired, other[0].weak) == (None, None, None)


def test_sizes_round_away_from_zero() -> None:
    row = alerts_of(one_series("80", "74", "68"), {})[0]
    assert (row.points, row.relative_percent) == (-12, -15)
    assert (row.last_points, row.last_relative_percent) == (-6, Fraction("-8.1"))
    assert row.paired is not None
    assert (row.paired.n, row.paired.mean_change, row.paired.same_direction) == (5, -6, True)
    from_zero = alerts_of(one_series("0", "0", "5"), {})[0]
    assert (from_zero.points, from_zero.relative_percent) == (5, None)


def test_pairs_may_say_the_opposite() -> None:
    """Five firms went up; the three that left had been the happiest."""
    row = alerts_of(one_series(["50"], ["60"] * 5 + ["100"] * 3, ["61"] * 5), {})[0]
    assert row.paired is not None
    assert (row.last_points, row.paired.mean_change, row.paired.same_direction) == (-14, 1, False)


@given(st.lists(st.integers(-1000, 1000), max_size=12))
def test_weak_by_definition(tenths: list[int]) -> None:
    changes = [Fraction(t, 10) for t in tenths]
    if len(changes) < 5:
        assert is_weak(changes) is None
        return
    n, mean = len(changes), statistics.mean(changes)
    variance = sum((x - mean) ** 2 for x in changes) / (n - 1)
    # d > −2 s/√n, without a root: for d ≥ 0 unless both are 0, else d²·n < 4 s²
    expected = mean > 0 or mean * mean * n < 4 * variance
    assert is_weak(changes) is expected


@given(st.lists(st.one_of(st.none(), st.integers(0, 30)), min_size=1, max_size=12))
def test_an_open_alert_ends_only_at_its_level(scores: list[int | None]) -> None:
    level = None
    history: list[int | None] = [None, None]
    for score in scores:
        history.append(score)
        a, b, c = (f(one) for one in history[-3:])
        state, after = next_state(level, a, b, c)
        if level is not None:
            assert state in {"stale", "resolved", "firing", "recovering"}
            assert (after is None) == (c is not None and c >= level)
        level = after


def test_themes_count_firms_once() -> None:
    said = [Mention(102, f"E{n % 3}", "finance", "no_reply") for n in range(6)]
    said += [Mention(102, "E9", "finance", "b"), Mention(102, "E8", "finance", "a")]
    row = alerts_of(one_series("80", "80", "80"), mentions_by_month(said))[0]
    assert row.themes == (("no_reply", 3, 5), ("a", 1, 5), ("b", 1, 5))


@pytest.mark.parametrize(
    ("scores", "before", "now", "state"),
    [
        ((83, 80), (5, 25), (7, 20), "warning"),
        (("82.9", 80), (5, 25), (7, 20), "ok"),
        ((80, 74), (5, 25), (7, 20), "ok"),
        ((83, 80), (5, 25), (6, 20), "warning"),
        ((83, 80), (5, 25), (5, 20), "ok"),
        ((83, 80), (5, 25), (1, 4), "unknown"),
        ((83, 80), None, (7, 20), "unknown"),
        ((None, 80), (5, 25), (7, 20), "unknown"),
    ],
)
def test_leading(
    scores: tuple[int | str | None, int], before: tuple[int, int] | None, now: tuple[int, int], state: str
) -> None:
    assert leading_state(Fraction(75), (f(scores[0]), f(scores[1])), before, now) == state


def test_share_before_is_the_last_of_three_months_with_five_firms() -> None:
    said = [Mention(100, f"E{n}", "finance", "x" if n < 2 else "y") for n in range(5)]
    said += [Mention(102, f"E{n}", "finance", "x") for n in range(4)]
    said += [Mention(103, f"E{n}", "finance", "x") for n in range(6)]
    rows = list(
        leading_of(one_series("80", "80", "83", "80", "80", "80", "80"), FINANCE, mentions_by_month(said))
    )
    found = {(row.month, row.theme): row for row in rows}
    assert found[103, "x"].share_before == (2, 5)
    assert found[103, "x"].state == "warning"
    assert found[103, "y"].share == (0, 6)
    assert (104, "y") not in found and (106, "x") in found
    assert found[104, "x"].share_before == (6, 6)
    assert shown(Fraction("0.25")) == Fraction("0.3")
