"""Stories 5, 9 and 10 and their neighbours, over the API, on both databases."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from tests.sharing.conftest import ALWAYS


def book(api, resource, start, end, **more):
    return api.post("/sharing/bookings", {"resource": resource, "start": start, "end": end, **more})


def codes(answer):
    return [reason["code"] for reason in answer.json["reasons"]]


def test_story_5_all_reasons_and_an_alternative(park, instrument, at):
    park.firm("E01"), park.firm("E02")
    spectrometer = instrument("e01")
    outage = park.api("e01").post(
        f"/sharing/resources/{spectrometer}/outages", {"start": at(2, 10), "end": at(2, 12), "reason": "换灯"}
    )
    assert outage.status_code == 201 and outage.json["cancelled"] == []
    member = park.api("e02")
    refused = book(member, spectrometer, at(2, 11), at(2, 18))
    assert refused.status_code == 409
    assert refused.mimetype == "application/problem+json"
    assert codes(refused) == ["closed", "outage"]
    assert all(reason["message"] for reason in refused.json["reasons"])
    first = refused.json["alternatives"][0]
    assert first["price_fen"] == 7 * 50_000
    taken = book(member, first["resource"], first["start"], first["end"])
    assert taken.status_code == 201
    assert taken.json["state"] == "confirmed" and taken.json["price_fen"] == 350_000
    free = member.get(
        f"/sharing/resources/{spectrometer}/availability", **{"from": at(2, 0), "to": at(3, 0)}
    ).json
    assert free["free"] == [
        {"start": at(2, 9)[:16] + "+08:00", "end": at(2, 10)[:16] + "+08:00"},
        {"start": at(2, 12)[:16] + "+08:00", "end": at(2, 17)[:16] + "+08:00"},
    ]


def test_every_other_reason_has_its_code(park, instrument, at):
    park.firm("E01"), park.firm("E02")
    member = park.api("e02")
    strict = instrument("e01", step_minutes=30, min_minutes=60, max_minutes=120, quota_minutes_per_week=120)
    assert codes(book(member, strict, at(0, 9), at(0, 9.5))) == ["too_short"]
    assert codes(book(member, strict, at(0, 9), at(0, 12))) == ["too_long", "quota"]
    assert codes(book(member, strict, at(0, 9 + 1 / 6), at(0, 10 + 1 / 6))) == ["off_step"]
    assert "too_late" in codes(book(member, strict, "2020-01-06T09:00:00+08:00", "2020-01-06T10:00:00+08:00"))
    assert book(member, strict, at(0, 9), at(0, 11)).status_code == 201
    assert codes(book(member, strict, at(0, 9), at(0, 10))) == ["taken", "quota"]


def test_bad_input_is_422_and_a_stranger_learns_nothing(park, instrument, at):
    park.firm("E01"), park.firm("E02"), park.firm("E03")
    resource = instrument("e01")
    member = park.api("e02")
    for start, end in (
        ("2026-11-25T09:00:00", "2026-11-25T10:00:00"),
        (at(0, 10), at(0, 9)),
        (at(0, 10), at(0, 10)),
        ("tomorrow", "later"),
    ):
        assert book(member, resource, start, end).status_code == 422
    assert book(member, 999_999, at(0, 9), at(0, 10)).status_code == 404
    assert book(member, resource, at(0, 9), at(0, 10), surprise=1).status_code == 422
    assert park.app.test_client().post("/api/v1/sharing/bookings", json={}).status_code == 401
    own = book(member, resource, at(0, 9), at(0, 10)).json["id"]
    assert park.api("e03").get(f"/sharing/bookings/{own}").status_code == 404
    assert park.api("e03").post(f"/sharing/bookings/{own}/cancel").status_code == 404
    assert member.post(f"/sharing/bookings/{own}/approve").status_code == 403
    assert park.api("e01").get(f"/sharing/bookings/{own}").json["enterprise"] == "E02"


def test_approval_and_the_transitions_that_are_not(park, instrument, at):
    park.firm("E01"), park.firm("E02")
    resource = instrument("e01", approval="owner")
    owner, member = park.api("e01"), park.api("e02")
    asked = book(member, resource, at(0, 9), at(0, 10))
    assert asked.status_code == 201 and asked.json["state"] == "requested" and asked.json["answer_until"]
    number = asked.json["id"]
    # A request blocks: nobody else gets the hour meanwhile.
    assert codes(book(owner, resource, at(0, 9), at(0, 10))) == ["taken"]
    assert (
        owner.post(f"/sharing/bookings/{number}/usage", {"start": at(0, 9), "end": at(0, 10)}).status_code
        == 409
    )
    assert owner.post(f"/sharing/bookings/{number}/approve").json["state"] == "confirmed"
    assert owner.post(f"/sharing/bookings/{number}/approve").status_code == 409
    assert owner.post(f"/sharing/bookings/{number}/reject", {"reason": "x"}).status_code == 409
    assert member.post(f"/sharing/bookings/{number}/cancel").json["state"] == "cancelled"
    for action in ("approve", "reject", "cancel"):
        assert owner.post(f"/sharing/bookings/{number}/{action}").status_code == 409
    again = book(member, resource, at(0, 9), at(0, 10)).json["id"]
    assert owner.post(f"/sharing/bookings/{again}/reject", {"reason": "满"}).json["state"] == "rejected"
    third = book(member, resource, at(0, 9), at(0, 10)).json["id"]
    assert member.post(f"/sharing/bookings/{third}/cancel").json["state"] == "expired"
    assert book(owner, resource, at(0, 9), at(0, 10)).json["own_use"] is True


def test_story_9_charged_time(park, instrument, at):
    park.firm("E01"), park.firm("E02")
    member = park.api("e02")
    expected = {"union": (90, 75_000), "greater": (60, 50_000), "booked": (60, 50_000), "used": (60, 50_000)}
    for billing, (minutes, fen) in expected.items():
        resource = instrument("e01", billing=billing)
        number = book(member, resource, at(0, 9), at(0, 10)).json["id"]
        span = {"start": at(0, 9.5), "end": at(0, 10.5)}
        done = park.noted("e01", f"/sharing/bookings/{number}/usage", span)
        assert done.status_code == 200, done.text
        settled = done.json["settlement"]
        assert (settled["charged_minutes"], settled["amount_fen"], settled["rule"]) == (minutes, fen, billing)
        assert done.json["state"] == "completed"


def test_story_9_late_cancellation_and_letting_again(park, instrument):
    park.firm("E01"), park.firm("E02"), park.firm("E03")
    resource = instrument("e01", opening=ALWAYS, late_cancel_hours=24, late_cancel_ratio=0.5)
    start = (clock.now() + dt.timedelta(hours=10)).replace(minute=0, second=0, microsecond=0)

    def hour(n):
        return (start + dt.timedelta(hours=n)).isoformat()

    member = park.api("e02")
    number = book(member, resource, hour(0), hour(3)).json["id"]
    late = member.post(f"/sharing/bookings/{number}/cancel").json
    assert late["state"] == "cancelled" and late["late"]
    assert (late["settlement"]["charged_minutes"], late["settlement"]["amount_fen"]) == (90, 75_000)
    assert late["settlement"]["rule"] == "late_cancellation"
    other = park.api("e03")
    relet = book(other, resource, hour(0), hour(2))
    assert relet.status_code == 201
    now = member.get(f"/sharing/bookings/{number}").json["settlement"]
    assert (now["charged_minutes"], now["amount_fen"], now["version"]) == (30, 25_000, 2)
    # The owner takes it back: nobody has it any more, and the owner's cancelling is free for its holder.
    gone = park.api("e01").post(f"/sharing/bookings/{relet.json['id']}/cancel", {"reason": "x"}).json
    assert gone["settlement"] is None and gone["late"] is False
    assert member.get(f"/sharing/bookings/{number}").json["settlement"]["amount_fen"] == 75_000


def test_story_10_an_outage_cancels_tells_offers_and_calls_up(park, instrument, at):
    park.firm("E01"), park.firm("E02"), park.firm("E03")
    resource = instrument("e01", late_cancel_hours=24 * 365, late_cancel_ratio=1)
    member, waiting = park.api("e02"), park.api("e03")
    number = book(member, resource, at(2, 9), at(2, 12)).json["id"]
    entry = waiting.post(
        "/sharing/waitlist", {"resource": resource, "start": at(2, 9), "end": at(2, 10), "minutes": 60}
    )
    assert entry.status_code == 201 and entry.json["state"] == "waiting"
    outage = park.api("e01").post(
        f"/sharing/resources/{resource}/outages", {"start": at(2, 10), "end": at(2, 12), "reason": "漏液"}
    )
    assert outage.status_code == 201
    assert outage.json["cancelled"] == [number] and outage.json["waitlist_offers"] == 1
    hit = member.get(f"/sharing/bookings/{number}").json
    assert hit["state"] == "cancelled" and hit["settlement"] is None and hit["reason"] == "漏液"
    assert hit["alternatives"] and hit["alternatives"][0]["resource"] == resource
    offered = waiting.get("/sharing/waitlist").json["items"][0]
    assert offered["state"] == "offered"
    # What is offered is held: nobody else gets it.
    assert codes(book(member, resource, at(2, 9), at(2, 10))) == ["taken"]
    taken = waiting.post(f"/sharing/waitlist/{offered['id']}/accept")
    assert taken.json["state"] == "confirmed" and taken.json["start"].startswith(at(2, 9)[:16])
    assert waiting.post(f"/sharing/waitlist/{offered['id']}/accept").status_code == 409


def test_a_move_frees_and_takes_at_once(park, instrument, at):
    park.firm("E01"), park.firm("E02")
    resource = instrument("e01")
    member = park.api("e02")
    number = book(member, resource, at(0, 9), at(0, 11)).json["id"]
    moved = member.post(f"/sharing/bookings/{number}/move", {"start": at(0, 10), "end": at(0, 12)})
    assert moved.status_code == 201, moved.text
    assert moved.json["replaces"] == number
    assert member.get(f"/sharing/bookings/{number}").json["state"] == "cancelled"
    assert book(member, resource, at(0, 9), at(0, 10)).status_code == 201
    refused = member.post(f"/sharing/bookings/{moved.json['id']}/move", {"start": at(0, 9), "end": at(0, 11)})
    assert refused.status_code == 409 and codes(refused) == ["taken"]
    assert member.get(f"/sharing/bookings/{moved.json['id']}").json["state"] == "confirmed"


def test_the_same_key_books_once(park, instrument, at):
    park.firm("E01"), park.firm("E02")
    resource = instrument("e01")
    member = park.api("e02")
    body = {"resource": resource, "start": at(0, 9), "end": at(0, 10), "purpose": "测样"}
    first = member.post("/sharing/bookings", body, key="k1")
    again = member.post("/sharing/bookings", body, key="k1")
    assert first.status_code == again.status_code == 201 and first.json == again.json
    assert member.post("/sharing/bookings", body | {"purpose": "别的"}, key="k1").status_code == 409
    refused = member.post("/sharing/bookings", body, key="k2")
    assert refused.status_code == 409 and codes(refused) == ["taken"] and refused.json["alternatives"]


def test_nights_across_midnight_and_units(park, instrument, at):
    park.firm("E01"), park.firm("E02")
    member = park.api("e02")
    night = instrument("e01", opening=[{"weekday": 1, "from": "22:00", "to": "06:00"}], units=["甲", "乙"])
    assert book(member, night, at(0, 23), at(1, 2)).status_code == 201
    assert book(member, night, at(0, 23), at(1, 2)).status_code == 201
    assert codes(book(member, night, at(0, 23), at(1, 2))) == ["taken"]
    assert codes(book(member, night, at(1, 5), at(1, 7))) == ["closed"]
    around = instrument("e01", opening=ALWAYS)
    assert book(member, around, at(5, 20), at(6, 4)).status_code == 201


def test_buffers_keep_others_away(park, instrument, at):
    park.firm("E01"), park.firm("E02")
    member = park.api("e02")
    resource = instrument("e01", buffer_minutes=30)
    assert book(member, resource, at(0, 10), at(0, 11)).status_code == 201
    assert codes(book(member, resource, at(0, 11), at(0, 12))) == ["taken"]
    assert codes(book(member, resource, at(0, 9), at(0, 10))) == ["taken"]
    assert book(member, resource, at(0, 9), at(0, 9.5)).status_code == 201
    assert book(member, resource, at(0, 11.5), at(0, 12)).status_code == 201


def test_the_catalogue_by_word_and_by_free_time(park, instrument, at):
    park.firm("E01"), park.firm("E02")
    first = instrument("e01", name="X 射线衍射仪", model="D8", category="分析测试")
    second = instrument("e01", name="充放电测试柜", category="电池测试")
    member = park.api("e02")

    def found(**query):
        return [row["id"] for row in member.get("/sharing/resources", **query).json["items"]]

    assert found(q="衍射") == found(q="d8") == found(q="Ｘ射线") == [first]
    assert (
        found(q="测试柜") == [second] and sorted(found(q="测试")) == [first, second] and found(q="没有") == []
    )
    assert book(member, first, at(0, 9), at(0, 16)).status_code == 201
    window = {"from": at(0, 9), "to": at(0, 17), "hours": 2}
    rows = member.get("/sharing/resources", **window).json
    assert [row["id"] for row in rows["items"]] == [second] and rows["total"] == 1
    assert rows["items"][0]["free"][0]["start"].startswith(at(0, 9)[:16])
    assert sorted(found(**window | {"hours": 1})) == [first, second]


def test_story_8_utilisation_and_income(park, instrument, at, monday):
    park.firm("E01"), park.firm("E02")
    owner, member = park.api("e01"), park.api("e02")
    resource = instrument("e01")
    # A week of 40 open hours: 12 own (30 %), 8 shared (20 points, two thirds more).
    span = {"start": at(0, 9), "end": at(0, 17)}
    assert park.noted("e01", f"/sharing/resources/{resource}/own-use", span).status_code == 201
    own = book(owner, resource, at(1, 9), at(1, 13)).json["id"]
    park.noted("e01", f"/sharing/bookings/{own}/usage", {"start": at(1, 9), "end": at(1, 13)})
    shared = book(member, resource, at(2, 9), at(2, 17)).json["id"]
    park.noted("e01", f"/sharing/bookings/{shared}/usage", {"start": at(2, 9), "end": at(2, 17)})
    report = owner.get("/sharing/utilisation", **{"from": at(0, 0), "to": at(7, 0)}).json
    row = report["items"][0]
    assert (row["bookable_hours"], row["own_hours"], row["shared_hours"], row["ratio"]) == (40, 12, 8, 0.5)
    assert (row["own_ratio"], row["points"], round(row["relative"], 3)) == (0.3, 20.0, 0.667)
    assert row["income_fen"] == 400_000
    assert report["all"]["ratio"] == 0.5
    assert member.get("/sharing/utilisation", **{"from": at(0, 0), "to": at(7, 0)}).json["total"] == 0


def test_a_dispute_is_adjusted_by_a_new_row(park, instrument, at):
    park.firm("E01"), park.firm("E02")
    owner, member = park.api("e01"), park.api("e02")
    number = book(member, instrument("e01"), at(0, 9), at(0, 10)).json["id"]
    park.noted("e01", f"/sharing/bookings/{number}/usage", {"start": at(0, 9), "end": at(0, 10)})
    assert owner.post(f"/sharing/bookings/{number}/dispute", {"reason": "x"}).status_code == 403
    assert member.post(f"/sharing/bookings/{number}/dispute", {"reason": "坏了"}).json["state"] == "disputed"
    too_much = owner.post(f"/sharing/bookings/{number}/adjust", {"amount_fen": 60_000, "reason": "x"})
    assert too_much.status_code == 422
    done = owner.post(f"/sharing/bookings/{number}/adjust", {"amount_fen": 20_000, "reason": "减免"}).json
    assert done["state"] == "adjusted" and done["settlement"]["amount_fen"] == 20_000
    assert done["settlement"]["version"] == 2


def test_actions_need_no_body(park, instrument, at):
    park.firm("E01"), park.firm("E02")
    member = park.api("e02")
    number = book(member, instrument("e01", approval="owner"), at(0, 9), at(0, 10)).json["id"]
    owner = park.api("e01")
    path = "/api/v1/sharing/bookings/{}/{}"
    assert owner.client.post(path.format(number, "approve"), headers=owner.headers).status_code == 200
    assert member.client.post(path.format(number, "cancel"), headers=member.headers).status_code == 200


def test_what_an_owner_may_and_a_stranger_may_not(park, instrument, at):
    park.staff()
    park.firm("E01"), park.firm("E02")
    park.member("e01-staff", park.actor("e01").organisation_id, "enterprise_member")
    resource = instrument("e01")
    for login in ("e02", "e01-staff", "investment", "auditor"):
        api = park.api(login)
        span = {"start": at(0, 9), "end": at(0, 10), "reason": "x"}
        assert api.post(f"/sharing/resources/{resource}/outages", span).status_code == 403, login
        assert api.post(f"/sharing/resources/{resource}/withdraw", {"reason": "x"}).status_code == 403, login
    body = {"kind": "equipment", "name": "x"}
    assert park.api("e01-staff").post("/sharing/resources", body).status_code == 403
    assert park.api("auditor").post("/sharing/resources", body).status_code == 403
    assert park.api("park").post(f"/sharing/resources/{resource}/outages", span).status_code == 201


def test_a_listing_that_makes_no_sense_is_refused(park):
    park.firm("E01")
    owner = park.api("e01")
    good = {"kind": "equipment", "name": "仪器"}
    for wrong in (
        {"step_minutes": 7},
        {"min_minutes": 120, "max_minutes": 60},
        {"billing": "free"},
        {"price_fen_per_hour": -1},
        {"late_cancel_ratio": 1.5},
        {"opening": [{"weekday": 8, "from": "09:00", "to": "17:00"}]},
        {"opening": [{"weekday": 1, "from": "09:00", "to": "09:00"}]},
        {"name": " "},
        {"kind": "house"},
        {"opening": [{"weekday": 1, "from": "9", "to": "17"}]},
        {"patent": {"number": "1"}},
    ):
        assert owner.post("/sharing/resources", good | wrong).status_code == 422, wrong
    made = owner.post("/sharing/resources", good)
    assert made.status_code == 201 and made.json["step_minutes"] == 30 and len(made.json["opening"]) == 5
    assert owner.post("/sharing/resources", good | {"step_minutes": 60}).json["min_minutes"] == 60


def test_who_waits_is_told_the_place_in_line_and_nothing_of_the_others(park, instrument, at):
    """Taken 9–17 on that Monday. Three wait for parts of it: the second overlaps the first, the third only the second."""
    for code in ("E01", "E02", "E03", "E04"):
        park.firm(code)
    resource = instrument("e01")
    park.api("e01").post("/sharing/bookings", {"resource": resource, "start": at(0, 9), "end": at(0, 17)})
    places = {}
    for login, start, end in (("e02", 9, 11), ("e03", 10, 14), ("e04", 12, 15)):
        wish = {"resource": resource, "start": at(0, start), "end": at(0, end), "minutes": 60}
        places[login] = park.api(login).post("/sharing/waitlist", wish).json["position"]
    assert places == {"e02": 1, "e03": 2, "e04": 2}
    mine = park.api("e03").get("/sharing/waitlist").json
    assert mine["total"] == 1 and mine["items"][0]["position"] == 2
    page = park.browse("e03").get("/sharing/bookings?tab=waitlist").text
    assert "当前第 2 位" in page and "E02公司" not in page and "E04公司" not in page
    first = park.api("e02").get("/sharing/waitlist").json["items"][0]
    assert park.api("e02").post(f"/sharing/waitlist/{first['id']}/leave").status_code == 200
    assert park.api("e03").get("/sharing/waitlist").json["items"][0]["position"] == 1
    assert park.api("e02").get("/sharing/waitlist").json["items"][0]["position"] is None


def test_a_shorter_alternative_says_how_long_it_is(park, instrument, at):
    """Open two hours a week, on Monday: four hours are refused, and what is offered are its two hours."""
    park.firm("E01"), park.firm("E02")
    resource = instrument("e01", opening=[{"weekday": 1, "from": "09:00", "to": "11:00"}])
    wish = {"resource": resource, "start": at(0, 9), "end": at(0, 13)}
    offered = park.api("e02").post("/sharing/bookings", wish).json["alternatives"]
    assert [(one["minutes"], one["shorter"]) for one in offered][:1] == [(120, True)]
    form = park.browse("e02").get("/sharing/bookings/new", query_string=wish)
    assert "较短，共 2 小时" in form.text
    park.api("e01").post("/sharing/bookings", wish | {"end": at(0, 10)})
    same = park.api("e02").post("/sharing/bookings", wish | {"end": at(0, 10)}).json["alternatives"]
    assert same and not any(one["shorter"] for one in same)


def test_an_owner_sees_what_its_own_instruments_could_not_serve(park, instrument, at):
    """Refused at E01: two hours of E02, then one of E02 and one of E03 at another class; E04's only wish was elsewhere."""
    park.staff()
    for code in ("E01", "E02", "E03", "E04"):
        park.firm(code)
    one, two = instrument("e01", category="分析测试"), instrument("e01", category="生物实验")
    other = instrument("e04", category="分析测试")
    for login, resource, hours in (("e02", one, 2), ("e02", two, 1), ("e03", two, 1), ("e02", other, 3)):
        wish = {"resource": resource, "start": at(5, 9), "end": at(5, 9 + hours)}  # Saturday: closed
        assert park.api(login).post("/sharing/bookings", wish).status_code == 409
    period = {"from": "2026-01-01T00:00:00+08:00", "to": "2028-12-31T00:00:00+08:00"}

    def told(login):
        items = park.api(login).get("/sharing/refused-demand", **period).json["items"]
        return [(g["category"], g["wishes"], g["hours"], g["organisations"], g["codes"]) for g in items]

    assert told("e01") == [("分析测试", 1, 2, 1, {"closed": 1}), ("生物实验", 2, 2, 2, {"closed": 2})]
    assert told("e04") == [("分析测试", 1, 3, 1, {"closed": 1})] and told("e02") == []
    assert told("park")[0] == ("分析测试", 2, 5, 1, {"closed": 2})
    page = park.browse("e01").get("/sharing/utilisation").text
    assert "未被满足的需求" in page and "E02公司" not in page
    assert "未被满足的需求" not in park.browse("e02").get("/sharing/utilisation").text


def test_a_booking_asks_the_database_five_questions(app, park, instrument, at):
    """Who asks, the locked instrument, all that decides the wish, the booking, its slots: how long it takes hangs on it."""
    park.firm("E01"), park.firm("E02")
    wish = {"resource": instrument("e01"), "start": at(0, 9), "end": at(0, 10)}
    member = park.api("e02")
    assert member.post("/sharing/bookings", wish).status_code == 201  # a new token is marked as seen once
    asked: list[str] = []
    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *about: asked.append(about[2]))
    assert member.post("/sharing/bookings", wish | {"start": at(1, 9), "end": at(1, 10)}).status_code == 201
    questions = [words for words in asked if not words.startswith("BEGIN")]
    assert len(questions) == 5, questions
