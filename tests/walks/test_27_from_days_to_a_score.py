"""Story 27: 66 days, unclear yes, nobody missing: 60.0, 0.0, 100.0 make 53.3; 31 of 50 firms are 62.0 %."""

from __future__ import annotations

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from app.hall import clock
from app.voice import door
from tests.factories import Park
from tests.voice.surveys.people import GOOD, Surveys


@pytest.fixture
def people(park: Park) -> Surveys:
    return Surveys(park)


def test_sixty_six_days_are_fifty_three_points(people: Surveys) -> None:
    firms = people.firms(5)
    number = people.opened(GOOD, firms)
    for firm in firms:
        people.send(people.token(firm), days=66, unclear="yes", who="no", what="第三条", guard="没遇到")
    found = people.close(number)
    assert [one["score"] for one in found["questions"][:3]] == [60.0, 0.0, 100.0]
    [policy, guard] = found["dimensions"]
    assert (policy["plain"], policy["n"]) == (53.3, 5)
    assert (guard["n"], guard["plain"]) == (0, None), "nobody met an emergency: unknown, not zero"


def test_thirty_one_of_fifty_and_every_figure_has_its_n_and_sentences(people: Surveys) -> None:
    firms = people.firms(50)
    number = people.opened(GOOD, firms)
    for at, firm in enumerate(firms):
        good = at < 31
        people.send(
            people.token(firm), days=30 if good else 120, unclear="no" if good else "yes", what=f"第{at}条"
        )
    found = people.close(number)
    assert found["dimensions"][0]["satisfied"] == {
        "hits": 31,
        "n": 50,
        "percent": 62.0,
        "low": 48.2,
        "high": 74.1,
    }
    page = people.park.browse("vp").get(f"/voice/surveys/{number}/results").text
    text = BeautifulSoup(page, "html.parser").get_text(" ", strip=True)
    assert "31 / 50，区间 48.2–74.1%" in text
    assert "原话 19 句" in text
    assert "n = 50" in text
    assert people.park.browse("vp").get(f"/voice/surveys/{number}/results.xlsx").status_code == 200


def test_the_scores_of_a_closed_survey_stand_open_to_the_room_that_sums_them(people: Surveys) -> None:
    firms = people.firms(5)
    number = people.opened(GOOD, firms)
    for firm in firms:
        people.send(people.token(firm), days=66, unclear="yes", who="no", guard="更久")
    people.close(number)
    with people.park.app.app_context():
        day = clock.today()
        found = list(door.survey_scores(day, day))
        assert list(door.survey_scores(day - dt.timedelta(days=9), day - dt.timedelta(days=1))) == []
    assert {(one.dimension, str(one.score), one.layer) for one in found} == {
        ("policy", "160/3", "small_micro"),
        ("infrastructure", "0", "small_micro"),
    }
    assert len(found) == 10
