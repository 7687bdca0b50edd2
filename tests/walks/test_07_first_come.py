"""Story 7: first come is not best. One cytometer, five flexible requests: 4 of 8 hours, or all 8."""

from __future__ import annotations

import datetime as dt

from app.hall import clock
from tests.factories import Api, Park
from tests.walks.test_05_all_reasons import at, next_weekday, spectrometer

# hours, earliest, latest, preferred: the five requests of the story.
WISHES = ((3, 9, 17, 11), (2, 10, 14, 12), (2, 13, 17, 13), (1, 9, 11, 9), (4, 9, 17, 9))


def ask(
    firm: Api, resource: int, day: dt.date, hours: int, earliest: int, latest: int, preferred: int
) -> int:
    answer = firm.post(
        "/sharing/slot-requests",
        {
            "resources": [resource],
            "windows": [{"start": at(day, earliest), "end": at(day, latest)}],
            "duration_minutes": hours * 60,
            "preferred_start": at(day, preferred),
            "purpose": "流式分析",
        },
    )
    assert answer.status_code == 201, answer.json
    return int(answer.json["id"])


def hours(rows: list[dict[str, str]]) -> float:
    spans = [dt.datetime.fromisoformat(r["end"]) - dt.datetime.fromisoformat(r["start"]) for r in rows]
    return sum(span.total_seconds() for span in spans) / 3600


def planned(park: Park) -> tuple[Api, int, dt.date, list[int], dict]:
    park.firm("E20")
    owner = park.api("e20")
    resource = spectrometer(owner, name="流式细胞仪", step_minutes=60, min_minutes=60)
    day = next_weekday(2)
    wishes = []
    for number, wish in enumerate(WISHES, start=21):
        park.firm(f"E{number}")
        wishes.append(ask(park.api(f"e{number}"), resource, day, *wish))
    run = owner.post(
        "/sharing/schedule-runs", {"from": at(day, 0), "to": at(day + dt.timedelta(days=1), 0), "seconds": 10}
    )
    assert run.status_code == 201, run.json
    return owner, resource, day, wishes, owner.get(f"/sharing/schedule-runs/{run.json['id']}").json


def test_optimised_round_serves_all_eight_hours_and_publishing_books_them(park: Park) -> None:
    owner, _resource, _day, wishes, run = planned(park)
    assert (run["state"], run["outcome"]) == ("solved", "optimal")
    assert hours(run["assignments"]) == 8
    # First come at the preferred start: 11–14 and 9–10, the other three find the instrument taken.
    assert run["first_come_value"] == 100 * 3 * (3 + 1)
    assert run["value"] > run["first_come_value"]
    assert len(run["assignments"]) + len(run["rejected"]) == len(wishes)
    assert all(refused["reasons"] for refused in run["rejected"])

    published = owner.post(f"/sharing/schedule-runs/{run['id']}/publish", key="once")
    assert published.status_code == 200, published.json
    assert (len(published.json["booked"]), published.json["lost"]) == (len(run["assignments"]), [])
    assert owner.post(f"/sharing/schedule-runs/{run['id']}/publish", key="once").json == published.json
    assert owner.post(f"/sharing/schedule-runs/{run['id']}/publish", key="again").status_code == 409

    placed = run["assignments"][0]
    holder = park.api(placed["enterprise"].lower())
    wish = holder.get(f"/sharing/slot-requests/{placed['request']}").json
    assert wish["state"] == "placed"
    booking = holder.get(f"/sharing/bookings/{wish['booking']}").json
    assert booking["state"] == "confirmed"


def test_what_was_taken_meanwhile_is_reported_and_never_overwritten(park: Park) -> None:
    owner, resource, _day, _wishes, run = planned(park)
    lost = run["assignments"][0]
    park.firm("E30")
    faster = park.api("e30").post(
        "/sharing/bookings",
        {"resource": resource, "start": lost["start"], "end": lost["end"], "purpose": "抢先"},
    )
    assert faster.status_code == 201
    published = owner.post(f"/sharing/schedule-runs/{run['id']}/publish").json
    assert published["lost"] == [lost["request"]]
    assert len(published["booked"]) == len(run["assignments"]) - 1
    still = park.api("e30").get(f"/sharing/bookings/{faster.json['id']}").json
    assert still["state"] == "confirmed"
    again = owner.get(f"/sharing/schedule-runs/{run['id']}").json
    told = next(one for one in again["assignments"] if one["request"] == lost["request"])
    assert told["booking"] is None
    wish = park.api(lost["enterprise"].lower()).get(f"/sharing/slot-requests/{lost['request']}").json
    assert wish["state"] == "open", "it takes part in the next round"


def test_a_plan_can_be_edited_but_not_into_an_overlap(park: Park) -> None:
    owner, _resource, _day, _wishes, run = planned(park)
    first, second = run["assignments"][:2]
    place = f"/sharing/schedule-runs/{run['id']}/place"
    clash = owner.post(place, {"request": first["request"], "unit": second["unit"], "start": second["start"]})
    assert clash.status_code == 409
    assert clash.json["reasons"]
    unchanged = owner.get(f"/sharing/schedule-runs/{run['id']}").json
    assert unchanged["assignments"] == run["assignments"]


def test_only_the_owner_and_the_park_see_a_round_and_wishes_are_ones_own(park: Park) -> None:
    _owner, resource, day, wishes, run = planned(park)
    stranger = park.api("e21")
    assert stranger.get(f"/sharing/schedule-runs/{run['id']}").status_code == 404
    assert stranger.post(f"/sharing/schedule-runs/{run['id']}/publish").status_code == 404
    assert stranger.get(f"/sharing/slot-requests/{wishes[1]}").status_code == 404
    assert park.api("e22").post(f"/sharing/slot-requests/{wishes[1]}/withdraw").status_code == 200
    bad = stranger.post(
        "/sharing/slot-requests",
        {
            "resources": [resource, 999_999],
            "windows": [{"start": at(day, 12), "end": at(day, 9)}],
            "duration_minutes": 60,
        },
    )
    assert bad.status_code == 422
    assert {reason["code"] for reason in bad.json["reasons"]} == {
        "slot_request_unknown",
        "slot_request_window",
    }
    assert clock.today() < day


def test_refusals_say_who_took_the_time_and_what_would_have_fitted(park: Park) -> None:
    _owner, _resource, _day, _wishes, run = planned(park)
    for refused in run["rejected"]:
        first = refused["reasons"][0]
        assert first["code"] == "displaced"
        assert any(f"#{placed['request']}" in first["message"] for placed in run["assignments"])


def test_a_late_wish_is_fitted_into_a_plan_that_waits_for_publication(park: Park) -> None:
    owner, resource, day, _wishes, run = planned(park)
    later = day + dt.timedelta(days=1)
    again = owner.post(
        "/sharing/schedule-runs",
        {"from": at(day, 0), "to": at(later + dt.timedelta(days=1), 0), "seconds": 5},
    ).json
    late = ask(park.api("e21"), resource, later, 2, 9, 12, 9)
    answer = owner.post(f"/sharing/schedule-runs/{again['id']}/extend")
    assert answer.status_code == 200, answer.json
    placed = {one["request"]: one for one in answer.json["assignments"]}
    assert dt.datetime.fromisoformat(placed[late]["start"]) == dt.datetime.fromisoformat(at(later, 9))
    assert answer.json["moved"] == []
    assert len(placed) == len(run["assignments"]) + 1
    assert owner.post(f"/sharing/schedule-runs/{again['id']}/extend").status_code == 422, (
        "nothing new any more"
    )
