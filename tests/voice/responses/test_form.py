"""The form on a phone: no account and no script, everything wrong at once and nothing lost, in both languages, light."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from bs4 import BeautifulSoup

from app.hall import clock
from app.hall.jobs import deliver_outbox
from app.voice.invitations.service import remind
from app.voice.responses.closing_service import come_to_an_end
from tests.factories import Park
from tests.voice.surveys.people import GOOD, Surveys, yes_no

KINDS = ("number", "yes_no", "choice", "multi", "scale", "date", "text")


def long_survey(count: int = 30) -> dict[str, Any]:
    """A survey of questions of every kind, each with its scenario."""
    questions = []
    for at in range(count):
        kind = KINDS[at % len(KINDS)]
        question: dict[str, Any] = {
            "id": f"question-{at}",
            "kind": kind,
            "text": f"最近一次申报政策，从了解政策到拿到资金，第 {at} 步用了多少天，遇到了什么？",
            "scenario": "最近一次申报政策，从了解到拿到资金",
            "dimension": "policy",
        }
        if kind == "number":
            question["unit"] = "天"
        if kind in ("choice", "multi"):
            question["options"] = ["5分钟内", "5到15分钟", "更久", "没遇到"]
        questions.append(question)
    return {
        "format": "parklink-survey/1",
        "id": "long",
        "version": 1,
        "questions": questions,
        "limit_seconds": 900,
    }


@pytest.fixture
def people(park: Park) -> Surveys:
    return Surveys(park)


def test_thirty_questions_are_a_light_page(people: Surveys) -> None:
    [firm] = people.firms(1)
    people.opened(long_survey(), [firm])
    page = people.park.app.test_client().get(f"/s/{people.token(firm)}")
    assert page.status_code == 200
    assert len(page.data) <= 40_000
    soup = BeautifulSoup(page.text, "html.parser")
    assert len(soup.select(".sv-q")) == 30
    assert soup.select("main [onclick], main script, main [style]") == []


def test_what_is_wrong_is_told_at_the_question_and_what_was_typed_stays(people: Surveys) -> None:
    [firm] = people.firms(1)
    people.opened(GOOD, [firm])
    token = people.token(firm)
    phone = people.park.app.test_client(use_cookies=False)
    refused = phone.post(f"/s/{token}", data={"q1": "很多", "q2": "yes", "q4": "<b>第三条</b>"})
    assert refused.status_code == 422
    soup = BeautifulSoup(refused.text, "html.parser")
    days = soup.select_one("#q1-q")
    assert days is not None
    assert days.select_one("input")["value"] == "很多"  # type: ignore[index]
    assert days.select_one(".pl-error").text == "第 1 题要填数字"  # type: ignore[union-attr]
    assert soup.select_one("#q2-q input[value=yes]").has_attr("checked")  # type: ignore[union-attr]
    assert soup.select_one("#q4").text == "<b>第三条</b>"  # type: ignore[union-attr]
    saved = phone.post(f"/s/{token}", data={"q1": "６６", "q2": "yes", "act": "save"})
    assert saved.status_code == 303
    again = BeautifulSoup(phone.get(f"/s/{token}").text, "html.parser")
    assert again.select_one("#q1")["value"] == "66"  # type: ignore[index]
    taken = phone.post(f"/s/{token}", data={"q1": "66", "q2": "no", "q3": "no", "q4": "藏起来的"})
    assert taken.status_code == 201
    assert phone.post(f"/s/{token}", data={"q1": "1"}).status_code == 410
    assert "链接只能用一次" in phone.get(f"/s/{token}").text
    assert phone.get("/s/NOTHING").status_code == 404


def test_the_form_speaks_english_where_the_reader_does(people: Surveys) -> None:
    body = yes_no()
    body["questions"][0]["text_en"] = "Was there a dark lamp on the way?"
    [firm] = people.firms(1)
    people.opened(body, [firm])
    page = people.park.app.test_client().get(
        f"/s/{people.token(firm)}", headers={"Accept-Language": "en-GB,en;q=0.9"}
    )
    text = BeautifulSoup(page.text, "html.parser").get_text(" ", strip=True)
    assert "Was there a dark lamp on the way?" in text
    assert "(if question 1 is answered “yes”)" in text


def test_paper_and_telephone_are_typed_in_by_the_park(people: Surveys) -> None:
    firms = people.firms(2)
    number = people.opened(yes_no(), firms, channel="paper")
    assert people.park.api("s01").get("/identity/notifications").get_json()["items"] == []
    browser = people.park.browse("specialist")
    page = BeautifulSoup(browser.get(f"/voice/surveys/{number}/invitations").text, "html.parser")
    links = [str(one["href"]) for one in page.select("tbody a")]
    pdf = browser.get(next(one for one in links if one.endswith(".pdf")))
    assert (pdf.status_code, pdf.data[:5]) == (200, b"%PDF-")
    form = browser.get(links[0])
    assert form.status_code == 303
    assert browser.post(form.location, data={"q1": "no"}).status_code == 201
    back = people.analyst.get(f"/voice/surveys/{number}/invitations", state="used").get_json()
    assert [(one["channel"], one["token"]) for one in back["items"]] == [("paper", None)]
    assert people.park.browse("investment").get(f"/voice/surveys/{number}/invitations").status_code == 403


def test_nobody_types_for_a_firm_in_an_anonymous_survey(people: Surveys) -> None:
    firms = people.firms(5)
    number = people.reviewed(yes_no(anonymous=True))
    by_phone = people.analyst.post(
        f"/voice/surveys/{number}/open", {"enterprises": firms, "channel": "phone"}
    )
    assert [one["code"] for one in by_phone.get_json()["reasons"]] == ["voice_survey_typed_in"]
    assert people.analyst.post(f"/voice/surveys/{number}/open", {"enterprises": firms}).status_code == 200
    asked = people.analyst.get(f"/voice/surveys/{number}/invitations").get_json()["items"]
    assert {one["token"] for one in asked} == {None}
    refused = people.park.browse("specialist").get(f"/voice/surveys/answer/{asked[0]['id']}")
    assert refused.status_code == 403
    saved = people.park.app.test_client().post(f"/s/{people.token('S01')}", data={"q1": "no", "act": "save"})
    assert saved.status_code == 409, "a draft would know whose sheet it is"


def test_reminders_come_twice_at_most_and_never_at_night(people: Surveys) -> None:
    firms = people.firms(2)
    opened = dt.date(2026, 11, 2)  # a Monday
    with clock.frozen(clock.at(opened, 10)):
        number = people.opened(yes_no(), firms, closes_on="2026-11-23")
        people.send(people.token(firms[0]), dark="no")

    def reminded(day: dt.date, hour: int) -> int:
        with clock.frozen(clock.at(day, hour)), people.park.app.app_context():
            count = remind()
            deliver_outbox()
            return count

    assert reminded(dt.date(2026, 11, 9), 22) == 0, "at night"
    assert reminded(dt.date(2026, 11, 8), 10) == 0, "on a Sunday"
    assert reminded(dt.date(2026, 11, 9), 10) == 1, "a week later, only who has not answered"
    assert reminded(dt.date(2026, 11, 9), 11) == 0
    assert reminded(dt.date(2026, 11, 20), 9) == 1, "three days before the end"
    assert reminded(dt.date(2026, 11, 20), 15) == 0
    assert reminded(dt.date(2026, 11, 23), 9) == 0
    with clock.frozen(clock.at(dt.date(2026, 11, 24), 1)), people.park.app.app_context():
        assert come_to_an_end() == 1
    assert people.analyst.get(f"/voice/surveys/{number}").get_json()["state"] == "closed"
