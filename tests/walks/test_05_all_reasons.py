"""Story 5: a refused wish hears every reason and gets an alternative."""

from __future__ import annotations

import datetime as dt

from app.hall import clock
from tests.factories import Api, Park

WEEK = [{"weekday": day, "from": "09:00", "to": "17:00"} for day in range(1, 6)]


def next_weekday(weekday: int) -> dt.date:
    """The first Monday (1) … Sunday (7) at least a week from today."""
    day = clock.today() + dt.timedelta(days=7)
    return day + dt.timedelta(days=(weekday - day.isoweekday()) % 7)


def at(day: dt.date, hour: int, minute: int = 0) -> str:
    return dt.datetime.combine(day, dt.time(hour, minute), clock.ZONE).isoformat()


def spectrometer(owner: Api, **more: object) -> int:
    body = {
        "kind": "equipment",
        "name": "X 射线荧光光谱仪",
        "price_fen_per_hour": 50_000,
        "opening": WEEK,
        "approval": "automatic",
        "step_minutes": 30,
        "min_minutes": 30,
        "max_minutes": 480,
        "buffer_minutes": 0,
        **more,
    }
    answer = owner.post("/sharing/resources", body)
    assert answer.status_code == 201, answer.json
    return int(answer.json["id"])


def test_wish_over_closing_time_and_outage_hears_both_and_gets_an_alternative(park: Park) -> None:
    park.firm("E01")
    park.firm("E02")
    owner, user = park.api("e01"), park.api("e02")
    resource = spectrometer(owner)
    wednesday = next_weekday(3)
    outage = owner.post(
        f"/sharing/resources/{resource}/outages",
        {"start": at(wednesday, 10), "end": at(wednesday, 12), "reason": "校准"},
    )
    assert outage.status_code == 201

    refused = user.post(
        "/sharing/bookings",
        {"resource": resource, "start": at(wednesday, 11), "end": at(wednesday, 18), "purpose": "成分分析"},
    )
    assert refused.status_code == 409
    assert refused.mimetype == "application/problem+json"
    assert {reason["code"] for reason in refused.json["reasons"]} == {"closed", "outage"}
    assert all(reason["message"] for reason in refused.json["reasons"])

    first = refused.json["alternatives"][0]
    taken = user.post(
        "/sharing/bookings",
        {key: first[key] for key in ("resource", "start", "end")} | {"purpose": "成分分析"},
    )
    assert taken.status_code == 201, taken.json
    # Seven hours at 500 yuan.
    assert taken.json["price_fen"] == 350_000
    assert taken.json["state"] == "confirmed"


def test_free_time_leaves_out_the_outage(park: Park) -> None:
    park.firm("E01")
    owner = park.api("e01")
    resource = spectrometer(owner)
    wednesday = next_weekday(3)
    owner.post(
        f"/sharing/resources/{resource}/outages",
        {"start": at(wednesday, 10), "end": at(wednesday, 12), "reason": "校准"},
    )
    free = owner.get(
        f"/sharing/resources/{resource}/availability",
        **{"from": at(wednesday, 0), "to": at(wednesday + dt.timedelta(days=1), 0)},
    ).json["free"]
    moments = [
        (dt.datetime.fromisoformat(one["start"]), dt.datetime.fromisoformat(one["end"])) for one in free
    ]
    nine, ten, noon, five = (dt.datetime.fromisoformat(at(wednesday, hour)) for hour in (9, 10, 12, 17))
    assert moments == [(nine, ten), (noon, five)]
