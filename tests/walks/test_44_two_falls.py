"""Story 44: two falls open an alert that says how sure it is, what firms say, and what the countermeasure did."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.hall import clock
from tests.factories import Park
from tests.insight.opening import page
from tests.insight.park import Answers
from tests.walks.seeds import SEEDS, draw_for
from tests.walks.shown import half_up
from tests.walks.told_months import Told, approve_the_book, around, say

# Sentences of firms that wait for an answer, with the piece that the codebook finds in them.
SILENCE = {
    "贷款材料交上去没有下文": "没有下文",
    "找过两次，一直没人联系我们": "没人联系",
    "上个月的申请石沉大海": "石沉大海",
}
RATE = "银行的利率太高"


@pytest.fixture
def answers(park: Park) -> Answers:
    found = Answers(park, small_micro=12, medium=8)
    for code in found.firms["small_micro"]:
        park.member(code.lower(), found.ids[code], "enterprise_admin")
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_44_two_falls(answers: Answers, seed: int) -> None:
    draw, small = draw_for(44, seed), answers.firms["small_micro"]
    told = Told(draw)
    level, n = draw.randrange(84, 96), draw.randrange(6, 13)
    second = level - draw.randrange(3, 10)
    third = second - draw.randrange(3, 10)
    after = draw.randrange(level, 96)
    waiting = sorted(draw.sample(small, draw.randrange(7, 12)))
    words = {code: draw.choice(list(SILENCE)) for code in waiting}
    approve_the_book(answers)
    say(answers, told.day(20, 1), [(code, words.get(code, RATE)) for code in small])
    secretary = answers.park.api("secretary")
    with clock.frozen(told.over(1)):
        assert secretary.post("/ecosystem/committee", {"name": "生态协同委员会"}).status_code == 201
        answers.say(told.name(3), "finance", "small_micro", around(level, n))
        answers.say(told.name(2), "finance", "small_micro", around(second, n))
        assert answers.vp.get("/insight/alerts", state="open").json["items"] == []
        answers.say(told.name(1), "finance", "small_micro", around(third, n))
        found = answers.vp.get("/insight/alerts", state="open").json["items"]
        alert = next(one for one in found if one["layer"] == "small_micro")
        fall = third - level
        assert (alert["month"], alert["points"]) == (told.name(1), fall)
        assert alert["relative_percent"] == half_up(Fraction(100 * fall, level))
        assert alert["paired"] == {"n": n, "mean_change": third - second, "same_direction": True}
        assert alert["themes"][0] == {"theme": "no_reply", "firms": len(waiting), "of": 12}
        marked = page(answers.park.browse("analyst"), "/insight/themes?theme=no_reply").select("mark")
        assert sorted(one.get_text() for one in marked) == sorted(SILENCE[one] for one in words.values())
        # the round table hears of it, with what is done about it
        brought = secretary.get("/ecosystem/committee").json["proposed"]
        assert [(one["kind"], one["note"]) for one in brought] == [("alert", "还没有对策")] * 2
        title = f"融资对接（小微）连续两个月下降，自 {told.name(1)} 起未恢复"
        assert title in [one["title"] for one in brought]
        body = {"what": "三个工作日内答复", "owner": "finance", "starts_on": f"{told.name()}-01"}
        assert answers.vp.post(f"/insight/alerts/{alert['id']}/counter", body).status_code == 201
        notes = {one["note"] for one in secretary.get("/ecosystem/committee").json["proposed"]}
        assert notes == {"已有 1 项对策", "还没有对策"}
        english = answers.park.browse("secretary", "en").get("/ecosystem/committee").get_data(as_text=True)
        assert "Finance (Small and micro) fell two months in a row" in english
    with clock.frozen(told.over()):
        answers.say(told.name(), "finance", "small_micro", around(after, n))
        shown = answers.vp.get(f"/insight/alerts/{alert['id']}").json
        assert shown["state"] == "resolved"
        [measure] = shown["countermeasures"]
        assert (measure["before"], measure["after"], measure["change"]) == (third, after, after - third)
        assert secretary.get("/ecosystem/committee").json["proposed"] == []
