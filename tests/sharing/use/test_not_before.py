"""Use that has not happened is not noted: it would be charged in advance and its hours sold twice."""

from __future__ import annotations

import datetime as dt

import pytest

from app.hall import clock
from app.sharing.use import rules


@pytest.fixture
def booked(park, instrument, at):
    """Wednesday 10–14 at 300 yuan, held by E02 at an instrument of E01: (instrument, booking)."""
    park.firm("E01"), park.firm("E02"), park.firm("E03")
    resource = instrument("e01", price_fen_per_hour=30_000)
    wish = {"resource": resource, "start": at(2, 10), "end": at(2, 14), "purpose": "粒度"}
    answer = park.api("e02").post("/sharing/bookings", wish)
    assert answer.status_code == 201, answer.text
    return resource, answer.json["id"]


def test_next_weeks_use_is_refused_and_its_hours_stay_taken(park, booked, at):
    resource, number = booked
    span = {"start": at(2, 10), "end": at(2, 11)}
    refused = park.api("e01").post(f"/sharing/bookings/{number}/usage", span)
    assert (refused.status_code, [r["code"] for r in refused.json["reasons"]]) == (422, ["usage_ahead"])
    mine = park.api("e02").get(f"/sharing/bookings/{number}").json
    assert (mine["state"], mine["settlement"]) == ("confirmed", None)
    again = {"resource": resource, "start": at(2, 11), "end": at(2, 12), "purpose": ""}
    second = park.api("e03").post("/sharing/bookings", again)
    assert [r["code"] for r in second.json["reasons"]] == ["taken"]


def test_own_use_of_tomorrow_is_refused_with_every_reason(park, booked, at):
    resource, _ = booked
    path = f"/sharing/resources/{resource}/own-use"
    refused = park.api("e01").post(path, {"start": at(1, 9), "end": at(1, 8)})
    assert [r["code"] for r in refused.json["reasons"]] == ["usage_span", "usage_ahead"]
    assert park.api("e01").post(path, {"start": at(1, 9), "end": at(1, 12)}).status_code == 422


@pytest.mark.parametrize(("minutes", "status"), [(5, 200), (6, 422)])
def test_a_clock_that_is_five_minutes_ahead_is_forgiven(park, booked, at, minutes, status):
    _, number = booked
    with clock.frozen(dt.datetime.fromisoformat(at(2, 11))):
        until = (clock.now() + dt.timedelta(minutes=minutes)).isoformat()
        span = {"start": at(2, 10), "end": until}
        assert park.api("e01").post(f"/sharing/bookings/{number}/usage", span).status_code == status


def test_what_is_left_of_a_booking_is_free_from_now_on(park, booked, at):
    """Used 10–11 of 10–14, noted at 12: the hour from 12 can be had, the hour before it is over."""
    resource, number = booked
    with clock.frozen(dt.datetime.fromisoformat(at(2, 12))):
        span = {"start": at(2, 10), "end": at(2, 11)}
        done = park.api("e01").post(f"/sharing/bookings/{number}/usage", span)
        assert (done.json["state"], done.json["settlement"]["amount_fen"]) == ("completed", 120_000)
        wish = {"resource": resource, "purpose": ""}
        past = park.api("e03").post("/sharing/bookings", wish | {"start": at(2, 11), "end": at(2, 12)})
        assert [r["code"] for r in past.json["reasons"]] == ["too_late"]
        ahead = park.api("e03").post("/sharing/bookings", wish | {"start": at(2, 12), "end": at(2, 13)})
        assert ahead.status_code == 201


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("zh", "使用尚未发生"), ("en", "This use has not happened yet")],
)
def test_both_pages_say_it_at_the_form(park, booked, monday, lang, sentence):
    resource, number = booked
    day = monday + dt.timedelta(days=2)
    body = {"start": f"{day}T10:00", "end": f"{day}T11:00", "note": ""}
    owner = park.browse("e01", lang)
    for path, form in (
        (f"/sharing/bookings/{number}/usage", body),
        ("/sharing/desk/usage", body | {"resource": resource}),
    ):
        answer = owner.post(path, data=form)
        assert answer.status_code == 422 and sentence in answer.text


def test_a_month_is_the_longest_stretch():
    assert rules.against_noting(0, 31 * 1440, 31 * 1440) == []
    assert [r.code for r in rules.against_noting(0, 31 * 1440 + 1, 32 * 1440)] == ["usage_span"]
