"""A firm that gives an hour up, books it again and gives it up again pays for that hour once."""

from __future__ import annotations

import datetime as dt

from app.hall import clock
from tests.sharing.conftest import ALWAYS


def test_the_same_hours_given_up_twice_are_paid_once(park, instrument):
    """Four hours at 240 yuan, half of it within a day: 480. The second time only 10–12 of 8–12: 240 of the 480."""
    park.firm("E01"), park.firm("E02"), park.firm("E03")
    resource = instrument(
        "e01", price_fen_per_hour=24_000, late_cancel_hours=24, late_cancel_ratio=0.5, opening=ALWAYS
    )
    start = clock.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=8)

    def hour(n):
        return (start + dt.timedelta(hours=n)).isoformat()

    member = park.api("e02")

    def book(who, first, last):
        wish = {"resource": resource, "start": hour(first), "end": hour(last), "purpose": ""}
        answer = park.api(who).post("/sharing/bookings", wish)
        assert answer.status_code == 201, answer.text
        return answer.json["id"]

    def give_up(who, number):
        assert park.api(who).post(f"/sharing/bookings/{number}/cancel").json["late"] is True

    def owed(who, *numbers):
        rows = [park.api(who).get(f"/sharing/bookings/{n}").json["settlement"] for n in numbers]
        return [row["amount_fen"] for row in rows]

    first = book("e02", 0, 4)
    give_up("e02", first)
    assert owed("e02", first) == [48_000]
    second = book("e02", 2, 4)
    assert owed("e02", first) == [48_000]  # it has it again, and may use it: nothing is given up twice yet
    # The page says the sum beforehand: nothing comes on top of what is owed already.
    page = park.browse("e02").get(f"/sharing/bookings/{second}").text
    assert "现在取消要付" not in page
    give_up("e02", second)
    assert owed("e02", first, second) == [24_000, 24_000]
    # Somebody else takes two of the four hours: the firm owes for the other two.
    third = book("e03", 1, 3)
    assert owed("e02", first, second) == [12_000, 12_000]
    give_up("e03", third)
    assert sum(owed("e02", first, second)) == 48_000
    # Two hours beside them were never given up before: they cost their own share.
    other = book("e02", 4, 6)
    assert "¥240.00" in park.browse("e02").get(f"/sharing/bookings/{other}").text
    give_up("e02", other)
    assert owed("e02", first, second, other) == [24_000, 24_000, 24_000]
    assert member.get(f"/sharing/bookings/{first}").json["state"] == "cancelled"


def test_two_units_given_up_are_two_units_paid(park, instrument):
    """Held at the same time, neither is the other one's second try."""
    park.firm("E01"), park.firm("E02")
    resource = instrument(
        "e01",
        price_fen_per_hour=10_000,
        late_cancel_hours=24,
        late_cancel_ratio=1.0,
        opening=ALWAYS,
        units=["1", "2"],
    )
    start = clock.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=8)
    wish = {
        "resource": resource,
        "start": start.isoformat(),
        "end": (start + dt.timedelta(hours=1)).isoformat(),
    }
    member = park.api("e02")
    numbers = [member.post("/sharing/bookings", wish | {"purpose": ""}).json["id"] for _ in range(2)]
    charged = [member.post(f"/sharing/bookings/{n}/cancel").json["settlement"]["amount_fen"] for n in numbers]
    assert charged == [10_000, 10_000]
