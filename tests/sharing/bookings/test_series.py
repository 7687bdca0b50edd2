"""Series in every rhythm; given up or moved from a day on; dates that were left out are taken in later."""

from __future__ import annotations

import datetime as dt

import pytest

from app.hall import clock
from app.sharing.bookings.rhythm import Rhythm, days


def test_rhythms_fall_on_the_days_they_say():
    """From Wednesday 2 December 2026; the park works on Saturday 5 and not on Monday 7."""

    def works(day: dt.date) -> bool:
        return day == dt.date(2026, 12, 5) or (day.weekday() < 5 and day != dt.date(2026, 12, 7))

    first = dt.date(2026, 12, 2)

    def of(rhythm: Rhythm) -> list[int]:
        return [day.day for day in days(first, rhythm, works)]

    assert of(Rhythm(3)) == [2, 9, 16]
    assert of(Rhythm(2, every=2, weekdays=frozenset({2, 3, 5}))) == [2, 4, 15, 16, 18]
    assert of(Rhythm(4, every=3, unit="daily")) == [2, 5, 8, 11]
    assert of(Rhythm(5, unit="workdays")) == [2, 3, 4, 5, 8]


@pytest.fixture
def town(park):
    park.staff()
    for code in ("E01", "E02", "E03"):
        park.firm(code)
    return park


def _series(town, resource, at, **more):
    body = {"resource": resource, "start": at(0, 9), "end": at(0, 11), "purpose": "批检", "weeks": 2} | more
    return town.api("e02").post("/sharing/booking-series", body)


def test_a_series_is_moved_and_given_up_from_a_day_on(town, instrument, at, monday):
    """Mondays and Thursdays for two weeks; from the first Thursday an hour later, the last two dates given up."""
    resource = instrument("e01", max_minutes=480)
    made = _series(town, resource, at, weekdays=[1, 4])
    assert made.status_code == 201, made.text
    assert [b["start"][:10] for b in made.json["bookings"]] == [
        (monday + dt.timedelta(days=n)).isoformat() for n in (0, 3, 7, 10)
    ]
    number = made.json["id"]
    thursday = (monday + dt.timedelta(days=3)).isoformat()
    path = f"/sharing/booking-series/{number}"
    body = {"from": thursday, "time": "10:00"}
    assert town.api("e03").post(f"{path}/move", body).status_code == 404
    moved = town.api("e02").post(f"{path}/move", body)
    assert moved.status_code == 200, moved.text
    assert [b["start"][11:16] for b in moved.json["items"]] == ["10:00"] * 3
    page = town.browse("e02").get(f"/sharing/series/{number}").text
    assert page.count("10:00–12:00") == 3 and page.count("09:00–11:00") == 1
    # 16:00 to 18:00 does not fit the opening hours: nothing moves.
    refused = town.api("e02").post(f"{path}/move", body | {"time": "16:00"})
    assert (refused.status_code, refused.json["type"]) == (409, "urn:parklink:series_move_misfits")
    assert len(refused.json["misfits"]) == 3
    # One week later each of the last ones stands where the next stood: they make room for each other.
    later = town.api("e02").post(f"{path}/move", body | {"time": "10:00", "days": 7})
    assert later.status_code == 200, later.text
    given_up = town.browse("e02").post(
        f"/sharing/series/{number}/cancel", data={"since": (monday + dt.timedelta(days=14)).isoformat()}
    )
    assert given_up.status_code == 303
    open_ = town.api("e02").get("/sharing/bookings", state="confirmed").json["items"]
    assert sorted(b["start"][:10] for b in open_) == [
        monday.isoformat(),
        (monday + dt.timedelta(days=10)).isoformat(),
    ]


def test_dates_that_were_left_out_are_taken_in_when_they_come_free(town, instrument, at, monday):
    resource = instrument("e01")
    tuesday = {"resource": resource, "start": at(1, 10), "end": at(1, 12), "purpose": ""}
    other = town.api("e03").post("/sharing/bookings", tuesday).json["id"]
    made = _series(town, resource, at, rhythm="daily", weeks=3, partly=True)
    assert (len(made.json["bookings"]), len(made.json["misfits"])) == (2, 1)
    path = f"/sharing/series/{made.json['id']}/take-in"
    browser = town.browse("e02")
    assert "未约上" in browser.get(path.removesuffix("/take-in")).text
    assert browser.post(path).status_code == 303
    assert "未约上" in browser.get(path.removesuffix("/take-in")).text
    town.api("e03").post(f"/sharing/bookings/{other}/cancel")
    filled = town.api("e02").post(f"/sharing/booking-series/{made.json['id']}/take-in").json
    assert [b["start"][:10] for b in filled["bookings"]] == [(monday + dt.timedelta(days=1)).isoformat()]
    assert filled["misfits"] == [] and "未约上" not in browser.get(path.removesuffix("/take-in")).text


def test_a_page_books_working_days_only(town, instrument, monday):
    """A holiday of the park on the Wednesday: five working days from Monday end on the Monday after."""
    from app.identity import door as identity

    resource = instrument("e01", open_on_holidays=True)
    wednesday = monday + dt.timedelta(days=2)
    with town.app.app_context():
        identity.set_work_days(town.actor("park"), [identity.DayRow(wednesday, "holiday", "园庆")])
    data = {
        "resource": resource,
        "day": monday.isoformat(),
        "start": "09:00",
        "end": "10:00",
        "rhythm": "workdays",
        "every": 1,
        "weeks": 5,
    }
    made = town.browse("e02").post("/sharing/bookings/series", data=data)
    assert made.status_code == 303, made.text
    items = town.api("e02").get("/sharing/bookings").json["items"]
    assert sorted((dt.date.fromisoformat(b["start"][:10]) - monday).days for b in items) == [0, 1, 3, 4, 7]
    assert clock.today() < monday
