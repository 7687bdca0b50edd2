"""Stories 44, 47, 48, 51: two falls, the index, better on paper, every figure opens – over HTTP, with other numbers."""

from __future__ import annotations

import datetime as dt
import random
import uuid

import pytest

from app.hall import clock, jobs
from tests.factories import Park
from tests.insight.opening import figures, opens, page
from tests.insight.park import Answers
from tests.walks.test_46_ahead_of_it import BOOK

OCTOBER = clock.at(dt.date(2026, 10, 3), 9)
SEPTEMBER = OCTOBER - dt.timedelta(days=30)
CODES = ("policy", "infrastructure", "chain", "talent", "finance", "activity", "approval", "living")
SILENCE, RATE = "贷款材料交上去没有下文", "银行的利率太高"


@pytest.fixture
def answers(park: Park) -> Answers:
    return Answers(park, small_micro=12, medium=8)


def around(base: int, n: int) -> list[int]:
    """Scores of n firms (an even number) whose mean is `base`."""
    return [base + (-1) ** place * 6 for place in range(n)]


def heard(answers: Answers, firms: list[str], text: str) -> None:
    """Firms say a sentence themselves, in August."""
    with clock.frozen(clock.at(dt.date(2026, 8, 20), 10)):
        for code in firms:
            answers.park.member(code.lower(), answers.ids[code], "enterprise_admin")
            body = {"client_id": str(uuid.uuid4()), "channel": "app", "text": text, "visibility": "named"}
            said = answers.park.api(code.lower()).post("/voice/feedback", body | {"enterprise": code})
            assert said.status_code == 201, said.json
        with answers.park.app.app_context():
            jobs.deliver_outbox()


def test_44_two_falls(answers: Answers) -> None:
    small = answers.firms["small_micro"]
    with clock.frozen(clock.at(dt.date(2026, 8, 1), 9)):
        book = answers.analyst.post("/insight/codebooks", {"text": BOOK}).json
        assert answers.vp.post(f"/insight/codebooks/{book['id']}/approve").status_code == 200
    heard(answers, small[:9], SILENCE)
    heard(answers, small[9:], RATE)
    secretary = answers.park.api("secretary")
    with clock.frozen(SEPTEMBER):
        assert secretary.post("/ecosystem/committee", {"name": "生态协同委员会"}).status_code == 201
        for month, base in (("2026-06", 90), ("2026-07", 82)):
            answers.say(month, "finance", "small_micro", around(base, 12))
        assert answers.vp.get("/insight/alerts", state="open").json["items"] == []
        answers.say("2026-08", "finance", "small_micro", around(75, 12))
        found = answers.vp.get("/insight/alerts", state="open").json["items"]
        alert = next(one for one in found if one["layer"] == "small_micro")
        assert (alert["month"], alert["points"], alert["relative_percent"]) == ("2026-08", -15.0, -16.7)
        assert alert["paired"] == {"n": 12, "mean_change": -7.0, "same_direction": True}
        assert alert["themes"][0] == {"theme": "no_reply", "firms": 9, "of": 12}
        analyst = answers.park.browse("analyst")
        marked = page(analyst, "/insight/themes?theme=no_reply").select("mark")
        assert [one.get_text() for one in marked] == ["没有下文"] * 9
        # the round table hears of it, with what is done about it
        brought = secretary.get("/ecosystem/committee").json["proposed"]
        assert [(one["kind"], one["note"]) for one in brought] == [("alert", "还没有对策")] * 2
        assert "融资对接（小微）连续两个月下降，自 2026-08 起未恢复" in [one["title"] for one in brought]
        body = {"what": "三个工作日内答复", "owner": "finance", "starts_on": "2026-09-01"}
        assert answers.vp.post(f"/insight/alerts/{alert['id']}/counter", body).status_code == 201
        notes = {one["note"] for one in secretary.get("/ecosystem/committee").json["proposed"]}
        assert notes == {"已有 1 项对策", "还没有对策"}
        english = answers.park.browse("secretary", "en").get("/ecosystem/committee").get_data(as_text=True)
        assert "Finance (Small and micro) fell two months in a row" in english
    with clock.frozen(OCTOBER):
        answers.say("2026-09", "finance", "small_micro", around(91, 12))
        shown = answers.vp.get(f"/insight/alerts/{alert['id']}").json
        assert shown["state"] == "resolved"
        [measure] = shown["countermeasures"]
        assert (measure["before"], measure["after"], measure["change"]) == (75.0, 91.0, 16.0)
        assert secretary.get("/ecosystem/committee").json["proposed"] == []


MOVES = {
    "policy": 5,
    "infrastructure": -4,
    "chain": 10,
    "talent": 0,
    "finance": 2,
    "activity": -20,
    "approval": 1,
    "living": -1,
}


def test_47_the_index_and_what_moved_it(answers: Answers) -> None:
    with clock.frozen(OCTOBER):
        for code, points in MOVES.items():
            answers.say("2026-08", code, "small_micro", around(70, 6))
            answers.say("2026-09", code, "small_micro", around(70 + points, 6))
        found = answers.vp.get("/insight/index").json
        assert (found["index"], found["change"]) == (71.8, 1.8)
        assert found["contributions"]["chain"] == 2.0 and found["contributions"]["activity"] == -1.0
        vp = answers.park.browse("vp")
        words = page(vp, "/insight?compare=2026-08").get_text(" ", strip=True)
        assert "71.80" in words and "+1.80" in words and "4 个维度上升，3 个下降" in words
    with clock.frozen(OCTOBER + dt.timedelta(days=31)):
        for code in CODES:
            if code != "chain":
                answers.say("2026-10", code, "small_micro", around(80, 6))
        found = answers.vp.get("/insight/index").json
        assert (found["index"], found["coverage"], found["contributions"]) == (80.0, 0.8, None)
        soup = page(answers.park.browse("vp"), "/insight?compare=2026-09")
        assert "部分指数：覆盖 80.0 %，缺少 产业链配套" in soup.get_text(" ", strip=True)
        assert soup.select('a[href*="contributions"]') == []  # no arrow, no waterfall


def test_48_better_on_paper(answers: Answers) -> None:
    with clock.frozen(OCTOBER):
        answers.say("2026-08", "activity", "small_micro", [60] * 6)
        answers.say("2026-08", "activity", "medium", [90] * 4)
        answers.say("2026-09", "activity", "small_micro", [58] * 3)
        answers.say("2026-09", "activity", "medium", [88] * 7)
        mix = answers.vp.get("/insight/index").json["mix"]["activity"]
        assert mix == {"change": 7.0, "within": -2.0, "mix": 9.0}
        words = page(answers.park.browse("vp"), "/insight?compare=2026-08").get_text(" ", strip=True)
        assert "园区活动 +7.0 中，+9.0 来自作答企业变了；同类企业 −2.0" in words


@pytest.mark.parametrize("seed", [51, 510])
def test_51_every_figure_opens(answers: Answers, seed: int) -> None:
    """Eight months of random answers: whoever may not see firms is led to groups of five and more."""
    chance = random.Random(seed)
    with clock.frozen(OCTOBER):
        for back in range(8):
            month = f"2026-{9 - back:02d}"
            for code in CODES:
                for layer, most in (("small_micro", 12), ("medium", 8)):
                    few = [chance.randrange(40, 100) for _firm in range(chance.randrange(3, most + 1))]
                    answers.say(month, code, layer, few)
        for login in ("vp", "auditor"):
            api = answers.park.api(login)
            seen = dict(figures(page(answers.park.browse(login), "/insight?compare=2026-06")))
            assert len(seen) > 60
            for name, written in seen.items():
                found = opens(api, name, written)
                if login == "auditor" and name.startswith(("score:", "paired:")):
                    assert all(row["n"] >= 5 and row["enterprise"] is None for row in found["items"])
