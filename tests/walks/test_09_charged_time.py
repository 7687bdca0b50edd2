"""Story 9: what is charged for time that was booked, used, given up too late, and taken by somebody else after all."""

from __future__ import annotations

import datetime as dt

import pytest

from app.hall import clock
from tests.factories import Park
from tests.walks.test_05_all_reasons import at, next_weekday, spectrometer


def book(park: Park, login: str, resource: int, start: str, end: str) -> int:
    answer = park.api(login).post(
        "/sharing/bookings", {"resource": resource, "start": start, "end": end, "purpose": "测试"}
    )
    assert answer.status_code == 201, answer.json
    return int(answer.json["id"])


def owed(park: Park, login: str, booking: int) -> tuple[int, int, str]:
    row = park.api(login).get(f"/sharing/bookings/{booking}").json["settlement"]
    return row["charged_minutes"], row["amount_fen"], row["rule"]


@pytest.mark.parametrize(
    ("billing", "minutes", "fen"),
    # Booked 13–15, used 14:15–16:00 at 360 yuan an hour: the union is 13–16, the greater is the two booked hours.
    [("union", 180, 108_000), ("greater", 120, 72_000), ("booked", 120, 72_000), ("used", 105, 63_000)],
)
def test_charged_time_by_billing_rule(park: Park, billing: str, minutes: int, fen: int) -> None:
    park.firm("E31"), park.firm("E32")
    resource = spectrometer(park.api("e31"), billing=billing, price_fen_per_hour=36_000, step_minutes=15)
    monday = next_weekday(1)
    booking = book(park, "e32", resource, at(monday, 13), at(monday, 15))
    with clock.frozen(dt.datetime.fromisoformat(at(monday, 17))):
        answer = park.api("e31").post(
            f"/sharing/bookings/{booking}/usage", {"start": at(monday, 14, 15), "end": at(monday, 16)}
        )
    assert answer.status_code == 200, answer.json
    assert owed(park, "e32", booking) == (minutes, fen, billing)


def test_use_longer_than_booked_is_the_greater(park: Park) -> None:
    park.firm("E31"), park.firm("E32")
    resource = spectrometer(park.api("e31"), billing="greater", price_fen_per_hour=36_000)
    monday = next_weekday(1)
    booking = book(park, "e32", resource, at(monday, 13), at(monday, 14))
    usage = f"/sharing/bookings/{booking}/usage"
    park.noted("e31", usage, {"start": at(monday, 13), "end": at(monday, 15, 20)})
    assert owed(park, "e32", booking) == (140, 84_000, "greater")
    # A slip of the pen: the correction is a row of its own, and what counts is the last one.
    slip = {"start": at(monday, 13), "end": at(monday, 14, 20), "note": "抄错"}
    corrected = park.noted("e31", usage, slip)
    assert corrected.json["settlement"]["version"] == 2
    assert owed(park, "e32", booking) == (80, 48_000, "greater")


def test_late_cancellation_costs_its_share_of_what_nobody_else_takes(park: Park) -> None:
    for code in ("E31", "E32", "E33"):
        park.firm(code)
    resource = spectrometer(
        park.api("e31"), late_cancel_hours=12, late_cancel_ratio=0.4, price_fen_per_hour=36_000
    )
    monday = next_weekday(1)
    booking = book(park, "e32", resource, at(monday, 9), at(monday, 13))
    early = book(park, "e32", resource, at(monday, 14), at(monday, 16))
    six_hours_before = dt.datetime.fromisoformat(at(monday, 3))
    with clock.frozen(dt.datetime.fromisoformat(at(monday, 2))):  # twelve hours before: still free
        free = park.api("e32").post(f"/sharing/bookings/{early}/cancel", {})
        assert (free.json["state"], free.json["settlement"]) == ("cancelled", None)
    with clock.frozen(six_hours_before):
        cancelled = park.api("e32").post(f"/sharing/bookings/{booking}/cancel", {})
        assert cancelled.status_code == 200, cancelled.json
        # 40 % of four hours at 360 yuan.
        assert owed(park, "e32", booking) == (96, 57_600, "late_cancellation")
        # The same firm takes an hour of it back: that is not somebody else.
        own = book(park, "e32", resource, at(monday, 12), at(monday, 13))
        assert owed(park, "e32", booking)[1] == 57_600
        other = book(park, "e33", resource, at(monday, 9), at(monday, 11, 30))
        # Two and a half of the four hours are taken: 40 % of the hour and a half left.
        assert owed(park, "e32", booking) == (36, 21_600, "late_cancellation")
        gone = park.api("e33").post(f"/sharing/bookings/{other}/cancel", {})
        assert gone.json["late"] is True
        # Now nobody has it: each pays for what it gave up.
        assert owed(park, "e32", booking)[1] == 57_600
        assert owed(park, "e33", other)[1] == 36_000
    assert park.api("e32").get(f"/sharing/bookings/{own}").json["state"] == "confirmed"


def test_nobody_came_and_the_clockwork_was_down(park: Park) -> None:
    from app.hall.jobs import run_periodic
    from app.hall.standstill import Confirmed

    park.firm("E31"), park.firm("E32")
    resource = spectrometer(park.api("e31"), price_fen_per_hour=36_000)
    monday = next_weekday(1)
    missed = book(park, "e32", resource, at(monday, 9), at(monday, 11))
    came = book(park, "e32", resource, at(monday, 11), at(monday, 12))
    with clock.frozen(dt.datetime.fromisoformat(at(monday + dt.timedelta(days=40), 9))):
        span = {"start": at(monday, 11), "end": at(monday, 12)}
        assert park.api("e31").post(f"/sharing/bookings/{came}/usage", span).status_code == 200
        with park.app.app_context():
            run_periodic(confirmed=Confirmed(clock=True))
        gone = park.api("e32").get(f"/sharing/bookings/{missed}").json
        assert gone["state"] == "no_show"
        assert owed(park, "e32", missed) == (120, 72_000, "no_show")
        assert park.api("e32").get(f"/sharing/bookings/{came}").json["state"] == "completed"
