"""Stories 47 and 48: the index and what moved it, and a score that is better only because others answered."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from app.hall import clock
from tests.factories import Park
from tests.insight.opening import page
from tests.insight.park import Answers
from tests.walks.seeds import SEEDS, draw_for
from tests.walks.shown import half_up
from tests.walks.told_months import WEIGHTS, Told, around

NAMES = {
    "policy": "政策服务",
    "infrastructure": "基础设施",
    "chain": "产业链配套",
    "talent": "人才支持",
    "finance": "融资对接",
    "activity": "园区活动",
    "approval": "政务办理",
    "living": "生活配套",
}


@pytest.fixture
def answers(park: Park) -> Answers:
    return Answers(park, small_micro=12, medium=8)


def index_of(scores: dict[str, int]) -> Fraction:
    """Σ w·s ÷ Σ w."""
    weight = sum(WEIGHTS[code] for code in scores)
    return Fraction(sum(WEIGHTS[code] * score for code, score in scores.items()), weight)


@pytest.mark.parametrize("seed", SEEDS)
def test_47_the_index_and_what_moved_it(answers: Answers, seed: int) -> None:
    draw = draw_for(47, seed)
    told, n = Told(draw), draw.randrange(5, 13)
    before = {code: draw.randrange(40, 81) for code in WEIGHTS}
    # Policy and chain rise, the six others together weigh less than their rise even where all of them fall.
    moves = {code: 12 if WEIGHTS[code] == 200 else draw.randrange(-7, 8) for code in WEIGHTS}
    with clock.frozen(told.over(1)):
        for code, score in before.items():
            answers.say(told.name(2), code, "small_micro", around(score, n))
            answers.say(told.name(1), code, "small_micro", around(score + moves[code], n))
        found = answers.vp.get("/insight/index").json
        index = index_of({code: before[code] + moves[code] for code in WEIGHTS})
        change = index - index_of(before)
        assert (found["index"], found["change"]) == (half_up(index, 2), half_up(change, 2))
        parts = {code: WEIGHTS[code] * points / 1000 for code, points in moves.items()}
        assert found["contributions"] == pytest.approx(parts)
        assert sum(found["contributions"].values()) == pytest.approx(float(change))
        words = page(answers.park.browse("vp"), f"/insight?compare={told.name(2)}").get_text(" ", strip=True)
        assert f"{half_up(index, 2):.2f}" in words and f"{half_up(change, 2):+.2f}" in words
        up, down = sum(one > 0 for one in moves.values()), sum(one < 0 for one in moves.values())
        assert f"{up} 个维度上升，{down} 个下降" in words
    gone = draw.choice(list(WEIGHTS))
    rest = {code: draw.randrange(40, 95) for code in WEIGHTS if code != gone}
    with clock.frozen(told.over()):
        for code, score in rest.items():
            answers.say(told.name(), code, "small_micro", around(score, n))
        found = answers.vp.get("/insight/index").json
        assert (found["index"], found["contributions"]) == (half_up(index_of(rest), 2), None)
        assert found["coverage"] == (1000 - WEIGHTS[gone]) / 1000
        soup = page(answers.park.browse("vp"), f"/insight?compare={told.name(1)}")
        share = f"{100 - WEIGHTS[gone] / 10:.1f}"
        assert f"部分指数：覆盖 {share} %，缺少 {NAMES[gone]}" in soup.get_text(" ", strip=True)
        assert soup.select('a[href*="contributions"]') == []  # no arrow, no waterfall


@pytest.mark.parametrize("seed", SEEDS)
def test_48_better_on_paper(answers: Answers, seed: int) -> None:
    draw = draw_for(48, seed)
    told, code = Told(draw), draw.choice(list(WEIGHTS))
    # Firms and their score in both months: everybody is less content, and the content ones answer more often.
    few, many, poor, rich = (draw.randrange(*ends) for ends in ((2, 5), (5, 9), (40, 56), (86, 98)))
    lost, less = draw.randrange(1, 4), draw.randrange(1, 4)
    small = ((many, poor), (few, poor - lost))
    medium = ((few, rich), (many, rich - less))
    with clock.frozen(told.over()):
        for back, one, two in zip((1, 0), small, medium, strict=True):
            answers.say(told.name(back), code, "small_micro", [one[1]] * one[0])
            answers.say(told.name(back), code, "medium", [two[1]] * two[0])
        # The small firms' share goes from `past` to `now`, that of the medium ones from `now` to `past`.
        past, now = Fraction(many, few + many), Fraction(few, few + many)
        within = (past + now) / 2 * -lost + (now + past) / 2 * -less
        mix = Fraction(2 * poor - lost, 2) * (now - past) + Fraction(2 * rich - less, 2) * (past - now)
        assert within < 0 < within + mix
        shown = answers.vp.get("/insight/index").json["mix"][code]
        assert shown == pytest.approx(
            {"change": float(within + mix), "within": float(within), "mix": float(mix)}
        )
        words = page(answers.park.browse("vp"), f"/insight?compare={told.name(1)}").get_text(" ", strip=True)
        said = re.search(
            NAMES[code] + r" \+([\d.]+) 中，\+([\d.]+) 来自作答企业变了；同类企业 −([\d.]+)", words
        )
        assert said is not None
        written = [float(said[1]), float(said[2]), -float(said[3])]
        assert written == pytest.approx([float(within + mix), float(mix), float(within)], abs=0.051)
