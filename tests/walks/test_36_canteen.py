"""Story 36, the visit after: a fortnight after the answer the firm is asked again, with both scores."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.hall import clock, jobs
from tests.voice.crew import Crew, at
from tests.walks.seeds import SEEDS, draw_for


@pytest.mark.parametrize("seed", SEEDS)
def test_a_fortnight_after_the_answer_the_firm_is_visited_again(crew: Crew, seed: int) -> None:
    with clock.frozen(at("2026-11-02T10:00")):
        problem = crew.team.assigned("canteen", "logistics")
        crew.team.do("logistics", problem, "respond", {"text": "每周两道新菜"})
        plan = {"what": "每周两道新菜", "owner": "logistics", "until_on": "2026-11-30"}
        crew.team.do("logistics", problem, "plan", plan)
        crew.team.do("logistics", problem, "progress", {"text": "已上新"})
        crew.team.do("logistics", problem, "resolve", {"text": "菜单已换"})
        with crew.park.app.app_context():
            jobs.deliver_outbox()
            jobs.deliver_outbox()
        planned = crew.get("keeper", "/voice/visits", state="open")["items"]
        assert [(one["enterprise"], one["on"], one["why"]) for one in planned] == [
            ("E01", "2026-11-16", "revisit")
        ]
    with clock.frozen(at("2026-11-16T10:00")):
        number = planned[0]["id"]
        login = planned[0]["specialist"]
        scores = {"score_before": 65, "score": 88}
        done = crew.post(login, f"/voice/visits/{number}/record", scores)
        assert (done["score_before"], done["score"]) == (65, 88)
        change = {"before": 65.0, "after": 88.0, "points": 23.0, "relative_percent": 35.4, "n": 1}
        assert done["effect"] == change
        page = crew.park.browse(login).get(f"/voice/visits/{number}").text
        assert "+23.0 分" in page and "+35.4%" in page and "n = 1" in page
        assert crew.post(login, f"/voice/visits/{number}/record", {"score": 101}, 422)["status"] == 422
        draw = draw_for(36, seed)
        for _n in range(8):
            before, after = draw.randrange(1, 101), draw.randrange(101)
            body = {"score_before": before, "score": after}
            found = crew.post(login, f"/voice/visits/{number}/record", body)["effect"]
            tenths = Fraction(1000 * (after - before), before)  # half up, below zero away from it
            size = int(abs(tenths) + Fraction(1, 2)) / 10
            assert found["points"] == after - before
            assert found["relative_percent"] == (size if after >= before else -size)
