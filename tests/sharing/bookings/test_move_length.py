"""Moving keeps the length of a booking, over days too, and what was moved is no longer ahead."""

from __future__ import annotations

import datetime as dt

import pytest

from app.hall import clock
from app.sharing.bookings.schemas import moved_end
from tests.sharing.conftest import ALWAYS


@pytest.fixture
def long_one(park, instrument, at):
    """Fifty hours from Tuesday 10:00 to Thursday 12:00, held by E02."""
    park.firm("E01"), park.firm("E02")
    resource = instrument("e01", opening=ALWAYS, max_minutes=4_320, late_cancel_hours=0)
    wish = {"resource": resource, "start": at(1, 10), "end": at(3, 12), "purpose": "循环"}
    answer = park.api("e02").post("/sharing/bookings", wish)
    assert answer.status_code == 201, answer.text
    return resource, answer.json["id"]


def hours(row):
    first, last = (dt.datetime.fromisoformat(row[name]) for name in ("start", "end"))
    return (last - first) / dt.timedelta(hours=1)


def test_the_api_moves_without_an_end(park, long_one, at):
    _, number = long_one
    moved = park.api("e02").post(f"/sharing/bookings/{number}/move", {"start": at(8, 10)})
    assert moved.status_code == 201, moved.text
    assert (moved.json["start"][:16], hours(moved.json)) == (at(8, 10)[:16], 50)


@pytest.mark.parametrize("form", ["as the page has it", "without an end", "with the hour alone"])
def test_the_form_moves_one_week_on(park, long_one, monday, form):
    _, number = long_one
    browser = park.browse("e02")
    page = browser.get(f"/sharing/bookings/{number}").text
    tuesday, thursday = monday + dt.timedelta(days=1), monday + dt.timedelta(days=3)
    assert 'name="end_day"' in page and f'value="{thursday}"' in page
    body = {"day": str(tuesday + dt.timedelta(days=7)), "start": "10:00"}
    if form == "as the page has it":  # only the day was changed by hand
        body |= {"end_day": str(thursday), "end": "12:00", "keep_length": "1"}
    elif form == "with the hour alone":
        body |= {"end": "12:00"}
    moved = browser.post(f"/sharing/bookings/{number}/move", data=body)
    assert moved.status_code == 303, moved.text
    new = park.api("e02").get("/sharing/bookings/" + moved.location.rsplit("/", 1)[1]).json
    assert hours(new) == 50


def test_an_end_that_was_typed_is_the_end(park, long_one, monday):
    _, number = long_one
    wednesday = monday + dt.timedelta(days=2)
    body = {"day": str(wednesday), "start": "08:00", "end_day": str(wednesday), "end": "20:00"}
    moved = park.browse("e02").post(f"/sharing/bookings/{number}/move", data=body | {"keep_length": "1"})
    new = park.api("e02").get("/sharing/bookings/" + moved.location.rsplit("/", 1)[1]).json
    assert hours(new) == 12


def test_the_plain_form_books_over_days(park, instrument, monday):
    park.firm("E01"), park.firm("E02")
    resource = instrument("e01", opening=ALWAYS, max_minutes=4_320)
    browser = park.browse("e02")
    body = {"resource": resource, "day": str(monday), "start": "18:00", "purpose": ""}
    backwards = browser.post("/sharing/bookings/new", data=body | {"end_day": str(monday), "end": "08:00"})
    assert backwards.status_code == 422
    last = monday + dt.timedelta(days=2)
    made = browser.post("/sharing/bookings/new", data=body | {"end_day": str(last), "end": "08:00"})
    assert made.status_code == 303, made.text
    new = park.api("e02").get("/sharing/bookings/" + made.location.rsplit("/", 1)[1]).json
    assert hours(new) == 38


def test_what_was_moved_is_not_ahead(park, instrument):
    """Late: three of its hours cost half of 100 yuan each. The new one is ahead, the old one is past."""
    park.firm("E01"), park.firm("E02")
    resource = instrument(
        "e01", opening=ALWAYS, price_fen_per_hour=10_000, late_cancel_hours=24, late_cancel_ratio=0.5
    )
    start = clock.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=6)
    wish = {
        "resource": resource,
        "start": start.isoformat(),
        "end": (start + dt.timedelta(hours=3)).isoformat(),
    }
    old = park.api("e02").post("/sharing/bookings", wish | {"purpose": ""}).json["id"]
    later = {"start": (start + dt.timedelta(days=2)).isoformat()}
    new = park.api("e02").post(f"/sharing/bookings/{old}/move", later).json["id"]
    browser = park.browse("e02")
    ahead, past = (browser.get(f"/sharing/bookings?tab={tab}").text for tab in ("ahead", "past"))
    assert f"/sharing/bookings/{new}" in ahead and f"/sharing/bookings/{old}" not in ahead
    assert f"/sharing/bookings/{old}" in past and f"/sharing/bookings/{new}" not in past
    assert "¥150.00" in past and "¥150.00" not in ahead


@pytest.mark.parametrize(
    ("start", "end", "length", "expected"),
    [
        (9, 17, 8, 8),
        (9, 17, 56, 56),
        (9, 13, 2, 4),
        (22, 2, 4, 4),
        (9, 9, 24, 24),
        (9, 9, 1, 24),
        (9, 8, 50, 47),
    ],
)
def test_the_end_nearest_to_the_old_length(start, end, length, expected):
    first = clock.at(dt.date(2026, 3, 2), start)
    last = moved_end(first, dt.time(end), dt.timedelta(hours=length))
    assert last - first == dt.timedelta(hours=expected)
