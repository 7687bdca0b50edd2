"""The owner's terms over the API: lead, horizon, internal first, and what is offered to those who came too late."""

from __future__ import annotations

import datetime as dt

from app.hall import clock
from tests.sharing.conftest import ALWAYS


def codes(answer):
    return [reason["code"] for reason in answer.json["reasons"]]


def test_lead_and_horizon_bound_the_free_time_and_the_offers(park, instrument):
    park.firm("E01"), park.firm("E02")
    now = clock.at(dt.date(2026, 9, 16), 10)  # a Wednesday
    with clock.frozen(now):
        resource = instrument(
            "e01",
            opening=ALWAYS,
            lead_minutes=24 * 60,
            horizon_days=7,
            step_minutes=60,
            min_minutes=60,
            max_minutes=120,
        )
        member = park.api("e02")

        def wish(day, hour):
            start = clock.at(dt.date(2026, 9, day), hour)
            body = {"start": start.isoformat(), "end": (start + dt.timedelta(hours=2)).isoformat()}
            return member.post("/sharing/bookings", {"resource": resource, **body})

        early, late = wish(17, 8), wish(24, 10)
        assert codes(early) == ["too_late"]
        assert codes(late) == ["too_early"]
        # The nearest that can be had: a day ahead, and a week ahead.
        assert early.json["alternatives"][0]["start"] == "2026-09-17T11:00+08:00"
        assert late.json["alternatives"][0]["start"] == "2026-09-23T10:00+08:00"
        for refused in (early, late):
            first = refused.json["alternatives"][0]
            body = {key: first[key] for key in ("resource", "start", "end")}
            assert member.post("/sharing/bookings", body).status_code == 201
        window = {"from": "2026-09-16T00:00:00+08:00", "to": "2026-09-30T00:00:00+08:00"}
        free = member.get(f"/sharing/resources/{resource}/availability", **window).json["free"]
        assert free[0]["start"] == "2026-09-17T10:00+08:00"
        assert free[-1]["end"] <= "2026-09-23T12:00+08:00"


def test_a_wish_in_the_past_hears_what_comes_next(park, instrument):
    park.firm("E01"), park.firm("E02")
    with clock.frozen(clock.at(dt.date(2026, 9, 16), 10)):
        resource = instrument("e01")
        body = {
            "resource": resource,
            "start": "2026-09-01T09:00:00+08:00",
            "end": "2026-09-01T11:00:00+08:00",
        }
        refused = park.api("e02").post("/sharing/bookings", body)
        assert codes(refused) == ["too_late"]
        assert refused.json["alternatives"][0]["start"] == "2026-09-16T10:30+08:00"


def test_the_parks_firms_come_first_and_outsiders_do_not_even_find_it(park, instrument, at, monday):
    """Until Thursday only firms of the park: the university finds nothing, then books the hour that is left."""
    park.firm("E01"), park.firm("E02")
    park.member("uni", park.organisation("UNI", "university"), "university_office")
    thursday = monday + dt.timedelta(days=3)
    resource = instrument("e01", name="透射电镜", external_from=thursday.isoformat())
    wish = {"resource": resource, "start": at(3, 9), "end": at(3, 10)}
    firm, outsider = park.api("e02"), park.api("uni")
    assert [r["id"] for r in firm.get("/sharing/resources", q="透射电镜").json["items"]] == [resource]
    assert firm.post("/sharing/bookings", wish).status_code == 201
    assert outsider.get("/sharing/resources", q="透射电镜").json["total"] == 0
    for path in ("", "/availability", "/rates"):
        query = {"from": at(3, 9), "to": at(3, 17)} if path == "/availability" else {}
        assert outsider.get(f"/sharing/resources/{resource}{path}", **query).status_code == 404
    assert outsider.post("/sharing/bookings", wish).status_code == 404
    assert outsider.post("/sharing/waitlist", wish).status_code == 404
    pages = park.browse("uni")
    assert pages.get(f"/sharing/resources/{resource}").status_code == 404
    for path in ("/sharing/resources?q=透射", "/sharing/bookings/new", "/identity/search?q=透射电镜"):
        assert "透射电镜</" not in pages.get(path).text
    with clock.frozen(clock.at(thursday, 8)):
        assert park.api("uni").get(f"/sharing/resources/{resource}").status_code == 200
        late = {"resource": resource, "start": at(3, 10), "end": at(3, 11)}
        assert park.api("uni").post("/sharing/bookings", late).status_code == 201


def test_a_shorter_time_is_offered_when_nothing_of_the_wished_length_is_free(park, instrument, at):
    park.firm("E01"), park.firm("E02"), park.firm("E03")
    # Open for four hours on Wednesdays only, and two of them are taken: eight hours fit nowhere.
    resource = instrument("e01", opening=[{"weekday": 3, "from": "13:00", "to": "17:00"}])
    taken = {"resource": resource, "start": at(2, 15), "end": at(2, 17)}
    assert park.api("e03").post("/sharing/bookings", taken).status_code == 201
    wish = {"resource": resource, "start": at(2, 9), "end": at(2, 17)}
    refused = park.api("e02").post("/sharing/bookings", wish)
    assert codes(refused) == ["closed", "taken"]
    offered = [(a["start"], a["end"]) for a in refused.json["alternatives"]]
    assert (at(2, 13)[:16] + "+08:00", at(2, 15)[:16] + "+08:00") in offered
    body = {key: refused.json["alternatives"][0][key] for key in ("resource", "start", "end")}
    assert park.api("e02").post("/sharing/bookings", body).status_code == 201


def test_another_instrument_of_the_same_name_is_offered_even_without_a_category(park, instrument, at):
    park.firm("E01"), park.firm("E02"), park.firm("E03")
    first, second = instrument("e01"), instrument("e03")
    wish = {"resource": first, "start": at(0, 9), "end": at(0, 17)}
    assert park.api("e01").post("/sharing/bookings", wish).status_code == 201
    refused = park.api("e02").post("/sharing/bookings", wish)
    offered = [(one["resource"], one["start"]) for one in refused.json["alternatives"]]
    assert offered[0][0] == first, "the same instrument at another time comes first"
    assert (second, at(0, 9)[:16] + "+08:00") in offered


def test_nobody_may_look_further_than_a_year(park, instrument, at):
    park.firm("E01")
    resource = instrument("e01")
    far = (dt.datetime.fromisoformat(at(0, 0)) + dt.timedelta(days=400)).isoformat()
    for path in (f"/sharing/resources/{resource}/availability", "/sharing/resources"):
        answer = park.api("e01").get(path, **{"from": at(0, 0), "to": far})
        assert answer.status_code == 422
