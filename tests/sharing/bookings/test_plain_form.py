"""The plain form tells price, conflicts, training and free hours before anything is sent; alternatives do the same work."""

from __future__ import annotations

import datetime as dt

import pytest

from app.hall import clock


@pytest.fixture
def body(monday):
    return {"day": str(monday), "start": "10:00", "end": "12:30", "end_day": "", "purpose": ""}


def test_a_check_tells_the_price_and_books_nothing(park, instrument, body):
    """Two and a half hours at 320 yuan."""
    park.firm("E01"), park.firm("E02")
    resource = instrument("e01", price_fen_per_hour=32_000)
    browser = park.browse("e02")
    page = browser.post("/sharing/bookings/new", data=body | {"resource": resource, "check": "1"})
    assert page.status_code == 200
    assert "¥800.00" in page.text and "无冲突" in page.text and "09:00–17:00" in page.text
    assert park.api("e02").get("/sharing/bookings").json["total"] == 0
    assert browser.post("/sharing/bookings/new", data=body | {"resource": resource}).status_code == 303


def test_a_check_tells_conflicts_and_what_is_left_of_the_day(park, instrument, body, at):
    park.firm("E01"), park.firm("E02"), park.firm("E03")
    resource = instrument("e01", price_fen_per_hour=32_000)
    taken = {"resource": resource, "start": at(0, 11), "end": at(0, 13), "purpose": ""}
    assert park.api("e03").post("/sharing/bookings", taken).status_code == 201
    for lang, title in (("zh", "不能预约的原因"), ("en", "Why it cannot be booked")):
        page = (
            park.browse("e02", lang)
            .post("/sharing/bookings/new", data=body | {"resource": resource, "check": "1"})
            .text
        )
        assert title in page and "¥800.00" in page
        assert "09:00–11:00" in page and "13:00–17:00" in page


def test_a_missing_training_is_asked_for_where_it_is_granted(park, instrument, body):
    park.staff(), park.firm("E01", name_zh="授予公司"), park.firm("E02", name_zh="申请公司")
    owner = park.browse("e01")
    assert (
        owner.post("/sharing/qualifications", data={"code": "XRD-1", "name": "衍射操作"}).status_code == 303
    )
    number = park.api("e01").get("/sharing/qualifications").json["items"][0]["id"]
    resource = instrument("e01", qualification=number)
    browser = park.browse("e02")
    page = browser.get(f"/sharing/bookings/new?resource={resource}").text
    assert "衍射操作" in page and "尚未具备" in page and "由授予公司培训并授予" in page
    ask = f"/sharing/qualifications/{number}/apply"
    assert ask in page and browser.post(ask).status_code == 303
    told = [note["text"] for note in park.api("e01").get("/identity/notifications").json["items"]]
    assert any("申请公司" in text and "衍射操作" in text for text in told)
    assert browser.post(ask).status_code == 409  # once a day
    with clock.frozen(clock.now() + dt.timedelta(days=1, minutes=1)):
        assert park.browse("e02").post(ask).status_code == 303
    assert browser.post("/sharing/qualifications/999999/apply").status_code == 404


def alternatives(park, resource, at, first, last):
    wish = {"resource": resource, "start": at(0, first), "end": at(0, last), "purpose": ""}
    return park.api("e02").post("/sharing/bookings", wish).json["alternatives"]


def test_alternatives_are_the_same_instrument_first_and_then_what_does_the_same(park, instrument, at):
    park.firm("E01"), park.firm("E02"), park.firm("E03")
    xrd = {"category": "材料表征", "specifications": {"角度范围": "5–120°"}}
    wanted = instrument("e01", name="X 射线衍射仪 甲", **xrd)
    twin = instrument("e01", name="X 射线衍射仪 乙", **xrd)
    other_words = instrument("e01", name="激光粒度分析", category="材料表征")
    other_work = instrument("e01", name="X 射线衍射仪 丙", category="热分析")
    other_facts = instrument(
        "e01", name="X 射线衍射仪 丁", category="材料表征", specifications={"加速电压": "30 kV"}
    )
    long_one = instrument("e01", name="X 射线衍射仪 戊", min_minutes=360, **xrd)
    taken = {"resource": wanted, "start": at(0, 10), "end": at(0, 11), "purpose": ""}
    assert park.api("e03").post("/sharing/bookings", taken).status_code == 201
    found = [offer["resource"] for offer in alternatives(park, wanted, at, 10, 11)]
    assert found[0] == wanted and twin in found
    assert found == sorted(found, key=lambda number: number != wanted)
    assert not {other_words, other_work, other_facts, long_one} & set(found)


def test_an_alternative_is_at_most_twice_as_long(park, instrument, at):
    park.firm("E01"), park.firm("E02")
    resource = instrument("e01", min_minutes=180)
    assert alternatives(park, resource, at, 10, 10.5) == []  # three hours instead of half an hour
    assert {offer["minutes"] for offer in alternatives(park, resource, at, 10, 11.5)} == {180}
