"""Answers to numbers: the contract's examples, other data by hand, and fractions worked out the long way round."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hall.errors import Invalid
from app.voice.surveys import scores
from app.voice.surveys.questions import Metric, Question
from app.voice.surveys.scores import Invited, firm_score, respondent_score, satisfied, score, shown, wilson

DATA = Path(__file__).parents[2] / "data" / "wider"
EXPECTED = json.loads((DATA / "expected.json").read_text("utf-8"))
DAYS = Metric("linear", best=30, worst=120)
POLICY = (
    Question("days", "number", "?", dimension="policy", metric=DAYS),
    Question("unclear", "yes_no", "?", dimension="policy", metric=Metric("yes_no", good="no")),
    Question("who", "yes_no", "?", dimension="policy", metric=Metric("yes_no", good="no")),
)


def test_sixty_six_days_unclear_and_nobody_missing() -> None:
    answers = {"days": 66, "unclear": "yes", "who": "no"}
    each = [shown(score(one.metric, answers[one.id])) for one in POLICY if one.metric]  # type: ignore[arg-type]
    assert [each, shown(respondent_score(POLICY, answers, "policy"))] == EXPECTED["dimension score"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("best", "worst", "x", "expected"),
    [
        (30, 120, 30, 100.0),
        (30, 120, 10, 100.0),
        (30, 120, 120, 0.0),
        (30, 120, 500, 0.0),
        (30, 120, 75, 50.0),
        (10, 0, 7, 70.0),  # more is better
        (10, 0, 12, 100.0),
        (10, 0, -1, 0.0),
        (0.1, 0.4, 0.3, 33.3),
    ],
)
def test_linear(best: float, worst: float, x: float, expected: float) -> None:
    found = score(Metric("linear", best=best, worst=worst), x)
    assert found is not None
    assert shown(found) == expected


def test_a_choice_without_a_score_says_nothing() -> None:
    metric = Metric("choice", scores={"5分钟内": 100, "5到15分钟": 60, "更久": 0})
    assert [score(metric, one) for one in ("5分钟内", "5到15分钟", "更久", "没遇到")] == [100, 60, 0, None]


@pytest.mark.parametrize(
    ("metric", "answer"),
    [
        (DAYS, "66"),
        (DAYS, True),
        (DAYS, float("nan")),
        (Metric("linear", best=5, worst=5), 5),
        (Metric("yes_no", good="no"), "maybe"),
        (Metric("yes_no", good="no"), True),
    ],
)
def test_an_answer_of_another_kind_is_refused(metric: Metric, answer: object) -> None:
    with pytest.raises(Invalid):
        score(metric, answer)  # type: ignore[arg-type]


def test_only_answered_questions_count_and_each_respondent_the_same() -> None:
    assert respondent_score(POLICY, {"days": 66}, "policy") == 60
    assert respondent_score(POLICY, {"days": 66}, "living") is None
    assert respondent_score(POLICY, {}, "policy") is None
    long, short = {"days": 30, "unclear": "no", "who": "no"}, {"days": 120}
    # 100 of three answers and 0 of one: the mean of the means is 50, not 75
    assert firm_score(POLICY, [long, short], "policy") == 50
    assert firm_score(POLICY, [short, {}], "policy") == 0
    assert firm_score(POLICY, [{}], "policy") is None


def test_the_answer_of_a_hidden_question_does_not_count() -> None:
    hidden = Question(
        "more", "yes_no", "?", dimension="policy", metric=Metric("yes_no", good="yes"), show_if={"who": "yes"}
    )
    assert respondent_score((*POLICY, hidden), {"who": "no", "more": "no"}, "policy") == 100


def test_thirty_one_of_fifty_are_satisfied() -> None:
    share = satisfied([Fraction(60)] * 31 + [Fraction(599, 10)] * 19)
    assert (share.hits, share.n, share.percent) == (31, 50, EXPECTED["policy satisfied"])
    assert [share.low, share.high] == EXPECTED["wilson 31/50"]


def test_what_is_shown_is_what_is_compared() -> None:
    assert satisfied([Fraction(5995, 100)]).hits == 1
    assert satisfied([Fraction(59949, 1000)]).hits == 0


def test_unknown_scores_are_no_firms() -> None:
    assert satisfied([None, Fraction(80)]).n == 1
    assert satisfied([]) == scores.Share(0, 0, None, None, None)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    # z = 1.96 by hand: 0 of 10 → 3.8416 / 13.8416 = 27.75 %; 10 of 10 mirrors it; 1 of 1 → 1 / 4.8416 = 20.65 %
    [(0, 10, 0.0, 27.8), (10, 10, 72.2, 100.0), (1, 1, 20.7, 100.0), (5, 10, 23.7, 76.3)],
)
def test_wilson_at_the_edges(hits: int, n: int, low: float, high: float) -> None:
    share = wilson(hits, n)
    assert (share.low, share.high) == (low, high)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_mirrors(case: tuple[int, int]) -> None:
    hits, n = case
    share, other = wilson(hits, n), wilson(n - hits, n)
    assert share.low is not None and share.high is not None and share.percent is not None
    assert 0 <= share.low <= share.percent <= share.high <= 100
    assert other.low is not None
    assert abs(share.high + other.low - 100) < 0.11


@given(st.lists(st.tuples(st.integers(0, 200), st.sampled_from(["yes", "no"])), min_size=1, max_size=6))
def test_scores_agree_with_independent_fractions(people: list[tuple[int, str]]) -> None:
    total = Fraction(0)
    for days, unclear in people:
        first = (
            Fraction(100) if days <= 30 else Fraction(0) if days >= 120 else Fraction(100 * (120 - days), 90)
        )
        total += (first + (100 if unclear == "no" else 0)) / 2
    found = firm_score(POLICY, [{"days": days, "unclear": unclear} for days, unclear in people], "policy")
    assert found == total / len(people)


def test_who_is_silent_shows_in_the_gap() -> None:
    heard = {
        "large": [Fraction(90)] * 2,
        "medium": [Fraction(80)] * 4,
        "small": [Fraction(70)] * 5,
        "micro": [Fraction(50)],
    }
    found = scores.weighted_mean(heard, {"large": 2, "medium": 4, "small": 14, "micro": 14})
    assert found is not None
    assert [found.plain, found.weighted, found.covered_ratio] == EXPECTED["weighted"]


def test_layers_that_did_not_answer_are_told_by_the_share_covered() -> None:
    found = scores.weighted_mean(
        {"large": [Fraction(90)], "medium": [], "small": [Fraction(50)]},
        {"large": 1, "medium": 6, "small": 3},
    )
    assert found == scores.Weighted(2, 70.0, 60.0, 0.4)  # (1·90 + 3·50) ÷ 4 = 60; 4 of 10 firms
    assert scores.weighted_mean({"large": []}, {"large": 3}) is None
    with pytest.raises(Invalid):
        scores.weighted_mean({"large": [Fraction(1)] * 2}, {"large": 1})


def test_response_rates_count_each_firm_once() -> None:
    asked = [
        Invited("E1", "online", "small_micro", False),
        Invited("E1", "online", "small_micro", True),
        Invited("E1", "online", "small_micro", False),
        Invited("E2", "online", "small_micro", False),
        Invited("E3", "online", "small_micro", False),
        Invited("E1", "phone", "small_micro", True),
        Invited("E9", "online", "large", True),
    ]
    assert [(r.channel, r.layer, r.answered, r.invited, r.percent) for r in scores.response_rates(asked)] == [
        ("online", "large", 1, 1, 100.0),
        ("online", "small_micro", 1, 3, 33.3),
        ("phone", "small_micro", 1, 1, 100.0),
    ]


def test_a_tea_talk_finds_ten_times_as_much() -> None:
    found = scores.problems_per_contact({"online": 12, "tea_talk": 30}, {"online": 40, "tea_talk": 10})
    online, tea = found["online"], found["tea_talk"]
    assert online is not None and tea is not None
    assert [online, tea, round(tea / online, 9)] == EXPECTED["problems per contact"]
    assert scores.problems_per_contact({"phone": 2}, {}) == {"phone": None}


@pytest.mark.parametrize(
    ("value", "expected"), [("0.05", 0.1), ("-0.05", -0.1), ("0.049", 0.0), ("74.25", 74.3), ("100", 100.0)]
)
def test_half_up_and_below_zero_away_from_it(value: str, expected: float) -> None:
    assert shown(Fraction(value)) == expected
