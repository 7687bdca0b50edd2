"""Story 45: of four firms nothing is said, equal as shown is no fall, and a month without data resolves nothing."""

from __future__ import annotations

import pytest

from app.hall import clock
from app.hall.jobs import run_periodic
from app.hall.standstill import Confirmed
from tests.factories import Park
from tests.insight.park import Answers
from tests.walks.seeds import SEEDS, draw_for
from tests.walks.told_months import Told, around


@pytest.fixture
def answers(park: Park) -> Answers:
    return Answers(park, small_micro=12, large=4)


@pytest.mark.parametrize("seed", SEEDS)
def test_45_not_enough_to_say(answers: Answers, seed: int) -> None:
    draw = draw_for(45, seed)
    told, whole, few = Told(draw), draw.randrange(41, 96), draw.randrange(1, 5)
    falls = sorted(draw.sample(range(40, 101), 3), reverse=True)
    equal = (f"{whole}.04", f"{whole}.01", f"{whole - 1}.95")  # all three shown as {whole}.0
    n, silent, same, little = draw.randrange(5, 13), *draw.sample(("finance", "policy", "living"), 3)
    with clock.frozen(told.over()):
        for back, large, small in zip((2, 1, 0), falls, equal, strict=True):
            answers.say(told.name(back), silent, "large", [large] * 4)
            answers.say(told.name(back), same, "small_micro", [small] * n)
        answers.say(told.name(), little, "small_micro", [70] * few)
        items = answers.vp.get("/insight/alerts", month=told.name()).json["items"]
        states = {
            (one["dimension"], one["layer"]): one["state"] for one in items if one["kind"] == "falls_twice"
        }
        assert states[silent, "large"] == "unknown"  # three falls of four firms: nothing is said of them
        assert states[same, None] == "ok"
        months = answers.vp.get("/insight/series", dimension=same).json["months"]
        assert [one["score"] for one in months[-3:]] == [float(whole)] * 3
        last = answers.vp.get("/insight/series", dimension=little).json["months"][-1]
        assert (last["n"], last["score"], last["reason"]) == (few, None, "few")
        assert answers.vp.get("/insight/alerts", state="open").json["items"] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_45_a_month_without_data_resolves_nothing(answers: Answers, seed: int) -> None:
    draw = draw_for(450, seed)
    told, n, level = Told(draw), draw.randrange(5, 13), draw.randrange(70, 96)
    with clock.frozen(told.over(2)):
        for back, score in ((4, level), (3, level - draw.randrange(1, 10)), (2, level - 10)):
            answers.say(told.name(back), "talent", "small_micro", around(score, n))
        opened = {one["id"] for one in answers.vp.get("/insight/alerts", state="open").json["items"]}
        assert len(opened) == 2  # of all firms, and of the small ones
    with clock.frozen(told.over(1)), answers.park.app.app_context():
        run_periodic(confirmed=Confirmed(clock=True))
    with clock.frozen(told.over(1)):
        stale = answers.vp.get("/insight/alerts", state="open").json["items"]
        assert {one["id"]: one["state"] for one in stale} == dict.fromkeys(opened, "stale")
    with clock.frozen(told.over()):
        answers.say(told.name(), "talent", "small_micro", around(level, n))
        assert answers.vp.get("/insight/alerts", state="open").json["items"] == []
        shown = [answers.vp.get(f"/insight/alerts/{one}").json["state"] for one in opened]
        assert shown == ["resolved", "resolved"]
