"""Stories 8, 9 and 10: income and utilisation, charged time, an outage over confirmed bookings."""

from __future__ import annotations

import datetime as dt

import pytest

from app import clock
from tests.factories import Park
from tests.walks.test_05_all_reasons import at, next_weekday, spectrometer


def book(park: Park, login: str, resource: int, start: str, end: str) -> int:
    answer = park.api(login).post(
        "/sharing/bookings", {"resource": resource, "start": start, "end": end, "purpose": "测试"}
    )
    assert answer.status_code == 201, answer.json
    return int(answer.json["id"])


@pytest.mark.parametrize(
    ("billing", "minutes", "fen"),
    # Booked 9–10, used 9:30–10:30: the union is 9–10:30, the greater of the two is one hour.
    [("union", 90, 75_000), ("greater", 60, 50_000), ("booked", 60, 50_000), ("used", 60, 50_000)],
)
def test_charged_time_by_billing_rule(park: Park, billing: str, minutes: int, fen: int) -> None:
    park.firm("E01")
    park.firm("E02")
    resource = spectrometer(park.api("e01"), billing=billing)
    monday = next_weekday(1)
    booking = book(park, "e02", resource, at(monday, 9), at(monday, 10))
    with clock.frozen(dt.datetime.fromisoformat(at(monday, 12))):
        answer = park.api("e01").post(
            f"/sharing/bookings/{booking}/usage", {"start": at(monday, 9, 30), "end": at(monday, 10, 30)}
        )
    assert answer.status_code == 200, answer.json
    settlement = answer.json["settlement"]
    assert (settlement["charged_minutes"], settlement["amount_fen"]) == (minutes, fen)
    assert settlement["rule"] == billing


def test_late_cancellation_costs_half_and_less_when_somebody_else_takes_the_time(park: Park) -> None:
    for code in ("E01", "E02", "E03"):
        park.firm(code)
    resource = spectrometer(park.api("e01"), late_cancel_hours=24, late_cancel_ratio=0.5)
    monday = next_weekday(1)
    booking = book(park, "e02", resource, at(monday, 9), at(monday, 12))
    ten_hours_before = dt.datetime.fromisoformat(at(monday, 9)) - dt.timedelta(hours=10)
    with clock.frozen(ten_hours_before):
        cancelled = park.api("e02").post(f"/sharing/bookings/{booking}/cancel", {})
        assert cancelled.status_code == 200, cancelled.json
        # Half of three hours at 500 yuan.
        assert cancelled.json["settlement"]["amount_fen"] == 75_000
        other = book(park, "e03", resource, at(monday, 9), at(monday, 11))
    with clock.frozen(dt.datetime.fromisoformat(at(monday, 13))):
        park.api("e01").post(
            f"/sharing/bookings/{other}/usage", {"start": at(monday, 9), "end": at(monday, 11)}
        )
        again = park.api("e02").get(f"/sharing/bookings/{booking}")
    # Two of the three hours were taken by somebody else: half of the one hour left.
    assert again.json["settlement"]["amount_fen"] == 25_000


def test_outage_cancels_free_of_charge_tells_and_offers(park: Park) -> None:
    park.firm("E01")
    park.firm("E02")
    resource = spectrometer(park.api("e01"))
    monday = next_weekday(1)
    booking = book(park, "e02", resource, at(monday, 10), at(monday, 12))
    outage = park.api("e01").post(
        f"/sharing/resources/{resource}/outages",
        {"start": at(monday, 9), "end": at(monday, 11), "reason": "更换光管"},
    )
    assert outage.status_code == 201, outage.json
    after = park.api("e02").get(f"/sharing/bookings/{booking}").json
    assert after["state"] == "cancelled"
    assert not (after.get("settlement") or {}).get("amount_fen")
    notes = park.api("e02").get("/identity/notifications").json
    assert notes["total"] >= 1
