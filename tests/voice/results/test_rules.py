"""Figures of a closed survey: the same as by plain fractions, and never of fewer than five."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.voice.results.rules import FEWEST, Sheet, evaluate, firm_scores, silent_layers
from app.voice.results.series import Point, pieces
from app.voice.surveys.questions import Metric, Question
from app.voice.surveys.scores import firm_score, shown, weighted_mean

ASK = (
    Question("days", "number", "?", unit="天", dimension="d", metric=Metric("linear", best=30, worst=120)),
    Question("clear", "yes_no", "?", dimension="d", metric=Metric("yes_no", good="yes")),
    Question(
        "way",
        "choice",
        "?",
        ("a", "b"),
        dimension="d",
        show_if={"clear": "yes"},
        metric=Metric("choice", scores={"a": 70}),
    ),
    Question("why", "text", "?"),
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "days": st.sampled_from([10, 30, 66, 75.5, 119.9, 500]),
        "clear": st.sampled_from(["yes", "no"]),
        "way": st.sampled_from(["a", "b"]),
        "why": st.text(max_size=5),
    },
)
SHEETS = st.lists(st.tuples(st.integers(1, 12), ANSWERS), max_size=30)


def layer_of(firm: int) -> str:
    return ("large", "medium", "small_micro")[firm % 3]


@given(SHEETS)
def test_the_fast_way_gives_the_values_of_the_slow_one(rows: list[tuple[int, dict[str, object]]]) -> None:
    sheets = [Sheet(firm, layer_of(firm), answers) for firm, answers in rows]  # type: ignore[arg-type]
    found = evaluate(ASK, sheets, [], {"large": 20, "medium": 20, "small_micro": 20})
    means: dict[int, Fraction] = {}
    for firm in {one.firm for one in sheets}:
        mean = firm_score(ASK, [one.answers for one in sheets if one.firm == firm], "d")
        if mean is not None:
            means[firm] = mean
    [row] = found["dimensions"]
    assert row["n"] == len(means)
    if len(means) < FEWEST:
        assert (row["plain"], row["weighted"], row["layers"]) == (None, None, [])
        return
    heard: dict[str, list[Fraction]] = {}
    for firm, mean in means.items():
        heard.setdefault(layer_of(firm), []).append(mean)
    weighed = weighted_mean(heard, {"large": 20, "medium": 20, "small_micro": 20})
    assert weighed is not None
    assert (row["plain"], row["weighted"]) == (weighed.plain, weighed.weighted)
    assert row["satisfied"]["hits"] == sum(shown(mean) >= 60 for mean in means.values())  # type: ignore[index]
    assert all(one["mean"] is None or (one["n"] or 0) >= FEWEST for one in row["layers"])
    hidden = sum(one["mean"] is None for one in row["layers"])
    assert hidden != 1 or len(row["layers"]) == 1, "one hidden layer alone could be reckoned from the total"


def test_who_answers_unnamed_is_a_firm_of_its_own() -> None:
    sheets = [Sheet(0, "", {"clear": "yes" if at else "no"}) for at in range(5)]
    found = evaluate(ASK, sheets, [], {})
    [row] = found["dimensions"]
    assert (found["n"], row["plain"], row["weighted"], row["layers"]) == (5, 80.0, None, [])
    assert firm_scores(ASK, sheets, "d") == {"": {Fraction(0): 1, Fraction(100): 4}}


def test_numbers_have_mean_and_median_and_sentences_an_order_of_their_own() -> None:
    sheets = [
        Sheet(at, "large", {"days": days, "why": why})
        for at, (days, why) in enumerate([(10, "丙"), (20, "甲"), (30, "乙"), (40, "甲"), (1000, "丁")], 1)
    ]
    days, _clear, _way, why = evaluate(ASK, sheets, [], {"large": 5})["questions"]
    assert (days["mean"], days["median"]) == (220.0, 30.0)
    assert why["sentences"] == sorted(["丙", "甲", "乙", "甲", "丁"])
    clear = evaluate(ASK, sheets, [], {"large": 5})["questions"][1]
    assert (clear["n"], clear["counts"], clear["score"]) == (0, [], None)


def test_the_most_silent_layer_comes_first() -> None:
    rates = [
        {"channel": "online", "layer": "medium", "answered": 1, "invited": 4, "percent": 25.0},
        {"channel": "online", "layer": "micro", "answered": 1, "invited": 14, "percent": 7.1},
        {"channel": "online", "layer": "large", "answered": 2, "invited": 2, "percent": 100.0},
        {"channel": "paper", "layer": "medium", "answered": 4, "invited": 4, "percent": 100.0},
    ]
    assert silent_layers(rates) == [("micro", 13, 14)]  # type: ignore[arg-type]


def test_a_version_that_few_answered_keeps_its_place_in_the_line() -> None:
    points = [Point("1", 50.0, 9, ("a",)), Point("2", None, 3, ("a",)), Point("3", 60.0, 9, ("a",))]
    assert [len(piece) for piece in pieces(points)] == [3]
    assert [len(piece) for piece in pieces([*points, Point("4", 1.0, 9, ("b",)), points[0]])] == [3, 1, 1]
