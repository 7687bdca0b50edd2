"""Story 50: the next month of a series with the record of its own warnings; eleven months are not enough."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from app.hall import clock
from tests.factories import Park
from tests.insight.park import Answers
from tests.walks.seeds import SEEDS, draw_for
from tests.walks.told_months import WEIGHTS, Told

TARGET = 75


@pytest.fixture
def answers(park: Park) -> Answers:
    return Answers(park, small_micro=12)


@pytest.mark.parametrize("seed", SEEDS)
def test_50_next_month_with_its_own_record(answers: Answers, seed: int) -> None:
    """Twelve months fall by the same step: who goes on by the mean step errs never, so each warning is right."""
    draw = draw_for(50, seed)
    told, code, n = Told(draw), draw.choice(list(WEIGHTS)), draw.randrange(5, 13)
    step, hits = draw.randrange(1, 3), draw.randrange(1, 4)
    last = TARGET - 1 - (hits - 1) * step - draw.randrange(step)  # under the target for the `hits`-th month
    following = float(last - step)
    with clock.frozen(told.over()):
        for back in range(11):
            answers.say(told.name(back), code, "small_micro", [last + back * step] * n)
        page = answers.park.browse("vp").get("/insight/forecasts").get_data(as_text=True)
        assert "还不能预测，至少 12 个月" in page and "命中" not in page
        answers.say(told.name(11), code, "small_micro", [last + 11 * step] * n)
        found = answers.vp.get("/insight/forecasts", dimension=code).json["items"][0]
        assert (found["state"], found["method"], found["warning"]) == ("ok", "drift", True)
        assert (found["forecast"], found["low"], found["high"]) == (following,) * 3
        quiet = 3 - hits
        assert found["backtest"] == {"hits": hits, "false_alarms": 0, "missed": 0, "quiet": quiet}
        page = answers.park.browse("vp").get("/insight/forecasts").get_data(as_text=True)
        words = " ".join(BeautifulSoup(page, "html.parser").get_text().split())
        assert f"命中 {hits} · 误报 0 · 漏报 0 · 平静 {quiet}" in words
        rows = answers.vp.get("/insight/rows", figure=f"record:{code}:hits:{told.name()}").json["items"]
        assert [row["label"] for row in rows] == [told.name(back) for back in reversed(range(hits))]
        parts = answers.vp.get("/insight/rows", figure=f"forecast:{code}:{told.name()}").json
        assert (parts["value"], parts["low"]) == (following, following)
