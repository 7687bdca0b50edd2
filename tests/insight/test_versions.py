"""Weights and codebooks need four eyes; a forecast tells its own record."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from app.hall import clock
from tests.factories import Park
from tests.insight.park import Answers

OCTOBER = clock.at(dt.date(2026, 10, 3), 9)
DATA = Path(__file__).parents[1] / "data" / "wider"
CODES = ("policy", "infrastructure", "chain", "talent", "finance", "activity", "approval", "living")


@pytest.fixture
def answers(park: Park) -> Answers:
    return Answers(park, small_micro=6)


def weights(*permille: int) -> dict[str, object]:
    rows = zip(CODES, permille, strict=True)
    return {
        "weights": [
            {"dimension": code, "weight_permille": n, "target": 75, "red_below": 60} for code, n in rows
        ]
    }


def test_weights_add_up_and_another_person_approves(answers: Answers) -> None:
    even = weights(*[125] * 8)
    assert answers.analyst.post("/insight/weights", weights(*[120] * 8)).status_code == 422
    made = answers.analyst.post("/insight/weights", even)
    assert made.status_code == 201 and made.json["state"] == "proposed"
    path = f"/insight/weights/{made.json['id']}/approve"
    assert answers.analyst.post(path).status_code == 403
    assert answers.vp.post(path).json["state"] == "in_force"
    assert answers.vp.post(path).status_code == 409
    assert [one["state"] for one in answers.vp.get("/insight/weights").json["items"]] == [
        "in_force",
        "superseded",
    ]


def test_a_codebook_passes_its_own_tests_first(answers: Answers) -> None:
    text = (DATA / "codebook.yaml").read_text("utf-8")
    wrong = text.replace("themes: [no_reply]}", "themes: [canteen]}")
    assert answers.analyst.post("/insight/codebooks", {"text": wrong}).status_code == 422
    made = answers.analyst.post("/insight/codebooks", {"text": text}).json
    assert answers.analyst.post(f"/insight/codebooks/{made['id']}/approve").status_code == 403
    assert answers.vp.post(f"/insight/codebooks/{made['id']}/approve").json["state"] == "in_force"
    assert (
        answers.analyst.post("/insight/codebooks", {"text": text}).status_code == 422
    )  # the same version again


def test_the_forecast_of_the_example_and_of_eleven_months(answers: Answers) -> None:
    lines = (DATA / "series.csv").read_text("utf-8").split()[1:]
    with clock.frozen(OCTOBER):
        first = 2026 * 12 + 8 - len(lines) + 1
        for place, line in enumerate(lines):
            month = f"{(first + place) // 12:04d}-{(first + place) % 12 + 1:02d}"
            answers.say(month, "policy", "small_micro", [line.split(",")[1]] * 5)
            if place >= len(lines) - 11:
                answers.say(month, "talent", "small_micro", [70] * 5)
        found = {one["dimension"]: one for one in answers.vp.get("/insight/forecasts").json["items"]}
        policy = found["policy"]
        assert (policy["method"], round(policy["forecast"], 1)) == ("theil_sen", 74.4)
        assert (round(policy["low"], 1), round(policy["high"], 1)) == (73.7, 74.7)
        assert (found["talent"]["state"], found["talent"]["needs"]) == ("insufficient", 12)
        assert found["chain"]["state"] == "insufficient"
