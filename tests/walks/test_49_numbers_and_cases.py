"""Story 49, the activity: who came says in one tap whether it was of use, and the dimension's score follows from it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.hall import clock, jobs
from tests.voice.crew import Crew, at
from tests.walks.seeds import SEEDS, draw_for
from tests.walks.shown import half_up

SCORES = {"yes": 100, "partly": 50, "no": 0}
FIRMS = [f"E{n:02d}" for n in range(4, 13)]


def _mean(said: dict[str, str]) -> float:
    return half_up(Fraction(sum(SCORES[one] for one in said.values()), len(said)))


def _held(crew: Crew, day: str, there: list[str]) -> int:
    with clock.frozen(at(f"{day}T16:00")):
        body = {"kind": "activity", "on": day, "title": "案例分享会", "series": "每月", "enterprises": FIRMS}
        number = int(crew.post("keeper", "/voice/gatherings", body, 201)["id"])
        crew.post("keeper", f"/voice/gatherings/{number}/hold", {"attended": there})
    return number


@pytest.mark.parametrize("seed", SEEDS)
def test_49_what_guests_took_home_is_the_score_of_activities(crew: Crew, seed: int) -> None:
    draw = draw_for(49, seed)
    scores = []
    for day, choices in (("2026-09-04", ("no", "partly")), ("2026-10-09", ("yes", "yes", "partly"))):
        there = sorted(draw.sample(FIRMS, draw.randrange(6, 9)))
        number = _held(crew, day, there)
        said = {code: draw.choice(choices) for code in there[:-1]}
        with clock.frozen(at(f"{day}T18:00")):
            for code in (set(FIRMS) - set(there)) | {"E01"}:  # not there, or not even invited
                expect = 409 if code in FIRMS else 404
                crew.post(code.lower(), f"/voice/gatherings/{number}/rate", {"useful": "yes"}, expect)
            crew.post("keeper", f"/voice/gatherings/{number}/rate", {"useful": "yes"}, 403)
            for n, (code, useful) in enumerate(said.items()):
                if n == 4:
                    few = crew.get("keeper", f"/voice/gatherings/{number}")["said"]
                    assert few == {"n": 4, "score": None}, "what four say is hidden"
                rated = crew.post(code.lower(), f"/voice/gatherings/{number}/rate", {"useful": useful})
                assert rated["score"] == SCORES[useful]
            page = crew.park.browse(there[0].lower())
            assert "带回了马上能用的东西吗" in page.get("/voice/mine").text
            changed = page.post(f"/voice/gatherings/{number}/rate", data={"useful": said[there[0]]})
            assert changed.status_code == 303  # the same again: one answer a firm
        scores.append(_mean(said))
        shown = crew.get("keeper", f"/voice/gatherings/{number}")
        assert shown["said"] == {"n": len(said), "score": scores[-1]}
    assert shown["before"]["said"]["score"] == scores[0]
    text = crew.park.browse("keeper").get(f"/voice/gatherings/{number}").text
    assert f"{scores[1]:.1f} 分" in text and f"{scores[0]:.1f} 分" in text
    with clock.frozen(at("2026-11-03T09:00")):
        with crew.park.app.app_context():
            jobs.deliver_outbox()
        months = crew.get("vp", "/insight/series", dimension="activity")["months"]
        known = {one["month"]: one["score"] for one in months}
        assert (known["2026-09"], known["2026-10"]) == tuple(scores)
        mine = crew.get("vp", "/insight/rows", figure=f"firm:{there[0]}:activity:2026-10")["items"]
        assert [row["amount"] for row in mine] == [float(SCORES[said[there[0]]])]
    with clock.frozen(at("2026-11-09T09:00")):  # the 31st day
        late = crew.post(there[0].lower(), f"/voice/gatherings/{number}/rate", {"useful": "no"}, 409)
        assert late["type"].endswith("gathering_rating_late")
        assert crew.post(there[0].lower(), f"/voice/gatherings/{number}/rate", {"useful": "?"}, 422)
