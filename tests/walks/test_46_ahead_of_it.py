"""Stories 46 and 49: talent is warned of before it falls, and a low score shows the sentences behind it."""

from __future__ import annotations

import pytest

from app.hall import clock
from tests.factories import Park
from tests.insight.park import Answers
from tests.walks.seeds import SEEDS, draw_for
from tests.walks.told_months import Told, approve_the_book, say

HARD, FLATS, OFFICIAL = "高端人才很难招", "想要人才公寓", "活动太官方"
TARGET = 75


@pytest.fixture
def answers(park: Park) -> Answers:
    found = Answers(park, small_micro=12)
    for code in found.firms["small_micro"]:
        park.member(code.lower(), found.ids[code], "enterprise_admin")
    approve_the_book(found)
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_46_talent_is_warned_of_before_it_falls(answers: Answers, seed: int) -> None:
    draw, small = draw_for(46, seed), answers.firms["small_micro"]
    told, n, speaking = Told(draw), draw.randrange(5, 13), draw.randrange(8, 13)
    before = draw.randrange(TARGET + 4, 96)
    now = draw.randrange(TARGET, before - 2)  # three points down at least, and still not under the target
    after = draw.randrange(now, 96)
    rare = draw.randrange(1, 3)
    often = rare + draw.randrange(2, 5)  # two of twelve more at least: above ten points
    for back, hard in ((2, rare), (1, often), (0, rare)):
        firms = draw.sample(small, speaking)
        texts = [HARD] * hard + [FLATS] * (speaking - hard)
        say(answers, told.day(20, back), zip(firms, texts, strict=True))
    with clock.frozen(told.over(1)):
        for back, score in ((3, before - draw.randrange(6)), (2, before), (1, now)):
            answers.say(told.name(back), "talent", "small_micro", [score] * n)
        [alert] = answers.vp.get("/insight/alerts", state="open").json["items"]
        assert (alert["kind"], alert["theme"], alert["state"]) == ("leading", "senior_hard", "firing")
        assert (alert["score_before"], alert["score"]) == (before, now)
        assert (alert["share_before"], alert["share"]) == ([rare, speaking], [often, speaking])
        query = {"month": told.name(1), "kind": "falls_twice", "dimension": "talent"}
        falls = answers.vp.get("/insight/alerts", **query).json["items"]
        assert {one["state"] for one in falls if one["layer"] is None} == {"pending"}
        body = {"what": "三所高校定向招聘", "owner": "vp", "starts_on": f"{told.name()}-01"}
        assert answers.vp.post(f"/insight/alerts/{alert['id']}/counter", body).status_code == 201
    with clock.frozen(told.over()):
        answers.say(told.name(), "talent", "small_micro", [after] * n)
        shown = answers.vp.get(f"/insight/alerts/{alert['id']}").json
        assert (shown["state"], shown["countermeasures"][0]["change"]) == ("resolved", after - now)


@pytest.mark.parametrize("seed", SEEDS)
def test_49_a_low_score_shows_the_sentences_behind_it(answers: Answers, seed: int) -> None:
    draw, small = draw_for(490, seed), answers.firms["small_micro"]
    told, n = Told(draw), draw.randrange(5, 13)
    low, high = draw.randrange(30, 60), draw.randrange(TARGET, 100)
    unhappy = draw.sample(small, draw.randrange(5, 13))
    say(answers, told.day(10, 1), [(code, OFFICIAL) for code in unhappy])
    with clock.frozen(told.over(1)):
        answers.say(told.name(1), "activity", "small_micro", [low] * n)
        rows = answers.vp.get("/insight/rows", figure=f"theme:activity:official:{told.name(1)}").json
        assert (rows["firms"], rows["of"], rows["value"]) == (len(unhappy),) * 3
        text = answers.park.browse("analyst").get("/insight/themes?theme=official").get_data(as_text=True)
        assert text.count("<mark") == len(unhappy) and "太官方" in text
        before = answers.vp.get("/insight/series", dimension="activity").json["months"][-1]["score"]
    with clock.frozen(told.over()):
        answers.say(told.name(), "activity", "small_micro", [high] * n)
        [row] = [
            row for row in answers.vp.get("/insight/heat").json["items"] if row["dimension"] == "activity"
        ]
        cell = next(one for one in row["cells"] if one["layer"] is None)
        assert (before, cell["score"], cell["change"], cell["tone"]) == (low, high, high - low, "green")
