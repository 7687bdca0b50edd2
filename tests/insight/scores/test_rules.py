"""Series, versions, index, parts and outliers: the contract's numbers and others by hand."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.insight.scores.rules import (
    Dimension,
    Month,
    Response,
    Series,
    index_of,
    outliers,
    rounded,
    series_of,
    tone,
    within_and_mix,
)

WIDER = Path(__file__).parents[2] / "data" / "wider"
A = Dimension("a", 1000, Fraction(75), Fraction(60))


def months(rows: Sequence[Response]) -> dict[str | None, Series]:
    return {one.layer: one for one in series_of(rows, [A])}


def test_several_rows_of_a_firm_are_averaged_first() -> None:
    rows = [Response(7, "E1", "new", "a", Fraction(s)) for s in (0, 100)]
    rows += [Response(7, f"E{n}", "new", "a", Fraction(50)) for n in range(2, 6)]
    month = months(rows)[None].at(7)
    assert (month.n, month.shown) == (5, 50)


def test_four_firms_are_few_and_no_row_is_missing() -> None:
    rows = [Response(m, f"E{n}", "new", "a", Fraction(50)) for m in (7, 9) for n in range(4)]
    series = months(rows)[None]
    assert [(m.n, m.shown, m.reason) for m in series.months] == [
        (4, None, "few"),
        (0, None, "missing"),
        (4, None, "few"),
    ]


def test_a_month_has_the_version_of_most_firms_and_of_equal_ones_the_later() -> None:
    rows = [Response(7, f"E{n}", "new", "a", Fraction(10), "1") for n in range(5)]
    rows += [Response(7, f"F{n}", "new", "a", Fraction(90), "2") for n in range(5)]
    assert (months(rows)[None].at(7).version, months(rows)[None].at(7).shown) == ("2", 90)
    rows.append(Response(7, "G", "new", "a", Fraction(10), "1"))
    assert (months(rows)[None].at(7).version, months(rows)[None].at(7).n) == ("1", 6)


def test_index_of_the_contract() -> None:
    with (WIDER / "dimensions.csv").open(encoding="utf-8", newline="") as file:
        dimensions = [
            Dimension(
                r["dimension"], int(r["weight_permille"]), Fraction(r["target"]), Fraction(r["red_below"])
            )
            for r in csv.DictReader(file)
        ]
    scores: dict[int, dict[str, Fraction]] = {1: {}, 2: {}}
    with (WIDER / "index.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            scores[1 if row["period"].endswith("Q2") else 2][row["dimension"]] = Fraction(row["score"])
    before, after = index_of(scores, dimensions, [2])
    assert (before.index, after.index) == (Fraction("72.50"), Fraction("83.05"))
    assert before.contributions is None
    assert after.contributions is not None
    assert {code: float(points) for code, points in after.contributions.items()} == {
        "policy": 4.0,
        "infrastructure": 0.2,
        "chain": 1.0,
        "talent": 0.75,
        "finance": 0.5,
        "activity": 1.7,
        "approval": 0.1,
        "living": 2.3,
    }
    assert sum(after.contributions.values()) == Fraction("10.55")
    partial = {m: {k: v for k, v in s.items() if k != "activity"} for m, s in scores.items()}
    one = index_of(partial, dimensions, [2])[0]
    assert (one.index, one.coverage, one.missing) == (Fraction("73.26"), Fraction("0.95"), ("activity",))
    assert outliers(scores[1]) == [("policy", 16), ("activity", 20), ("living", 13)]


def test_no_dimension_no_index() -> None:
    one = index_of({5: {}}, [A], [])[0]
    assert (one.index, one.coverage, one.missing) == (None, 0, ("a",))


def test_better_only_because_others_answered() -> None:
    s, m = "small", "medium"
    before = {s: [Fraction(50)] * 8, m: [Fraction(80)] * 2}
    assert within_and_mix(before, {s: [Fraction(48)] * 4, m: [Fraction(78)] * 6}) == (-2, 12)
    assert within_and_mix({s: [Fraction(50)] * 5}, {s: [Fraction(50)] * 5, m: [Fraction(80)] * 5}) == (0, 15)


groups = st.dictionaries(
    st.sampled_from("abc"), st.lists(st.integers(0, 100).map(Fraction), max_size=4), min_size=1
).filter(lambda found: any(found.values()))


@given(groups, groups)
def test_within_and_mix_add_up(before: dict[str, list[Fraction]], after: dict[str, list[Fraction]]) -> None:
    def mean(some: dict[str, list[Fraction]]) -> Fraction:
        every = [score for scores in some.values() for score in scores]
        return sum(every, Fraction(0)) / len(every)

    assert sum(within_and_mix(before, after)) == mean(after) - mean(before)


def test_tones() -> None:
    def month(score: str, n: int = 5) -> Month:
        return Month({f"E{k}": Fraction(score) for k in range(n)}, "")

    assert [tone(month(s), A) for s in ("59.94", "59.95", "74.9", "75")] == ["red", "amber", "amber", "green"]
    assert tone(month("99", 4), A) == "grey"


def test_halves_go_away_from_zero() -> None:
    assert [rounded(Fraction(x), 1) for x in ("0.05", "-0.05", "-8.149")] == [
        Fraction("0.1"),
        Fraction("-0.1"),
        Fraction("-8.1"),
    ]
