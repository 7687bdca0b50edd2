"""A round plans nothing that the desk would refuse at publishing: weekly quota, qualification."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from app.hall import clock
from app.sharing.calendar.rules import Interval, quota_week
from app.sharing.planning import service
from app.sharing.planning.engine.model import Quota
from app.sharing.planning.rules import Allowance, Bench, FlexibleWish, build

DAY = 1440


def test_an_allowance_becomes_a_quota_over_all_units_of_the_resource() -> None:
    """Two days from a Sunday on (1970-01-04), an hour a slot: one night divides the weeks; 150 minutes are 2 slots."""
    sunday = Interval(3 * DAY, 5 * DAY)
    open_ = (Interval(3 * DAY + 540, 3 * DAY + 1020), Interval(4 * DAY + 540, 4 * DAY + 1020))
    benches = [Bench(unit, 1, open_, (), 6000, 60, 60, 480, 0, 0) for unit in (5, 6)]
    wishes = [FlexibleWish(1, 7, 60, (sunday,), (1,), 3, None)]
    first, second = quota_week(3 * DAY), quota_week(4 * DAY)
    allowances = [
        Allowance(7, 1, second, -30),
        Allowance(7, 1, first, 150),
        Allowance(7, 2, first, 60),  # no such resource in the round
        Allowance(8, 1, first, 60),  # asks for nothing
    ]
    made = build(benches, wishes, sunday, None, allowances).instance
    assert made.quotas == (Quota("7", ("5", "6"), 0, 24, 2), Quota("7", ("5", "6"), 24, 48, 0))


def planned(park: Any, at: Any, *wishes: tuple[str, int]) -> tuple[int, Any]:
    """A round of one day over wishes of two hours each, by login and resource: its number and its document."""
    numbers = []
    for login, resource in wishes:
        window = [{"start": at(0, 9), "end": at(0, 17)}]
        body = {"resources": [resource], "windows": window, "duration_minutes": 120}
        answer = park.api(login).post("/sharing/slot-requests", body)
        assert answer.status_code == 201, answer.text
        numbers.append(answer.json["id"])
    made = park.api("e01").post("/sharing/schedule-runs", {"from": at(0, 0), "to": at(1, 0), "seconds": 2})
    assert made.status_code in (201, 202), made.text
    with park.app.app_context():
        service.work_on(made.json["id"])
    return made.json["id"], park.api("e01").get(f"/sharing/schedule-runs/{made.json['id']}").json


def test_a_round_keeps_the_weekly_quota_and_loses_nothing_at_publishing(park, instrument, at, monday):
    """Four hours a week, one of them booked already: of two wishes of two hours one is placed, the other told why."""
    park.firm("E01"), park.firm("E02")
    resource = instrument("e01", quota_minutes_per_week=240)
    booked = {"resource": resource, "start": at(2, 9), "end": at(2, 10), "purpose": "x"}
    assert park.api("e02").post("/sharing/bookings", booked).status_code == 201
    number, told = planned(park, at, ("e02", resource), ("e02", resource))
    assert len(told["assignments"]) == 1
    (refused,) = told["rejected"]
    assert [reason["code"] for reason in refused["reasons"]][:1] == ["quota"]
    assert (
        "额度为 3 小时，已用 2 小时，本申请需 2 小时"
        in park.browse("e01").get(f"/sharing/rounds/{number}").text
    )
    published = park.api("e01").post(f"/sharing/schedule-runs/{number}/publish", {})
    assert published.status_code == 200, published.text
    states = [w["state"] for w in park.api("e02").get("/sharing/slot-requests").json["items"]]
    assert sorted(states) == ["open", "placed"]


def test_who_lacks_the_qualification_is_planned_elsewhere_and_the_owner_there(park, instrument, at, monday):
    park.firm("E01"), park.firm("E02")
    asked = park.api("e01").post("/sharing/qualifications", {"code": "SEM", "name": "电镜操作"})
    resource, free = instrument("e01", qualification=asked.json["id"]), instrument("e01")
    body = {"windows": [{"start": at(0, 9), "end": at(0, 17)}], "duration_minutes": 120}
    wish = park.api("e02").post("/sharing/slot-requests", {**body, "resources": [resource, free]})
    assert wish.status_code == 201, wish.text
    _, told = planned(park, at, ("e01", resource))
    placed = {one["request"]: one["resource"] for one in told["assignments"]}
    assert len(placed) == 2
    assert placed[wish.json["id"]] == free


def test_a_wish_for_what_one_may_not_use_is_refused_when_it_is_made(park, instrument, at, monday):
    park.firm("E01"), park.firm("E02")
    asked = park.api("e01").post("/sharing/qualifications", {"code": "SEM", "name": "电镜操作"})
    kept = instrument("e01", external_from=at(7, 0)[:10])
    locked = instrument("e01", qualification=asked.json["id"])
    body = {"windows": [{"start": at(0, 9), "end": at(0, 17)}], "duration_minutes": 120}
    for resources, codes in (
        ([kept], ["slot_request_unusable", "internal_first"]),
        ([locked], ["slot_request_unusable", "not_qualified"]),
        ([kept, locked], ["slot_request_unusable", "internal_first", "not_qualified"]),
    ):
        answer = park.api("e02").post("/sharing/slot-requests", {**body, "resources": resources})
        assert answer.status_code == 422
        assert [reason["code"] for reason in answer.json["reasons"]] == codes
        assert (
            park.api("e01").post("/sharing/slot-requests", {**body, "resources": resources}).status_code
            == 201
        )


def test_what_its_owner_has_first_is_not_planned_for_others_before_it_opens(park, instrument, at, monday):
    """The wish reaches beyond the day of opening, the round does not: it waits instead of being lost at publishing."""
    park.firm("E01"), park.firm("E02")
    kept = instrument("e01", external_from=at(1, 0)[:10])
    windows = [{"start": at(0, 9), "end": at(0, 17)}, {"start": at(1, 9), "end": at(1, 17)}]
    body = {"resources": [kept], "windows": windows, "duration_minutes": 120}
    wish = park.api("e02").post("/sharing/slot-requests", body)
    assert wish.status_code == 201, wish.text
    _, told = planned(park, at, ("e01", kept))
    assert [one["request"] for one in told["assignments"]] != [wish.json["id"]]
    assert wish.json["id"] in [one["request"] for one in told["rejected"]]


def test_an_owner_has_one_round_at_work(park, instrument, at, monkeypatch) -> None:
    """Who asks for the same days again gets the round on its way, for other days a refusal; a lost one stops nobody."""
    park.firm("E01"), park.firm("E02"), park.firm("E03")
    for owner in ("e01", "e02"):
        window = [{"start": at(0, 9), "end": at(0, 17)}]
        body = {"resources": [instrument(owner)], "windows": window, "duration_minutes": 120}
        assert park.api("e03").post("/sharing/slot-requests", body).status_code == 201
    begun: list[int] = []
    monkeypatch.setattr(service, "run_soon", lambda _name, payload: begun.append(payload["run"]))

    def ask(days: int, owner: str = "e01") -> Any:
        body = {"from": at(0, 0), "to": at(days, 0), "seconds": 2}
        return park.api(owner).post("/sharing/schedule-runs", body)

    gate = threading.Barrier(2)

    def at_once(_number: int) -> int:
        gate.wait()
        return int(ask(1).json["id"])

    with ThreadPoolExecutor(2) as pool:
        first, same = pool.map(at_once, range(2))
    assert (first, same, begun) == (begun[0], begun[0], begun[:1])
    other = ask(2)
    assert other.status_code == 409
    assert f"第 {first} 轮排期还在计算" in other.json["detail"]
    assert ask(1, "e02").json["id"] not in begun[:1]
    with clock.frozen(clock.now() + dt.timedelta(seconds=2) + service.LOST_AFTER + dt.timedelta(seconds=1)):
        assert ask(2).status_code == 201
    assert len(begun) == 3
