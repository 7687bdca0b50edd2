"""A questionnaire over the API, from the draft to its figures: who may, in which order, and what is refused."""

from __future__ import annotations

import copy
import datetime as dt

import pytest

from app.hall import clock
from tests.factories import Park
from tests.voice.surveys.people import BAD, GOOD, Surveys, yes_no

NOON = clock.at(dt.date(2026, 11, 2), 10)  # a Monday


@pytest.fixture
def people(park: Park) -> Surveys:
    return Surveys(park)


def test_an_empty_question_is_refused_and_a_good_one_is_not(people: Surveys) -> None:
    made = people.analyst.post("/voice/surveys", BAD).get_json()
    found = people.analyst.post(f"/voice/surveys/{made['id']}/lint").get_json()
    assert found["state"] == "draft"
    assert [(one["question"], one["code"]) for one in found["problems"]] == [
        ("a", "abstract"),
        ("b", "double_barrelled"),
        ("b", "no_unit"),
        ("c", "leading"),
        ("c", "show_if_not_earlier"),
        ("d", "no_scenario"),
        ("d", "personal"),
        ("e", "abstract"),
        ("e", "bare_scale"),
    ]
    refused = people.vp.post(f"/voice/surveys/{made['id']}/review")
    assert refused.status_code == 409
    assert {one["code"] for one in refused.get_json()["reasons"]} >= {"lint_abstract", "lint_bare_scale"}
    good = people.analyst.post("/voice/surveys", GOOD).get_json()
    clean = people.analyst.post(f"/voice/surveys/{good['id']}/lint").get_json()
    assert (clean["problems"], clean["seconds"], clean["state"]) == ([], 61.2, "linted")


def test_a_second_person_reviews_and_only_a_reviewed_version_opens(people: Surveys) -> None:
    firm = people.firms(1)
    made = people.analyst.post("/voice/surveys", yes_no()).get_json()
    path = f"/voice/surveys/{made['id']}"
    early = people.analyst.post(f"{path}/open", {"enterprises": firm})
    assert (early.status_code, early.get_json()["reasons"][0]["code"]) == (409, "voice_survey_step")
    own = people.analyst.post(f"{path}/review")
    assert (own.status_code, own.get_json()["type"]) == (403, "urn:parklink:voice_survey_own")
    assert people.vp.post(f"{path}/review").get_json()["state"] == "reviewed"
    assert people.vp.post(f"{path}/open", {"enterprises": firm}).status_code == 403
    assert people.analyst.post(f"{path}/open", {"enterprises": firm}).get_json()["state"] == "open"
    assert people.park.api("s01").get(path).status_code == 403


def test_a_version_is_frozen_when_it_opens(people: Surveys) -> None:
    number = people.opened(yes_no(2), people.firms(1))
    changed = yes_no(2)
    changed["questions"][0]["text"] = "路上有没有灯不亮？"
    for body in (changed, yes_no(1)):
        answer = people.analyst.post("/voice/surveys", body)
        assert answer.status_code == 409, body["version"]
    same = people.analyst.post("/voice/surveys", yes_no(2))
    assert (same.status_code, same.get_json()["id"], same.get_json()["state"]) == (201, number, "open")
    later = people.reviewed({**changed, "version": 3})
    other = people.analyst.post(f"/voice/surveys/{later}/open", {"enterprises": ["S01"]})
    assert [one["code"] for one in other.get_json()["reasons"]] == ["voice_survey_other_open"]


def test_a_changed_wording_takes_the_review_back(people: Surveys) -> None:
    number = people.reviewed(yes_no())
    changed = yes_no()
    changed["questions"][0]["text"] = "路上有没有灯不亮？"
    again = people.analyst.post("/voice/surveys", changed).get_json()
    assert (again["id"], again["state"], again["reviewed_at"]) == (number, "draft", None)


def test_a_token_is_good_once(people: Surveys) -> None:
    [firm] = people.firms(1)
    people.opened(yes_no(), [firm])
    token = people.token(firm)
    wrong = people.send(token, dark="maybe", nowhere=1)
    assert wrong.status_code == 422
    assert [one["code"] for one in wrong.get_json()["reasons"]] == [
        "voice_answer_unknown",
        "voice_answer_yes_no",
    ]
    assert people.send(token).get_json()["reasons"][0]["code"] == "voice_answer_missing"
    assert people.send(token, dark="no", where="三号楼").status_code == 201
    again = people.send(token, dark="yes")
    assert (again.status_code, again.get_json()["type"]) == (410, "urn:parklink:voice_token_used")
    assert people.send("A" * 20, dark="no").status_code == 404
    assert people.park.api(firm.lower()).get("/voice/surveys/mine").get_json()["items"] == []


def test_after_closing_nothing_is_taken_and_before_it_nothing_is_shown(people: Surveys) -> None:
    firms = people.firms(6)
    number = people.opened(yes_no(), firms)
    tokens = [people.token(firm) for firm in firms]
    for at, token in enumerate(tokens[:5]):
        assert people.send(token, dark="yes" if at < 2 else "no", where=f"{at}号楼").status_code == 201
    assert people.analyst.get(f"/voice/surveys/{number}/results").status_code == 409
    found = people.close(number)
    late = people.send(tokens[5], dark="no")
    assert (late.status_code, late.get_json()["type"]) == (410, "urn:parklink:voice_survey_closed")
    assert (found["n"], found["invited"]) == (5, 6)
    [row] = found["dimensions"]
    assert (row["dimension"], row["n"], row["plain"], row["weighted"]) == ("infrastructure", 5, 60.0, 60.0)
    assert row["satisfied"] == {"hits": 3, "n": 5, "percent": 60.0, "low": 23.1, "high": 88.2}
    dark, where = found["questions"]
    assert (dark["n"], dark["counts"], dark["score"]) == (5, [["yes", 2], ["no", 3]], 60.0)
    assert (where["n"], where["sentences"]) == (2, []), "two firms said where: too few to be shown"
    assert found["rates"] == [
        {"channel": "online", "layer": "small_micro", "answered": 5, "invited": 6, "percent": 83.3}
    ]
    assert people.analyst.post(f"/voice/surveys/{number}/close").status_code == 409


def test_several_people_of_a_firm_are_one_firm(people: Surveys) -> None:
    firms = people.firms(5)
    number = people.opened(yes_no(), firms, seats=2)
    for firm in firms:
        sheets = people.park.api(firm.lower()).get("/voice/surveys/mine").get_json()["items"]
        assert len(sheets) == 2
        people.send(sheets[0]["token"], dark="yes")
        people.send(sheets[1]["token"], dark="no")
    found = people.close(number)
    assert (found["n"], found["sheets"], found["dimensions"][0]["plain"]) == (5, 10, 50.0)


def test_an_anonymous_survey_of_fewer_than_five_is_refused(people: Surveys) -> None:
    number = people.reviewed(yes_no(anonymous=True))
    firms = people.firms(4)
    body = {"enterprises": firms, "seats": 2, "closes_on": "2020-01-01"}
    answer = people.analyst.post(f"/voice/surveys/{number}/open", body)
    assert [one["code"] for one in answer.get_json()["reasons"]] == [
        "voice_survey_closes_on",
        "voice_survey_too_few",
        "voice_survey_one_seat",
    ]
    unknown = people.analyst.post(f"/voice/surveys/{number}/open", {"enterprises": ["NONE", "PARK"]})
    assert (unknown.status_code, len(unknown.get_json()["reasons"])) == (422, 2)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "stars"}, "json_not_one_of"),
        ({"text": ""}, "json_empty"),
        ({"metric": {"kind": "linear", "best": 3, "worst": 3}}, "voice_best_is_worst"),
        ({"metric": {"kind": "choice", "scores": {"x": 101}}}, "voice_score_outside"),
    ],
)
def test_a_file_that_says_something_unknown_is_refused(
    people: Surveys, change: dict[str, object], code: str
) -> None:
    body = copy.deepcopy(yes_no())
    body["questions"][0].update(change)
    answer = people.analyst.post("/voice/surveys", body)
    assert answer.status_code == 422
    assert [one["code"] for one in answer.get_json()["reasons"]] == [code]
    assert people.analyst.get("/voice/surveys").get_json()["total"] == 0


def test_the_firm_is_told_in_working_hours_and_saves_to_go_on(people: Surveys) -> None:
    [firm] = people.firms(1)
    with clock.frozen(clock.at(dt.date(2026, 11, 1), 23)):  # a Sunday night
        number = people.opened(GOOD, [firm])
        inbox = people.park.api(firm.lower()).get("/identity/notifications").get_json()
        assert inbox["items"] == []
    with clock.frozen(NOON):
        with people.park.app.app_context():
            from app.hall.jobs import deliver_outbox

            deliver_outbox()
        [told] = people.park.api(firm.lower()).get("/identity/notifications").get_json()["items"]
        assert told["url"].startswith("/voice/surveys/answer/")
        token = people.token(firm)
        client = people.park.app.test_client(use_cookies=False)
        saved = client.post(f"/api/v1/s/{token}", json={"answers": {"days": 66}, "save": True})
        assert (saved.status_code, saved.get_json()) == (200, {"state": "saved"})
        assert client.get(f"/api/v1/s/{token}").get_json()["saved"] == {"days": 66}
        assert people.send(token, days=66, unclear="yes", who="no").status_code == 201
    assert people.analyst.get(f"/voice/surveys/{number}").get_json()["answered"] == 1
