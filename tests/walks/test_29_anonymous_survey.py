"""Story 29, the survey: five firms answer without a name; nobody sees whose sheet it is, and nothing before the end."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from app.hall.db.base import db
from app.voice.responses.models import AnonymousResponse, SurveyResponse
from tests.factories import Park
from tests.voice.surveys.people import Surveys, yes_no
from tests.walks.seeds import SEEDS, draw_for
from tests.walks.shown import names


@pytest.fixture
def people(park: Park) -> Surveys:
    return Surveys(park)


@pytest.mark.parametrize("seed", SEEDS)
def test_whose_sheet_it_is_stands_nowhere(people: Surveys, seed: int) -> None:
    draw = draw_for(29, seed)
    firms = people.firms(draw.randrange(6, 10))
    answering = draw.sample(firms, draw.randrange(5, len(firms)))  # in whatever order they answer
    number = people.opened(yes_no(anonymous=True), firms)
    for at, firm in enumerate(answering):
        phone = people.park.browse(firm.lower())
        page = phone.get(
            phone.get("/voice/surveys/mine").text.split('href="/s/')[1].split('"')[0].join(("/s/", ""))
        )
        assert "匿名" in page.text
        sent = phone.post(f"/s/{people.token(firm)}", data={"q1": "yes", "q2": f"第{at}盏"})
        assert sent.status_code == 201
        assert "我们不知道这一份是谁交的" in sent.text
    staff = people.park.browse("analyst")
    assert staff.get(f"/voice/surveys/{number}/results").status_code == 409
    before = (
        staff.get(f"/voice/surveys/{number}/invitations").text + staff.get(f"/voice/surveys/{number}").text
    )
    assert "盏" not in before
    people.close(number)
    shown = staff.get(f"/voice/surveys/{number}/results").text
    sentences = [one.text for one in BeautifulSoup(shown, "html.parser").select(".sv-says li")]
    assert sentences == sorted(f"第{at}盏" for at in range(len(answering)))
    for login in ("analyst", "vp", "auditor"):
        pages = people.park.browse(login).get(f"/voice/surveys/{number}/results").text
        assert not any(names(pages, firm) for firm in firms)
    with people.park.app.app_context():
        rows = db.session.query(AnonymousResponse).all()
        assert len(rows) == len(answering)
        assert len({row.week for row in rows}) == 1, "the week, no moment"
        assert {column.name for column in AnonymousResponse.__table__.columns} == {
            "key",
            "version_id",
            "week",
            "answers",
        }
        assert db.session.query(SurveyResponse).count() == 0
        trail = db.session.execute(
            db.text("SELECT action FROM audit_event WHERE action LIKE 'survey%'")
        ).scalars()
        assert sorted(trail) == ["survey.closed", "survey.opened", "survey.reviewed", "survey.written"]
