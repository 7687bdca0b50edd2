"""The analyst's bench: remarks become sentences, words are marked, people correct and double-code, four eyes decide."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from app.hall import clock, jobs
from tests.factories import Park

BOOK = (Path(__file__).parents[2] / "data" / "wider" / "codebook.yaml").read_text("utf-8")
DAY = clock.at(dt.date(2026, 10, 20), 10)
SALTY, SLOW, NONE = "食堂菜太咸", "提交融资需求后，一个月都没回音", "路灯不亮"


@pytest.fixture
def bench(park: Park) -> Park:
    staff = park.staff()
    park.member("analyst", staff, "analyst")
    park.member("vp", staff, "vice_president")
    for n in range(1, 4):
        park.firm(f"E{n:02d}", size="small", registered_on=dt.date(2020, 1, 6))
    return park


def page(client: FlaskClient, path: str) -> BeautifulSoup:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


def say(park: Park, login: str, text: str, visibility: str = "named") -> None:
    body = {
        "client_id": str(uuid.uuid4()),
        "enterprise": login.upper(),
        "channel": "app",
        "text": text,
        "visibility": visibility,
    }
    assert park.api(login).post("/voice/feedback", body).status_code == 201


def in_force(park: Park) -> None:
    analyst, vp = park.browse("analyst"), park.browse("vp")
    assert (
        analyst.post("/insight/weights/codebooks", data={"text": BOOK, "act": "propose"}).status_code == 303
    )
    link = page(vp, "/insight/weights/codebooks").select_one('form[action$="/approve"]')
    assert link is not None
    assert vp.post(str(link["action"])).status_code == 303


def test_a_codebook_with_a_failing_test_stays_on_the_page_and_the_author_cannot_approve(bench: Park) -> None:
    analyst = bench.browse("analyst")
    wrong = BOOK.replace("themes: [no_reply]}", "themes: [canteen]}", 1)
    answer = analyst.post("/insight/weights/codebooks", data={"text": wrong, "act": "propose"})
    soup = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    assert answer.status_code == 422
    assert soup.select_one(".in-failed") is not None and "应为 canteen" in soup.get_text()
    assert soup.select_one("textarea").get_text().strip() == wrong.strip()
    assert analyst.post("/insight/weights/codebooks", data={"text": BOOK, "act": "check"}).status_code == 200
    assert not page(analyst, "/insight/weights/codebooks").select('form[action$="/approve"]')
    in_force(bench)
    assert "生效中" in page(analyst, "/insight/weights/codebooks").get_text()


def test_remarks_are_read_with_their_words_marked_and_hidden_ones_count_no_firm(bench: Park) -> None:
    with clock.frozen(DAY):
        in_force(bench)
        say(bench, "e01", SLOW)
        say(bench, "e02", SLOW, "park_only")
        say(bench, "e03", NONE)
        with bench.app.app_context():
            jobs.deliver_outbox()
        analyst = bench.browse("analyst")
        first = page(analyst, "/insight/themes")
        assert [mark.get_text() for mark in first.select(".in-words mark")] == ["没回音"]
        with bench.app.app_context():
            jobs.run_periodic()
        assert len(page(analyst, "/insight/themes?theme=no_reply").select(".in-said li")) == 2
        assert [
            one.get_text() for one in page(analyst, "/insight/themes?state=unassigned").select(".in-words")
        ] == [NONE]
    with clock.frozen(clock.at(dt.date(2026, 11, 3), 10)):
        share = bench.api("vp").get("/insight/rows", figure="theme:finance:no_reply:2026-10").json
        assert (share["firms"], share["of"]) == (1, 1)
        assert bench.browse("e01").get("/insight/themes").status_code == 403


def test_a_person_strikes_and_restores_a_theme(bench: Park) -> None:
    with clock.frozen(DAY):
        in_force(bench)
        say(bench, "e01", SALTY)
        with bench.app.app_context():
            jobs.deliver_outbox()
        analyst, figure = bench.browse("analyst"), "theme:living:canteen:2026-10"
        number = page(analyst, "/insight/themes").select_one(".in-said li")["id"].removeprefix("said-")
        path = f"/insight/themes/sentences/{number}"
        for present, firms in (("no", 0), ("yes", 1)):
            assert analyst.post(path, data={"theme": "canteen", "present": present}).status_code == 303
            assert bench.api("vp").get("/insight/rows", figure=figure).json["firms"] == firms
            soup = page(analyst, "/insight/themes?state=corrected")
            assert "人工" in soup.select_one(".in-tags").get_text()
            assert len(soup.select(".in-struck")) == 1 - firms
        assert bench.browse("vp").post(path, data={"theme": "canteen", "present": "no"}).status_code == 403
        assert analyst.post(path, data={"theme": "nothing", "present": "yes"}).status_code == 422


def test_two_coders_read_apart_and_kappa_says_how_far_they_agree(bench: Park) -> None:
    with clock.frozen(DAY):
        in_force(bench)
        for text in (SALTY, SALTY, SLOW, NONE):
            say(bench, "e01", text)
        with bench.app.app_context():
            jobs.deliver_outbox()
        seen = {"analyst": {SALTY: ["canteen"], SLOW: ["no_reply"]}, "park": {SLOW: ["no_reply"]}}
        for login, sees in seen.items():
            coder = bench.browse(login)
            for _sentence in range(4):
                soup = page(coder, "/insight/themes/coding")
                text = soup.select_one(".in-words").get_text()
                assert not soup.select("mark")
                action = str(soup.select_one("main form[action*=coding]")["action"])
                assert coder.post(action, data={"theme": sees.get(text, [])}).status_code == 303
            assert page(coder, "/insight/themes/coding").select_one(".in-words") is None
        rows = page(bench.browse("vp"), "/insight/themes/coding").select("tbody tr")
        by_theme = {row.select_one("th").get_text(): row.get_text(" ") for row in rows}
        salty = next(text for text in by_theme.values() if "一致性低" in text)
        assert "0.00" in salty  # one saw it twice, the other never: no better than chance
        assert sum("1.00" in text for text in by_theme.values()) == 1
        assert bench.browse("vp").post("/insight/themes/coding/1", data={}).status_code == 403


def test_weights_are_proposed_on_the_page_and_decided_by_another(bench: Park) -> None:
    analyst, vp = bench.browse("analyst"), bench.browse("vp")
    soup = page(analyst, "/insight/weights")
    typed = {str(one["name"]): str(one["value"]) for one in soup.select("main input[name*='-']")}
    assert len(typed) == 24
    wrong = {**typed, "weight-policy": "二百", "target-chain": "101"}
    answer = analyst.post("/insight/weights", data=wrong)
    said = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "二百" in said and "101" in said
    answer = analyst.post("/insight/weights", data={**typed, "weight-policy": "201"})
    assert answer.status_code == 422 and "1001" in answer.get_data(as_text=True)
    moved = {**typed, "weight-policy": "150", "weight-activity": "100", "note": "活动更重要"}
    assert analyst.post("/insight/weights", data=moved).status_code == 303
    assert not page(analyst, "/insight/weights").select('form[action$="/approve"]')
    action = str(page(vp, "/insight/weights").select_one('form[action$="/approve"]')["action"])
    assert vp.post(action).status_code == 303
    assert bench.api("vp").get("/insight/weights").json["items"][0]["note"] == "活动更重要"
