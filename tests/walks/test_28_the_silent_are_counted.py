"""Story 28: plain mean and the one weighted by layers stand side by side, and the page says who is silent."""

from __future__ import annotations

from fractions import Fraction

import pytest
from bs4 import BeautifulSoup

from app.voice.results.rules import Sheet, evaluate
from app.voice.surveys.questions import Metric, Question
from app.voice.surveys.scores import Invited
from tests.factories import Park
from tests.voice.surveys.people import Surveys, yes_no

ASK = (
    Question("x", "number", "?", unit="天", dimension="policy", metric=Metric("linear", best=100, worst=0)),
)


def test_plain_75_weighted_64() -> None:
    """The contract's example: 2 large at 90, 4 medium at 80, 5 of 14 small at 70, 1 of 14 micro at 50."""
    heard = [("large", 90)] * 2 + [("medium", 80)] * 4 + [("small", 70)] * 5 + [("micro", 50)]
    park = {"large": 2, "medium": 4, "small": 14, "micro": 14}
    sheets = [Sheet(at, layer, {"x": value}) for at, (layer, value) in enumerate(heard, 1)]
    silent = [Invited(f"m{at}", "online", "micro", at == 0) for at in range(14)]
    found = evaluate(ASK, sheets, silent, park)
    [row] = found["dimensions"]
    assert (row["n"], row["plain"], row["weighted"], row["covered_percent"]) == (12, 75.0, 64.1, 100.0)
    assert Fraction(2 * 90 + 4 * 80 + 14 * 70 + 14 * 50, 34) == Fraction(2180, 34)
    assert found["rates"][0]["percent"] == 7.1
    # Fewer than five of a layer are never shown by themselves.
    assert [(one["layer"], one["mean"]) for one in row["layers"]] == [
        ("large", None),
        ("medium", None),
        ("micro", None),
        ("small", 70.0),
    ]


@pytest.fixture
def people(park: Park) -> Surveys:
    return Surveys(park)


def test_the_page_says_who_did_not_answer(people: Surveys) -> None:
    large, small = people.firms(6, "large"), people.firms(14, "micro", first=7)
    number = people.opened(yes_no(), [*large, *small])
    for firm in large:
        people.send(people.token(firm), dark="no")
    people.send(people.token(small[0]), dark="yes")
    found = people.close(number)
    [row] = found["dimensions"]
    # Six of seven answers are good: 85.7; the park is six large and fourteen small: (6·100 + 14·0) ÷ 20 = 30.
    assert (row["plain"], row["weighted"]) == (85.7, 30.0)
    assert [one["mean"] for one in row["layers"]] == [None, None], "one hidden alone would give itself away"
    page = people.park.browse("vp").get(f"/voice/surveys/{number}/results").text
    assert "小微：14 家中 13 家没有作答" in BeautifulSoup(page, "html.parser").get_text(" ", strip=True)
