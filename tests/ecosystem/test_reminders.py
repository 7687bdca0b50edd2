"""What people are told in time: a post that expires, a resolution that falls due, a meeting that is called off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from icalendar import Calendar

from app.ecosystem.introductions import service as introductions
from app.ecosystem.market import service as market
from app.ecosystem.round_table import service as round_table
from app.hall import clock
from tests.factories import Park

DAY = clock.at(dt.date(2026, 3, 2), 9)


def told(park: Park, login: str) -> list[str]:
    """Codes of the messages a member has, oldest first."""
    items = park.api(login).get("/identity/notifications", limit=200).json["items"]
    return [item["code"] for item in reversed(items)]


def work(park: Park, *jobs: Callable[[], int]) -> list[int]:
    with park.app.app_context():
        return [job() for job in jobs for _twice in range(2)]


def test_a_post_is_announced_before_it_expires(park: Park) -> None:
    with clock.frozen(DAY):
        park.staff()
        park.trust_posts()
        park.firm("E01")
        body = {"title": "寻找钣金打样", "tags": ["钣金"], "deadline": "2026-03-20"}
        number = park.api("e01").post("/ecosystem/needs", body).json["id"]
    for day, state, codes in (
        (12, "published", []),
        (13, "published", ["post_expires_soon"]),  # seven days before
        (20, "published", ["post_expires_soon"]),  # the last day still counts
        (21, "expired", ["post_expires_soon", "post_expired"]),
    ):
        with clock.frozen(clock.at(dt.date(2026, 3, day), 9)):
            work(park, market.expire_due)
            assert park.api("e01").get(f"/ecosystem/posts/{number}").json["state"] == state
            assert told(park, "e01") == codes, day


def test_owners_hear_of_their_resolutions(park: Park) -> None:
    with clock.frozen(DAY):
        park.staff()
        park.firm("E01")
        secretary = park.api("secretary")
        assert secretary.post("/ecosystem/committee", {"name": "委员会"}).status_code == 201
        secretary.post("/ecosystem/committee/seats", {"organisation": "E01"})
        times = {"start": DAY.isoformat(), "end": (DAY + dt.timedelta(hours=1)).isoformat()}
        meeting = secretary.post("/ecosystem/meetings", times).json["id"]
        item = secretary.post(f"/ecosystem/meetings/{meeting}/items", {"title": "共用叉车"}).json["id"]
        path = f"/ecosystem/meetings/{meeting}/items/{item}"
        park.api("e01").post(f"{path}/vote", {"choice": "yes"})
        wish = {"text": "拟定共用办法", "owner": "E01", "due_on": "2026-03-20"}
        assert secretary.post(f"{path}/resolutions", wish).status_code == 201
        already = told(park, "e01")
    soon, late = "resolution_due_soon", "resolution_overdue"
    for day, codes in (
        (12, []),
        (13, [soon]),
        (20, [soon]),
        (21, [soon, late]),
        (27, [soon, late]),
        (28, [soon, late, late]),
    ):
        with clock.frozen(clock.at(dt.date(2026, 3, day), 9)):
            work(park, round_table.remind)
            assert told(park, "e01")[len(already) :] == codes, day


def test_a_called_off_meeting_leaves_the_calendar(park: Park) -> None:
    with clock.frozen(DAY):
        park.staff()
        park.trust_posts()
        for code in ("E01", "E02"):
            park.firm(code)
        body = {"title": "寻找钣金打样", "tags": ["钣金"]}
        park.api("e01").post("/ecosystem/needs", body)
        park.api("e02").post("/ecosystem/offers", body)
        match = park.api("e01").get("/ecosystem/matches").json["items"][0]["id"]
        park.api("e01").post(f"/ecosystem/matches/{match}/accept")
        number = park.api("e02").post(f"/ecosystem/matches/{match}/accept").json["introduction"]
        page = f"/ecosystem/introductions/{number}"
        mine, theirs = park.browse("e01"), park.browse("e02")
        times = {"starts_at": "2026-03-05T14:00", "ends_at": "2026-03-05T15:00", "place": "3 号楼"}
        assert mine.post(f"{page}/meetings", data=times).status_code == 303
        first = Calendar.from_ical(theirs.get(f"{page}/meetings/1.ics").data).walk("VEVENT")[0]
        assert mine.post(f"{page}/meetings/1/cancel").status_code == 303
        assert theirs.post(f"{page}/meetings/1/cancel").status_code == 409
        again = Calendar.from_ical(theirs.get(f"{page}/meetings/1.ics").data).walk("VEVENT")[0]
    assert (str(first["status"]), str(again["status"])) == ("CONFIRMED", "CANCELLED")
    assert again["uid"] == first["uid"] and int(again["sequence"]) > int(first["sequence"])
    assert told(park, "e02")[-1] == "introduction_meeting_off"


def test_overdue_steps_are_told_once_to_whoever_looks_after_them(park: Park) -> None:
    with clock.frozen(DAY):
        park.staff()
        park.trust_posts()
        for code in ("E01", "E02", "E03"):
            park.firm(code)
        body = {"title": "寻找钣金打样", "tags": ["钣金"]}
        park.api("e01").post("/ecosystem/needs", body)
        park.api("e02").post("/ecosystem/offers", body)
        match = park.api("e01").get("/ecosystem/matches").json["items"][0]["id"]
        park.api("e01").post(f"/ecosystem/matches/{match}/accept")
        number = park.api("e02").post(f"/ecosystem/matches/{match}/accept").json["introduction"]
        page = f"/ecosystem/introductions/{number}"
        investment = park.actor("investment").member_id
        hand_over = {"member_id": investment}
        assert park.browse("e01").post(f"{page}/owner", data=hand_over).status_code == 403
        assert park.browse("secretary").post(f"{page}/owner", data=hand_over).status_code == 303
        firm = {"member_id": park.actor("e03").member_id}
        assert park.browse("secretary").post(f"{page}/owner", data=firm).status_code == 422
        plan = {"step": "寄样", "due_on": "2026-03-06", "owner_id": park.actor("e02").organisation_id}
        assert park.browse("e01").post(f"{page}/next", data=plan).status_code == 303
    due, silent = "introduction_step_due", "introduction_stalled"
    for day, codes in ((6, []), (7, [due]), (15, [due]), (17, [due, silent]), (30, [due, silent])):
        with clock.frozen(clock.at(dt.date(2026, 3, day), 9)):
            work(park, introductions.remind)
            heard = [code for code in told(park, "investment") if code in (due, silent)]
            assert heard == codes, day
            assert [code for code in told(park, "e02") if code in (due, silent)] == codes, day
