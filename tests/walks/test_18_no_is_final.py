"""Story 18: a declined pair is not proposed again for the set period, whatever its score becomes; then it may be."""

from __future__ import annotations

import datetime as dt

import pytest

from app.hall import clock
from tests.factories import Park

DAY = clock.at(dt.date(2026, 5, 11), 10)
NEED = {
    "title": "寻找冷库仓位",
    "description": "二十个托盘，零下十八度",
    "tags": ["冷链", "仓储"],
    "deadline": "2027-12-31",
}
OFFER = {"title": "冷库出租", "description": "零下十八度冷库", "tags": ["仓储"], "deadline": "2027-12-31"}


def states(park: Park) -> list[str]:
    return sorted(m["state"] for m in park.api("e51").get("/ecosystem/matches").json["items"])


def say_the_same(park: Park, post: int) -> None:
    """Make the offer say word for word what the need says, so that it cannot fit better."""
    data = {
        "title": NEED["title"],
        "description": NEED["description"],
        "tags": "冷链 仓储",
        "visibility": "park",
        "matching": "y",
        "deadline": NEED["deadline"],
    }
    assert park.browse("e52").post(f"/ecosystem/posts/{post}/edit", data=data).status_code == 303


@pytest.mark.parametrize("period", [180, 45])
def test_no_is_final_for_the_set_period(park: Park, period: int) -> None:
    with clock.frozen(DAY):
        park.staff()
        park.firm("E51", name_zh="望潮食品")
        park.firm("E52", name_zh="北屿冷链")
        secretary = park.browse("secretary")
        rules = {
            "refusal_days": period,
            "most_open": 8,
            "least_percent": 30,
            "answer_days": 30,
            "review": "rules",
        }
        assert secretary.post("/ecosystem/review/policy", data=rules).status_code == 303
        asking, giving = park.api("e51"), park.api("e52")
        assert asking.post("/ecosystem/needs", NEED).json["state"] == "published"
        offer = giving.post("/ecosystem/offers", OFFER).json["id"]
        (match,) = asking.get("/ecosystem/matches").json["items"]

        no = giving.post(f"/ecosystem/matches/{match['id']}/decline", {"reason": "仓位已满"})
        assert (no.status_code, no.json["state"]) == (200, "declined")
        assert no.json["refused_until"] == str(DAY.date() + dt.timedelta(days=period))
        assert asking.post(f"/ecosystem/matches/{match['id']}/accept").status_code == 409
        assert "仓位已满" not in str(asking.get("/ecosystem/matches").json)  # the reason stays with the park
        say_the_same(park, offer)
        assert states(park) == ["declined"]
        giving.post("/ecosystem/offers", NEED)  # posting it again is not a way round
        assert states(park) == ["declined"]
    with clock.frozen(DAY + dt.timedelta(days=period - 1)):
        say_the_same(park, offer)
        assert states(park) == ["declined"]
    with clock.frozen(DAY + dt.timedelta(days=period)):
        say_the_same(park, offer)
        assert states(park) == ["declined", "proposed"]
