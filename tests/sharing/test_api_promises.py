"""What the contract promises of every call: how moments are written, how lists are cut, how a refusal reads."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest

from app.hall import clock
from tests.factories import Park
from tests.guardian.calls import calls_of


def test_every_list_is_cut_by_limit_and_offset(demo_park: Park) -> None:
    """The park's whole lists, those on an address without a number: any part of them is a part of the whole."""
    api, year = demo_park.api("park"), clock.today().year
    span = {"from": f"{year}-01-01T00:00:00Z", "to": f"{year}-01-08T00:00:00Z"}
    needed = {"/sharing/utilisation": span, "/chain/makers": {"q": "隔膜"}}
    cut = []
    for call in calls_of(demo_park.app):
        path = call.path.removeprefix("/api/v1")
        if call.method != "GET" or "{" in path or not path.startswith("/"):
            continue
        query: dict[str, Any] = needed.get(path, {})
        whole = api.get(path, **query, **({"limit": 200} if "limit" in call.query_params else {}))
        if not whole.is_json or "items" not in (whole.json or {}):
            continue
        items, total = whole.json["items"], whole.json["total"]
        part = api.get(path, **query, limit=2, offset=1)
        assert part.status_code == 200, (path, part.text)
        assert (part.json["items"], part.json["total"]) == (items[1:3], total), path
        beyond = api.get(path, **query, limit=2, offset=100_000).json
        assert (beyond["items"], beyond["total"]) == ([], total), path
        cut.append(path)
    assert {"/sharing/utilisation", "/sharing/slot-requests", "/chain/prospects", "/credits/claims"} <= set(
        cut
    )


@pytest.mark.parametrize(
    "moment",
    [
        "2026-12-01T09:00:00",
        "2026-12-01",
        "1796090400",
        1796090400,
        1796090400.5,
        "09:00+08:00",
        "20261201T0900Z",
    ],
)
def test_a_moment_is_iso_8601_with_an_offset_or_refused(
    park: Park, instrument: Any, at: Any, moment: Any
) -> None:
    """A number of seconds says nothing of an offset, and a day is no moment."""
    park.firm("E01")
    body = {"resource": instrument(), "start": moment, "end": at(0, 10), "purpose": ""}
    refused = park.api("e01").post("/sharing/bookings", body)
    assert refused.status_code == 422
    assert [reason["field"] for reason in refused.json["reasons"]] == ["start"]


def test_a_day_is_a_day(park: Park) -> None:
    park.firm("E01")
    for day in (1764028800, "1764028800", "2026-11-20T00:00:00", "2026-02-29", "2026-1-1"):
        body = {"title": "寻找粒度检测", "description": "每月十批粉体样品", "tags": ["检测"], "deadline": day}
        refused = park.api("e01").post("/ecosystem/needs", body)
        assert (refused.status_code, refused.json["reasons"][0]["field"]) == (422, "deadline"), day


def test_an_address_as_people_type_it(park: Park, instrument: Any, at: Any) -> None:
    """An empty value is none, and a `+` that was not escaped is still the offset it was meant as."""
    park.firm("E01")
    number, api = instrument(), park.api("e01")

    def get(query: str) -> Any:
        return api.client.get(f"/api/v1/sharing/resources?{query}", headers=api.headers).json

    assert get("kind=&q=&from=&to=&hours=")["total"] == 1
    span = f"from={at(0, 0)}&to={at(1, 0)}&hours=8"
    assert "+08:00" in span
    found = get(span)["items"]
    assert [(row["id"], row["free"]) for row in found] == [
        (number, [{"start": at(0, 9)[:16] + "+08:00", "end": at(0, 17)[:16] + "+08:00"}])
    ]
    escaped = urlencode({"from": at(0, 0), "to": at(1, 0), "hours": 8})
    assert get(escaped)["items"] == found


def test_a_body_that_is_no_object_says_so(park: Park) -> None:
    park.firm("E01")
    for body in (b"", b"{", b"[]", b"null", b'{"purpose": "\xe9"}', b"[" * 100_000):
        answer = park.app.test_client().post(
            "/api/v1/sharing/bookings",
            data=body,
            content_type="application/json",
            headers=dict(park.api("e01").headers),
        )
        assert answer.status_code == 422
        assert [r["message"] for r in answer.json["reasons"]] == [
            "请求正文须为 JSON 对象（Content-Type: application/json）。"
        ]


def test_a_refused_transition_is_a_sentence(park: Park, instrument: Any, at: Any) -> None:
    park.firm("E01"), park.firm("E02")
    number, holder = instrument(), park.api("e02")
    body = {"resource": number, "start": at(0, 9), "end": at(0, 10), "purpose": ""}
    booked = holder.post("/sharing/bookings", body).json["id"]
    assert holder.post(f"/sharing/bookings/{booked}/cancel").status_code == 200
    for action, who in (("cancel", "e02"), ("approve", "e01"), ("reject", "e01")):
        answer = park.api(who).post(f"/sharing/bookings/{booked}/{action}", {"reason": "再次"})
        assert answer.status_code == 409
        assert re.search("[一-鿿]", answer.json["detail"]), answer.json


def test_the_dearest_instrument_does_not_stop_the_planning(park: Park, instrument: Any, at: Any) -> None:
    """Every price that an owner may ask for can be planned with."""
    park.firm("E01"), park.firm("E02")
    always = [{"weekday": d, "from": "00:00", "to": "24:00"} for d in range(1, 8)]
    instrument("e01", price_fen_per_hour=10**11, step_minutes=60, opening=always)
    wanted = instrument("e01", opening=always, step_minutes=60, max_minutes=480)
    wish = {
        "resources": [wanted],
        "windows": [{"start": at(0, 0), "end": at(2, 0)}],
        "duration_minutes": 60,
    }
    assert park.api("e02").post("/sharing/slot-requests", wish).status_code == 201
    owner = park.api("e01")
    run = owner.post("/sharing/schedule-runs", {"from": at(0, 0), "to": at(2, 0), "seconds": 5}).json["id"]
    solved = owner.get(f"/sharing/schedule-runs/{run}").json
    assert (solved["state"], len(solved["assignments"])) == ("solved", 1)
