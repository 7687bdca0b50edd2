"""Story 10: an outage over confirmed bookings cancels them free of charge, tells, offers, and calls up who waits."""

from __future__ import annotations

import datetime as dt

from app.hall import clock
from tests.factories import Park
from tests.walks.test_05_all_reasons import at, next_weekday, spectrometer
from tests.walks.test_09_charged_time import book


def test_an_outage_cancels_tells_offers_and_calls_up(park: Park) -> None:
    for code in ("E51", "E52", "E53", "E54"):
        park.firm(code)
    owner = park.api("e51")
    # Cancelling late would cost everything; an outage costs nothing.
    resource = spectrometer(owner, late_cancel_hours=24 * 365, late_cancel_ratio=1, max_minutes=240)
    tuesday = next_weekday(2)
    hit = book(park, "e52", resource, at(tuesday, 11), at(tuesday, 15))
    spared = book(park, "e53", resource, at(tuesday, 15), at(tuesday, 17))
    waits = park.api("e54").post(
        "/sharing/waitlist",
        {"resource": resource, "start": at(tuesday, 11), "end": at(tuesday, 13), "minutes": 90},
    )
    assert waits.status_code == 201 and waits.json["state"] == "waiting"

    answer = owner.post(
        f"/sharing/resources/{resource}/outages",
        {"start": at(tuesday, 13), "end": at(tuesday, 15), "reason": "更换真空泵"},
    )
    assert answer.status_code == 201, answer.json
    assert answer.json["cancelled"] == [hit]

    after = park.api("e52").get(f"/sharing/bookings/{hit}").json
    assert (after["state"], after["settlement"], after["late"]) == ("cancelled", None, False)
    assert after["reason"] == "更换真空泵"
    assert park.api("e53").get(f"/sharing/bookings/{spared}").json["state"] == "confirmed"
    told = park.api("e52").get("/identity/notifications").json["items"]
    assert any("更换真空泵" in note["text"] for note in told), told
    assert park.api("e53").get("/identity/notifications").json["total"] == 0

    # Who waited for ninety minutes of the morning is called up, and what is offered is held.
    offered = park.api("e54").get("/sharing/waitlist").json["items"][0]
    assert offered["state"] == "offered" and offered["offer_until"]
    taken = park.api("e52").post(
        "/sharing/bookings", {"resource": resource, "start": at(tuesday, 11), "end": at(tuesday, 13)}
    )
    assert [reason["code"] for reason in taken.json["reasons"]] == ["taken"]
    accepted = park.api("e54").post(f"/sharing/waitlist/{offered['id']}/accept")
    assert accepted.json["state"] == "confirmed"
    assert dt.datetime.fromisoformat(accepted.json["start"]) == dt.datetime.fromisoformat(at(tuesday, 11))
    assert dt.datetime.fromisoformat(accepted.json["end"]) == dt.datetime.fromisoformat(at(tuesday, 12, 30))

    # The first alternative that was offered to the holder can be booked as it stands.
    first = after["alternatives"][0]
    again = park.api("e52").post("/sharing/bookings", {k: first[k] for k in ("resource", "start", "end")})
    assert again.status_code == 201, again.json
    assert again.json["price_fen"] == first["price_fen"]


def test_the_outage_of_one_unit_leaves_the_other_alone(park: Park) -> None:
    park.firm("E51"), park.firm("E52"), park.firm("E53")
    owner = park.api("e51")
    resource = spectrometer(owner, units=["东台", "西台"])
    units = owner.get(f"/sharing/resources/{resource}").json["units"]
    tuesday = next_weekday(2)
    first = book(park, "e52", resource, at(tuesday, 10), at(tuesday, 12))
    second = book(park, "e53", resource, at(tuesday, 10), at(tuesday, 12))
    span = {"start": at(tuesday, 9), "end": at(tuesday, 17), "unit": units[0]["id"]}
    answer = owner.post(f"/sharing/resources/{resource}/outages", span)
    assert answer.json["cancelled"] == [first]
    assert park.api("e53").get(f"/sharing/bookings/{second}").json["state"] == "confirmed"


def test_an_outage_of_seconds_spoils_no_later_wish(park: Park) -> None:
    park.firm("E51"), park.firm("E52")
    owner = park.api("e51")
    resource = spectrometer(owner)
    tuesday = next_weekday(2)
    blink = {"start": at(tuesday, 10)[:-6] + ".5+08:00", "end": at(tuesday, 10)[:-6] + ".9+08:00"}
    assert owner.post(f"/sharing/resources/{resource}/outages", blink).status_code == 201
    refused = park.api("e52").post(
        "/sharing/bookings", {"resource": resource, "start": at(tuesday, 9), "end": at(tuesday, 11)}
    )
    assert [reason["code"] for reason in refused.json["reasons"]] == ["outage"]
    book(park, "e52", resource, at(tuesday, 10, 30), at(tuesday, 11))


def test_maintenance_by_hours_used_is_announced_and_blocks(park: Park) -> None:
    from app.hall.jobs import run_periodic
    from app.hall.standstill import Confirmed

    park.firm("E51"), park.firm("E52")
    owner = park.api("e51")
    resource = spectrometer(owner)
    page = park.browse("e51")
    plan = {"name": "更换灯管", "every_used_hours": "20", "warn_days": "5", "blocking": "y"}
    assert page.post(f"/sharing/resources/{resource}/plans", data=plan).status_code == 303
    monday = next_weekday(1)

    def used_until(day: int, hour: int) -> None:
        start = monday + dt.timedelta(days=day)
        body = {"start": at(start, 9), "end": at(start, hour)}
        assert park.noted("e51", f"/sharing/resources/{resource}/own-use", body).status_code == 201

    def tick(day: int) -> None:
        evening = dt.datetime.fromisoformat(at(monday + dt.timedelta(days=day), 18))
        with clock.frozen(evening), park.app.app_context():
            run_periodic(confirmed=Confirmed(clock=True))

    later = book(
        park, "e52", resource, at(monday + dt.timedelta(days=4), 9), at(monday + dt.timedelta(days=4), 11)
    )
    used_until(0, 17), used_until(1, 15)  # fourteen hours: nothing yet
    tick(1)
    assert owner.get("/identity/notifications").json["total"] == 0
    used_until(2, 13)  # eighteen of twenty: near
    tick(2)
    used_until(3, 11)  # twenty: the instrument stands still until it has been looked after
    tick(3)
    notes = [note["text"] for note in owner.get("/identity/notifications").json["items"]]
    assert sum("更换灯管" in text for text in notes) == 1
    assert park.api("e52").get(f"/sharing/bookings/{later}").json["state"] == "cancelled"
