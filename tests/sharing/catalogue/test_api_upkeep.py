"""Over the API an owner and the park look after what is shared, as on the pages, and nobody else does."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.sharing.conftest import ALWAYS


@pytest.fixture
def town(park):
    park.staff()
    for code in ("E01", "E02", "E03"):
        park.firm(code)
    return park


def test_an_instrument_is_changed_withdrawn_and_put_back(town, instrument, at):
    resource = instrument(horizon_days=60, late_cancel_hours=24)
    owner, other = town.api("e01"), town.api("e02")
    path = f"/sharing/resources/{resource}"
    standing = other.post(
        "/sharing/bookings", {"resource": resource, "start": at(0, 9), "end": at(0, 10)}
    ).json
    change = {"name": "手持光谱仪", "price_fen_per_hour": 80_000, "horizon_days": None, "opening": ALWAYS}
    assert other.post(f"{path}/edit", change).status_code == 403
    assert owner.post(f"{path}/edit", {"step_minutes": 7}).status_code == 422
    assert owner.post(f"{path}/edit", {"qualification": 99}).status_code == 422
    changed = owner.post(f"{path}/edit", change, key="edit-1")
    assert owner.post(f"{path}/edit", change, key="edit-1").json == changed.json
    said = changed.json
    assert (said["name"], said["price_fen_per_hour"], said["horizon_days"]) == ("手持光谱仪", 80_000, None)
    assert len(said["opening"]) == 7 and said["late_cancel_hours"] == 24  # what was not named stays
    kept = other.get(f"/sharing/bookings/{standing['id']}").json
    assert kept["price_fen"] == 50_000  # made under the old price
    late = {"resource": resource, "start": at(5, 22), "end": at(5, 23)}
    assert owner.post(f"{path}/withdraw", {"reason": "年检"}).json["status"] == "withdrawn"
    assert other.post("/sharing/bookings", late).status_code == 409
    assert other.post(f"{path}/put-back").status_code == 403
    assert owner.post(f"{path}/put-back").json["status"] == "listed"
    assert owner.post(f"{path}/put-back").status_code == 409
    assert other.post("/sharing/bookings", late).json["price_fen"] == 80_000


def test_a_special_day_has_its_own_hours_until_it_is_dropped(town, instrument, at, monday):
    """Open 9–17 on working days; that Saturday 10–12, that Monday not at all."""
    resource = instrument()
    owner, other = town.api("e01"), town.api("e02")
    saturday = (monday + dt.timedelta(days=5)).isoformat()
    wish = {"resource": resource, "start": at(5, 10), "end": at(5, 12)}
    assert other.post("/sharing/bookings", wish).status_code == 409
    special = {"day": saturday, "hours": [{"from": "10:00", "to": "12:00"}], "reason": "开放日"}
    path = f"/sharing/resources/{resource}/exceptions"
    assert other.post(path, special).status_code == 403
    assert owner.post(path, special | {"hours": [{"from": "10:03", "to": "12:00"}]}).status_code == 422
    assert owner.post(path, special).json["hours"] == special["hours"]
    closed = owner.post(path, {"day": monday.isoformat(), "reason": "盘点"})
    assert other.get(path).json["total"] == 2
    assert other.post("/sharing/bookings", wish).status_code == 201
    early = {"resource": resource, "start": at(0, 9), "end": at(0, 10)}
    assert [r["code"] for r in other.post("/sharing/bookings", early).json["reasons"]] == ["closed"]
    assert other.post(f"/sharing/exceptions/{closed.json['id']}/drop").status_code == 403
    assert owner.post(f"/sharing/exceptions/{closed.json['id']}/drop").status_code == 200
    assert owner.post(f"/sharing/exceptions/{closed.json['id']}/drop").status_code == 404
    assert other.post("/sharing/bookings", early).status_code == 201


def test_prices_by_time_and_units_come_and_go(town, instrument, at):
    """500 yuan, 300 from 9 to 12 for everybody: two hours from 11 cost 300 + 500."""
    resource = instrument()
    owner, other = town.api("e01"), town.api("e02")
    rates, units = f"/sharing/resources/{resource}/rates", f"/sharing/resources/{resource}/units"
    cheap = {"price_fen_per_hour": 30_000, "from_minute": 540, "to_minute": 720}
    assert other.post(rates, cheap).status_code == 403
    assert owner.post(rates, cheap | {"to_minute": 500}).status_code == 422
    rate = owner.post(rates, cheap).json
    assert other.get(rates).json["items"] == [rate]
    wish = {"resource": resource, "start": at(0, 11), "end": at(0, 13)}
    assert other.post("/sharing/bookings", wish).json["price_fen"] == 80_000
    assert town.api("e03").post("/sharing/bookings", wish).status_code == 409
    unit = owner.post(units, {"label": "2 号"}).json
    assert owner.post(units, {"label": "2 号"}).status_code == 409
    assert owner.post(f"/sharing/rates/{rate['id']}/drop").status_code == 200
    second = town.api("e03").post("/sharing/bookings", wish).json
    assert (second["unit"], second["price_fen"]) == (unit["id"], 100_000)
    assert owner.post(f"/sharing/units/{unit['id']}/active", {"active": False}).status_code == 409  # booked
    assert town.api("e03").post(f"/sharing/bookings/{second['id']}/cancel").status_code == 200
    assert owner.post(f"/sharing/units/{unit['id']}/active", {"active": False}).json["active"] is False


def test_alternatives_end_with_the_training(town, instrument, at, monday):
    """Taken all Tuesday, trained until that Wednesday: Wednesday's hours are offered, Thursday's are not."""
    owner, member = town.api("e01"), town.api("e02")
    asked = owner.post("/sharing/qualifications", {"code": "SEM", "name": "电镜操作"})
    assert asked.status_code == 201 and asked.json["owner"] == "E01"
    assert town.api("e03").post("/sharing/qualifications", {"code": "SEM", "name": "别"}).status_code == 409
    resource = instrument(qualification=asked.json["id"])
    assert (
        town.api("e03")
        .post(
            "/sharing/resources", {"kind": "equipment", "name": "别家的", "qualification": asked.json["id"]}
        )
        .status_code
        == 422
    )
    grants = f"/sharing/qualifications/{asked.json['id']}/grants"
    wednesday = (monday + dt.timedelta(days=2)).isoformat()
    body = {"enterprise": "E02", "login": "e02", "expires_on": wednesday}
    assert town.api("e03").post(grants, body).status_code == 403
    grant = owner.post(grants, body, key="g").json
    assert owner.post(grants, body, key="g").json == grant and grant["expires_on"] == wednesday
    assert town.api("e03").get(grants).status_code == 404
    assert owner.get(grants).json["items"] == town.api("auditor").get(grants).json["items"] == [grant]
    owner.post("/sharing/bookings", {"resource": resource, "start": at(1, 9), "end": at(1, 17)})
    wish = {"resource": resource, "start": at(1, 15), "end": at(1, 17)}
    offered = {one["start"][:10] for one in member.post("/sharing/bookings", wish).json["alternatives"]}
    days = [(monday + dt.timedelta(days=n)).isoformat() for n in range(-6, 3)]
    assert wednesday in offered and offered <= set(days)
    assert owner.post(f"/sharing/qualification-grants/{grant['id']}/revoke").json["revoked"] is True
    assert owner.post(f"/sharing/qualification-grants/{grant['id']}/revoke").status_code == 404
    refused = member.post("/sharing/bookings", wish | {"start": at(2, 9), "end": at(2, 11)})
    assert [r["code"] for r in refused.json["reasons"]] == ["not_qualified"]


def test_the_park_sets_holidays_and_terms(town, instrument, at, monday):
    resource = instrument()
    park, member = town.api("park"), town.api("e02")
    holiday = {"day": monday.isoformat(), "name": "园区日"}
    wish = {"resource": resource, "start": at(0, 9), "end": at(0, 10)}
    assert member.post("/sharing/holidays", holiday).status_code == 403
    assert park.post("/sharing/holidays", holiday).status_code == 201
    assert member.get("/sharing/holidays").json == {"items": [holiday], "total": 1}
    assert [r["code"] for r in member.post("/sharing/bookings", wish).json["reasons"]] == ["closed"]
    assert park.post("/sharing/holidays/drop", {"day": holiday["day"]}).status_code == 200
    assert park.post("/sharing/holidays/drop", {"day": holiday["day"]}).status_code == 404
    assert member.post("/sharing/bookings", wish).status_code == 201
    before = member.get("/sharing/terms").json
    assert member.post("/sharing/terms", {"dispute_days": 30}).status_code == 403
    assert park.post("/sharing/terms", {"dispute_days": 0}).status_code == 422
    assert park.post("/sharing/terms", {"dispute_days": 30}).json == before | {"dispute_days": 30}
    assert park.get("/sharing/suspensions").json == {"items": [], "total": 0}
    assert member.get("/sharing/suspensions").status_code == 403
    assert park.post("/sharing/suspensions/1/lift").status_code == 404
