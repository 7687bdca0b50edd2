"""What an owner does at the desk, and what the pages tell before somebody says yes."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest

from app.hall import clock

PERSON = "欧阳不可外泄"


def _field(name: str, page: str) -> str:
    return re.search(rf'name="{name}" value="([^"]+)"', page)[1]


def test_own_use_is_logged_and_struck_out_again(park, instrument, monday):
    park.firm("E01"), park.firm("E02")
    resource = instrument("e01")
    owner = park.browse("e01")
    day = monday - dt.timedelta(days=21)
    body = {"resource": resource, "start": f"{day}T09:00", "end": f"{day}T12:00", "note": "标定"}
    period = {"from": f"{day}T00:00:00+08:00", "to": f"{day + dt.timedelta(days=1)}T00:00:00+08:00"}
    assert owner.post("/sharing/desk/usage", data=body | {"end": f"{day}T08:00"}).status_code == 422
    assert owner.post("/sharing/desk/usage", data=body).status_code == 303
    page = owner.get("/sharing/desk?tab=usage").text
    assert "标定" in page and "自用" in page
    # Three of the eight hours of a day from nine to five.
    use = park.api("e01").get("/sharing/utilisation", **period).json["items"][0]
    assert (use["bookable_hours"], use["own_hours"], use["ratio"]) == (8, 3, 0.375)
    usage = re.search(r"/sharing/usages/(\d+)/void", page)[1]
    assert park.browse("e02").post(f"/sharing/usages/{usage}/void").status_code == 404
    assert owner.post(f"/sharing/usages/{usage}/void").status_code == 303
    assert owner.post(f"/sharing/usages/{usage}/void").status_code == 409
    assert park.api("e01").get("/sharing/utilisation", **period).json["items"][0]["own_hours"] == 0


def test_the_desk_shows_who_comes_and_the_timeline_of_others_does_not(park, instrument, at, monday):
    park.firm("E01"), park.firm("E02", name_zh="来客公司"), park.firm("E03")
    resource = instrument("e01", approval="owner")
    wish = {"resource": resource, "start": at(0, 9), "end": at(0, 11), "purpose": "机密样品"}
    asked = park.api("e02").post("/sharing/bookings", wish).json["id"]
    park.api("e01").post(f"/sharing/bookings/{asked}/approve")
    path = f"day={monday.isoformat()}"
    assert "来客公司" in park.browse("e01").get(f"/sharing/desk?tab=calendar&{path}").text
    seen = park.browse("e03").get(f"/sharing/timeline?{path}").text
    assert '"kind": "busy"' in seen and "来客公司" not in seen and "机密样品" not in seen


def test_a_month_counts_the_hours_that_are_still_free(park, instrument, monday):
    park.firm("E01"), park.firm("E02")
    resource = instrument("e01", min_minutes=60)
    body = {"resource": resource, "purpose": "试样"}
    for first, last in ((9, 12), (12.5, 17)):  # leaves half an hour: shorter than the shortest booking
        start = clock.at(monday, int(first), round(first % 1 * 60))
        end = clock.at(monday, int(last), round(last % 1 * 60))
        booked = {"start": start.isoformat(), "end": end.isoformat()}
        assert park.api("e02").post("/sharing/bookings", body | booked).status_code == 201
    page = park.browse("e02").get(f"/sharing/timeline?view=month&day={monday.isoformat()}").text
    tuesday = monday + dt.timedelta(days=1)
    assert f"光谱仪 {tuesday.month}月{tuesday.day}日 周二 尚可预约 8 小时" in page
    assert f"光谱仪 {monday.month}月{monday.day}日 周一" not in page and "已约满" in page


@pytest.mark.parametrize(("ahead", "fee"), [(30, ""), (10, "¥375.00")])
def test_a_cancellation_says_its_price_first(park, instrument, ahead, fee):
    """Three hours at 250 yuan, half of it within 24 hours: 375 yuan."""
    park.firm("E01"), park.firm("E02")
    always = [{"weekday": d, "from": "00:00", "to": "24:00"} for d in range(1, 8)]
    resource = instrument(
        "e01", price_fen_per_hour=25_000, late_cancel_hours=24, late_cancel_ratio=0.5, opening=always
    )
    start = clock.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=ahead)
    body = {
        "resource": resource,
        "start": start.isoformat(),
        "end": (start + dt.timedelta(hours=3)).isoformat(),
    }
    number = park.api("e02").post("/sharing/bookings", body | {"purpose": ""}).json["id"]
    page = park.browse("e02").get(f"/sharing/bookings/{number}").text
    assert ("现在取消要付" in page) is bool(fee) and fee in page
    later = {"start": start + dt.timedelta(hours=1), "end": start + dt.timedelta(hours=4)}
    query = {key: value.isoformat() for key, value in later.items()} | {
        "resource": resource,
        "booking": number,
    }
    quote = park.browse("e02").get("/sharing/quote", query_string=query).json
    assert quote["bookable"] is True  # its own hours do not stand in its way
    assert quote["fee"] == ("¥125.00" if fee else "")  # one of the three hours is given up
    assert park.browse("e01").get("/sharing/quote", query_string=query).status_code == 404


def test_an_hour_that_was_noted_twice_was_used_once(park, instrument, monday, at):
    """9–12 and 10–13 on one unit are four hours. With a second unit both may have run from 10 to 12: six hours."""
    park.firm("E01")
    one, two = instrument("e01"), instrument("e01", units=["1", "2"])
    owner = park.api("e01")
    for resource in (one, two):
        for start, end in ((9, 12), (10, 13)):
            body = {"start": at(0, start), "end": at(0, end)}
            assert park.noted("e01", f"/sharing/resources/{resource}/own-use", body).status_code == 201
    answer = owner.get("/sharing/utilisation", **{"from": at(0, 0), "to": at(1, 0)}).json
    hours = {item["resource"]: item["own_hours"] for item in answer["items"]}
    assert (hours[one], hours[two], answer["all"]["own_hours"]) == (4, 6, 10)


def test_a_share_of_the_revenue_is_a_percentage_and_at_most_all_of_it(park):
    park.firm("E01")
    owner = park.browse("e01")
    patent = {"name": "界面涂层", "number": "ZL2041", "fee": "2.5", "basis": "share"}
    refused = owner.post("/sharing/pool/patent/new", data=patent | {"fee": "100.01"})
    assert refused.status_code == 422
    assert "收入分成不能超过全部收入" in refused.text
    made = owner.post("/sharing/pool/patent/new", data=patent)
    for page in (made.location, "/sharing/resources?kind=patent"):
        text = owner.get(page).text
        assert "2.5 %" in text
        assert "¥2.50" not in text


def test_patents_and_people_are_listed_on_pages_and_no_name_is_shown(park):
    park.firm("E01"), park.firm("E02")
    owner, other = park.browse("e01"), park.browse("e02")
    patent = {"name": "梯度包覆", "number": "ZL2031", "fee": "120000", "basis": "once", "category": "材料"}
    made = owner.post("/sharing/pool/patent/new", data=patent)
    assert made.status_code == 303 and "¥120,000.00" in other.get(made.location).text
    assert owner.post("/sharing/pool/patent/new", data=patent).status_code == 409
    talent = {"name": "正极专家", "skills": "包覆、烧结", "years": "9", "days": "4", "fee": "3000"}
    told = owner.post(
        "/sharing/pool/talent/new", data=talent | {"person": PERSON, "description": f"{PERSON}团队"}
    )
    assert told.status_code == 422 and "改写" in told.text
    assert owner.post("/sharing/pool/talent/new", data=talent).status_code == 422  # whose profile?
    made = owner.post("/sharing/pool/talent/new", data=talent | {"person": PERSON})
    assert made.status_code == 303
    number = made.location.rsplit("/", 1)[1]
    assert other.get(f"/sharing/pool/{number}/edit").status_code == 403
    changed = owner.post(f"/sharing/pool/{number}/edit", data=talent | {"fee": "3500", "person": ""})
    assert changed.status_code == 303
    for client, path in (
        (owner, made.location),
        (owner, f"/sharing/pool/{number}/edit"),
        (other, made.location),
        (other, "/sharing/resources?kind=talent"),
        (other, f"/sharing/resources?q={PERSON}"),
    ):
        assert PERSON not in client.get(path).text.replace(f'value="{PERSON}"', "")
    assert "¥3,500.00" in other.get(made.location).text


def test_a_feed_stops_with_its_member_and_keeps_an_event_through_a_move(park, instrument, at):
    from icalendar import Calendar

    park.firm("E01")
    park.member("e02b", park.firm("E02"), "enterprise_admin")  # the last administrator could not be ended
    resource = instrument("e01")
    member = park.api("e02")
    body = {"resource": resource, "start": at(0, 9), "end": at(0, 10), "purpose": "样品"}
    number = member.post("/sharing/bookings", body).json["id"]
    page = park.browse("e02").post("/sharing/feeds", data={}).text
    path = re.search(r"/sharing/feeds/[^\"]+\.ics", page)[0]

    def event():
        calendar = Calendar.from_ical(park.app.test_client().get(path).data)
        assert calendar["METHOD"] == "PUBLISH" and calendar["VERSION"] == "2.0"
        found = calendar.walk("VEVENT")
        assert len(found) == 1
        return found[0]

    before = event()
    moved = member.post(f"/sharing/bookings/{number}/move", {"start": at(1, 9), "end": at(1, 10)})
    assert moved.status_code in (200, 201)
    after = event()
    assert after["UID"] == before["UID"] and after["SEQUENCE"] > before["SEQUENCE"]
    assert after.decoded("DTSTART") == dt.datetime.fromisoformat(at(1, 9))
    assert str(after["URL"]).endswith(f"/sharing/bookings/{moved.json['id']}")
    park.staff()
    with park.app.app_context():
        from app.identity.members.service import set_member_status

        set_member_status(park.actor("park"), park.actor("e02").member_id, active=False)
    assert park.app.test_client().get(path).status_code == 404


def test_an_invoice_holds_what_one_firm_owes_another(park, instrument):
    """Two firms use the same spectrometer at 500 yuan: two hours and one hour."""
    from openpyxl import load_workbook

    park.firm("E01", name_zh="出借公司"), park.firm("E02", name_zh="借用公司"), park.firm("E03")
    always = [{"weekday": d, "from": "00:00", "to": "24:00"} for d in range(1, 8)]
    resource = instrument("e01", opening=always)
    start = clock.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    for login, hours in (("e02", 2), ("e03", 1)):
        end = start + dt.timedelta(hours=hours)
        span = {"start": start.isoformat(), "end": end.isoformat()}
        number = park.api(login).post("/sharing/bookings", {"resource": resource, **span}).json["id"]
        with clock.frozen(end):
            assert park.api("e01").post(f"/sharing/bookings/{number}/usage", span).status_code == 200
        start = end
    with clock.frozen(start):
        owner, user, stranger = park.browse("e01"), park.browse("e02"), park.browse("e03")
        month = f"{clock.today():%Y-%m}"
        page = owner.get(f"/sharing/statements?side=owner&month={month}").text
        assert "¥1,500.00" in page and "¥1,000.00" in page and "¥500.00" in page
        for client, side, other in ((owner, "owner", "E02"), (user, "user", "E01")):
            path = f"/sharing/statements/xlsx?side={side}&with={other}&month={month}"
            answer = client.get(path)
            assert f"INV-E01-E02-{month.replace('-', '')}" in answer.headers["Content-Disposition"]
            sheet = load_workbook(io.BytesIO(answer.data)).active
            assert [cell.value for cell in sheet["H"]][-2:] == [1000, 1000]  # one row, and the sum
            assert sheet["G3"].value == 2  # hours are numbers, moments dates
            recorded = sheet["A3"].value
            assert isinstance(recorded, dt.datetime) and f"{recorded:%Y-%m}" == month
        pdf = owner.get(f"/sharing/statements/pdf?side=owner&with=E02&month={month}").data
        assert pdf.startswith(b"%PDF-")
        none = stranger.get(f"/sharing/statements/xlsx?with=E02&month={month}")
        assert load_workbook(io.BytesIO(none.data)).active["H3"].value == 0  # it has no dealings with E02
        assert owner.get("/sharing/statements/pdf?with=NOBODY").status_code == 404


def test_the_catalogue_says_when_an_instrument_is_free_again(park, instrument):
    park.firm("E01"), park.firm("E02")
    day = clock.today() + dt.timedelta(days=3)
    opening = [{"weekday": day.isoweekday(), "from": "09:00", "to": "17:00"}]
    resource = instrument("e01", opening=opening)
    wish = {"resource": resource, "start": f"{day}T09:00:00+08:00", "end": f"{day}T12:30:00+08:00"}
    assert park.api("e02").post("/sharing/bookings", wish).status_code == 201
    # Closed until that day, taken there until half past twelve.
    page = park.browse("e02").get("/sharing/resources").text
    assert re.search(rf"最近空闲 {day.month}月{day.day}日 周. 12:30", page)


def test_from_the_page_of_an_instrument_to_the_round_table(park, instrument):
    park.staff(), park.firm("E01"), park.firm("E02")
    resource = instrument("e01")
    door = f"/problems/report?resource={resource}"
    guest = park.browse("e02")
    old = guest.get(f"/ecosystem/signals/new?resource={resource}")
    assert (old.status_code, old.headers["Location"]) == (302, door)
    assert door in guest.get(f"/sharing/resources/{resource}").text
    assert "光谱仪" in guest.get(door).text
    assert door not in park.browse("auditor").get(f"/sharing/resources/{resource}").text
