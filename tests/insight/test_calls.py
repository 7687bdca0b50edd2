"""The calls of insight: stories 44, 45, 47, 48 with their numbers, and who may see what."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.hall import clock
from app.insight.alerts.service import look_at_finished_month
from tests.factories import Park
from tests.insight.park import Answers

OCTOBER = clock.at(dt.date(2026, 10, 3), 9)
Q2 = {
    "policy": 62,
    "infrastructure": 78,
    "chain": 74,
    "talent": 80,
    "finance": 80,
    "activity": 58,
    "approval": 81,
    "living": 65,
}
Q3 = {
    "policy": 82,
    "infrastructure": 80,
    "chain": 79,
    "talent": 85,
    "finance": 85,
    "activity": 92,
    "approval": 82,
    "living": 88,
}


@pytest.fixture
def answers(park: Park) -> Answers:
    return Answers(park, small_micro=20, medium=9, large=4)


def pairs(base: int, n: int) -> list[int]:
    return [base + (-1) ** place * 8 for place in range(n)]


def finance_fell(answers: Answers) -> None:
    for month, base in (("2026-06", 80), ("2026-07", 74), ("2026-08", 68)):
        assert answers.say(month, "finance", "small_micro", pairs(base, 20)).status_code == 201


def test_two_falls_open_an_alert_that_the_countermeasure_resolves(answers: Answers) -> None:
    with clock.frozen(OCTOBER - dt.timedelta(days=30)):
        finance_fell(answers)
        [alert, _whole] = sorted(
            answers.vp.get("/insight/alerts").json["items"], key=lambda one: one["layer"] is None
        )
        assert (alert["layer"], alert["month"], alert["state"]) == ("small_micro", "2026-08", "firing")
        assert (alert["points"], alert["relative_percent"]) == (-12.0, -15.0)
        assert (alert["last_points"], alert["last_relative_percent"]) == (-6.0, -8.1)
        assert alert["paired"] == {"n": 20, "mean_change": -6.0, "same_direction": True}
        assert alert["weak"] is False and alert["seen"] == "new"
        july = answers.vp.get("/insight/alerts", month="2026-07", layer="small_micro", dimension="finance")
        assert july.json["items"] == []  # the third month of the data is the first with a row
        path = f"/insight/alerts/{alert['id']}"
        assert answers.vp.post(path + "/acknowledge").json["seen"] == "acknowledged"
        assert answers.vp.post(path + "/acknowledge").status_code == 409
        body = {"what": "增派 2 人", "owner": "finance", "starts_on": "2026-09-01"}
        countered = answers.vp.post(path + "/counter", body, key="c1")
        assert countered.status_code == 201 and countered.json["seen"] == "countered"
        assert answers.vp.post(path + "/counter", body, key="c1").json == countered.json
        [measure] = countered.json["countermeasures"]
        assert (measure["shows_from"], measure["before"], measure["after"]) == ("2026-09", 68.0, None)
    with clock.frozen(OCTOBER):
        answers.say("2026-09", "finance", "small_micro", pairs(85, 20))
        shown = answers.vp.get(path).json
        assert shown["state"] == "resolved" and shown["countermeasures"][0]["change"] == 17.0
        assert answers.vp.post(path + "/counter", body).status_code == 409


def test_a_counter_says_all_that_is_wrong(answers: Answers) -> None:
    with clock.frozen(OCTOBER - dt.timedelta(days=30)):
        finance_fell(answers)
        number = answers.vp.get("/insight/alerts").json["items"][0]["id"]
        body = {"what": " x ", "owner": "nobody", "starts_on": "2026-07-31", "problem": 4711}
        refused = answers.vp.post(f"/insight/alerts/{number}/counter", body)
        assert refused.status_code == 422 and len(refused.json["reasons"]) == 3
        assert answers.park.api("auditor").post(f"/insight/alerts/{number}/counter", body).status_code == 403


def test_a_month_without_data_makes_an_open_alert_stale(answers: Answers) -> None:
    with clock.frozen(OCTOBER - dt.timedelta(days=30)):
        finance_fell(answers)
    with clock.frozen(OCTOBER):
        answers.say("2026-09", "policy", "small_micro", pairs(70, 20))
        with answers.park.app.app_context():
            look_at_finished_month()
        states = {
            one["state"] for one in answers.vp.get("/insight/alerts", dimension="finance").json["items"]
        }
        assert states == {"stale"}


def test_the_index_and_its_eight_contributions(answers: Answers) -> None:
    with clock.frozen(OCTOBER):
        for month, scores in (("2026-08", Q2), ("2026-09", Q3)):
            for code, score in scores.items():
                answers.say(month, code, "small_micro", pairs(score, 6))
        found = answers.vp.get("/insight/index").json
        assert (found["month"], found["index"], found["coverage"]) == ("2026-09", 83.05, 1.0)
        assert found["contributions"] == {
            "policy": 4.0,
            "infrastructure": 0.2,
            "chain": 1.0,
            "talent": 0.75,
            "finance": 0.5,
            "activity": 1.7,
            "approval": 0.1,
            "living": 2.3,
        }
        assert [(one["month"], one["index"]) for one in found["items"]] == [
            ("2026-08", 72.5),
            ("2026-09", 83.05),
        ]
        rows = answers.vp.get("/insight/rows", figure=found["rows_url"].split("figure=")[1]).json
        assert rows["value"] == 83.05 and rows["n"] == 1000
        parts = answers.vp.get("/insight/rows", figure=found["contributions_url"].split("figure=")[1]).json
        assert parts["value"] == 10.55 and abs(parts["sum"] - 10.55) < 1e-9


def test_a_partial_index_is_compared_with_no_other(answers: Answers) -> None:
    with clock.frozen(OCTOBER):
        for month in ("2026-08", "2026-09"):
            for code, score in Q2.items():
                if (month, code) != ("2026-09", "activity"):
                    answers.say(month, code, "small_micro", pairs(score, 6))
        found = answers.vp.get("/insight/index").json
        assert (found["index"], found["coverage"], found["missing"]) == (73.26, 0.95, ["activity"])
        assert found["contributions"] is None and found["partial"] is True


def test_better_only_because_others_answered(answers: Answers) -> None:
    with clock.frozen(OCTOBER):
        answers.say("2026-08", "activity", "small_micro", [50] * 8)
        answers.say("2026-08", "activity", "medium", [80] * 2)
        answers.say("2026-09", "activity", "small_micro", [48] * 4)
        answers.say("2026-09", "activity", "medium", [78] * 6)
        mix = answers.vp.get("/insight/index").json["mix"]["activity"]
        assert mix == {"change": 10.0, "within": -2.0, "mix": 12.0}


def test_small_groups_and_what_they_could_be_worked_out_from_stay_hidden(answers: Answers) -> None:
    with clock.frozen(OCTOBER):
        answers.say("2026-09", "finance", "large", [90] * 4)
        answers.say("2026-09", "finance", "medium", [70] * 9)
        answers.say("2026-09", "finance", "small_micro", [60] * 20)
        rows = answers.vp.get("/insight/heat").json["items"]
        cells = {one["layer"]: one for row in rows if row["dimension"] == "finance" for one in row["cells"]}
        shown = {layer: (cell["score"], cell["reason"]) for layer, cell in cells.items()}
        assert shown == {
            None: (66.4, None),
            "new": (None, "missing"),
            "large": (None, "few"),
            "medium": (None, "suppressed"),
            "small_micro": (60.0, None),
        }
        auditor = answers.park.api("auditor")
        whole = auditor.get("/insight/rows", figure="score:finance:all:2026-09").json
        assert [(row["layer"], row["n"], row["amount"]) for row in whole["items"]] == [
            ("small_micro", 20, 1200.0),
            ("others", 13, 990.0),
        ]
        assert whole["value"] == 66.4 and whole["sum"] / whole["n"] == pytest.approx(66.36, abs=0.01)
        assert auditor.get("/insight/rows", figure="score:finance:medium:2026-09").json["items"] == []
        by_firm = answers.vp.get("/insight/rows", figure="score:finance:all:2026-09").json
        assert by_firm["total"] == 33 and by_firm["value"] == 66.4


def test_who_may_see_a_single_firm(answers: Answers) -> None:
    answers.park.member("s01", answers.ids["S01"], "enterprise_admin")
    with clock.frozen(OCTOBER):
        answers.say("2026-09", "finance", "small_micro", [60, 70, 80, 90, 100])
        assert answers.vp.get("/insight/heat", by="firm").json["total"] == 5
        own = answers.park.api("s01").get("/insight/heat", by="firm").json
        assert [one["enterprise"] for one in own["items"]] == ["S01"]
        cell = next(one for one in own["items"][0]["cells"] if one["dimension"] == "finance")
        assert (cell["score"], cell["mean"], cell["tone"]) == (60.0, 80.0, "amber")
        assert answers.park.api("auditor").get("/insight/heat", by="firm").status_code == 403
        firm = answers.park.api("s01")
        assert firm.get("/insight/rows", figure="firm:S01:finance:2026-09").json["value"] == 60.0
        assert firm.get("/insight/rows", figure="firm:S02:finance:2026-09").status_code == 404
        assert firm.get("/insight/rows", figure="index:2026-09").status_code == 403
        assert firm.get("/insight/series").status_code == 403


def wrong_rows() -> list[dict[str, Any]]:
    good = {"month": "2026-09", "enterprise": "S01", "dimension": "finance", "score": 70}
    return [
        good | {"month": "2026-13"},
        good | {"score": 100.1},
        good | {"score": -1},
        good | {"dimension": "weather"},
        good | {"enterprise": "NOBODY"},
    ]


def test_wrong_scores_are_refused_and_nothing_is_stored(answers: Answers) -> None:
    for row in wrong_rows():
        assert answers.analyst.post("/insight/scores", {"scores": [row]}).status_code == 422, row
    assert answers.vp.get("/insight/series", dimension="finance").json["months"][0]["n"] == 0
    assert answers.park.api("auditor").post("/insight/scores", {"scores": wrong_rows()}).status_code == 403


def test_the_same_row_again_replaces_its_score(answers: Answers) -> None:
    with clock.frozen(OCTOBER):
        answers.say("2026-09", "finance", "small_micro", [10] * 5)
        answers.say("2026-09", "finance", "small_micro", [60] * 5)
        [month] = answers.vp.get("/insight/series", dimension="finance").json["months"]
        assert (month["month"], month["n"], month["score"]) == ("2026-09", 5, 60.0)


def test_a_new_wording_starts_a_new_series(answers: Answers) -> None:
    with clock.frozen(OCTOBER):
        for month, version in (("2026-07", "1"), ("2026-08", "1"), ("2026-09", "2")):
            answers.say(month, "finance", "small_micro", [80 - int(month[-1])] * 6, version)
        [row] = answers.vp.get("/insight/alerts", month="2026-09", layer="small_micro").json["items"]
        assert row["state"] == "unknown" and row["reasons"] == ["2026-08:version", "2026-07:version"]
