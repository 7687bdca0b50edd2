"""A fresh park takes terms, holidays and seats over in one act of two people; its first days end by themselves."""

from __future__ import annotations

import datetime as dt

from app.hall import clock
from tests.factories import Park

APRIL = clock.at(dt.date(2026, 4, 20), 10)


def test_terms_holidays_and_seats_come_into_force_in_one_act(park: Park) -> None:
    with clock.frozen(APRIL):
        staff = park.staff()
        park.member("second", staff, "park_admin")
        for code, size in (("E01", "small"), ("E02", "large"), ("E03", ""), ("E04", "medium")):
            park.firm(code, size=size)
        park.organisation("U01", "university")
        one, two = park.api("park"), park.api("second")
        found = {line["key"]: line for line in one.get("/identity/starter", limit=200).json["items"]}
        # Tomb-sweeping Day is over; Labour Day has five days off and a working Saturday.
        assert [key for key in found if key.startswith("holiday:")] == [
            "holiday:2026:劳动节",
            "holiday:2026:端午节",
            "holiday:2026:国庆节",
            "holiday:2026:中秋节",
        ]
        assert (found["holiday:2026:劳动节"]["value"], found["holiday:2026:劳动节"]["unit"]) == (5, "days")
        seats = [key for key in found if key.startswith("committee_seat:")]
        assert seats == [f"committee_seat:{code}" for code in ("E02", "E04", "E01", "U01", "PARK")]

        struck = ["holiday:2026:国庆节", "committee_seat:E01", "sharing_terms:absent_minutes"]
        page = park.browse("park")
        kept = [key for key in found if key not in struck]
        assert page.post("/identity/starter", data={"keep": kept}).status_code == 303
        assert "90 天内三次预约未到场" in park.browse("second").get("/identity/starter").text
        assert (
            park.browse("second").post("/identity/starter/1", data={"decision": "agree"}).status_code == 303
        )

        terms = two.get("/sharing/terms").json
        assert (terms["no_show_limit"], terms["absent_minutes"]) == (3, 0)
        days = two.get("/sharing/holidays", limit=200).json["items"]
        assert [row["name"] for row in days] == ["劳动节"] * 5 + ["端午节"] * 3 + ["中秋节"] * 3
        board = two.get("/ecosystem/committee").json
        assert sorted(seat["organisation"] for seat in board["seats"]) == ["E02", "E04", "PARK", "U01"]
        # What was struck out can still be taken over; a kind that sits is not offered another seat.
        left = [line["key"] for line in one.get("/identity/starter", limit=200).json["items"]]
        assert left == ["sharing_terms:absent_minutes", "holiday:2026:国庆节"]


def test_the_first_days_end_by_themselves(park: Park) -> None:
    with clock.frozen(APRIL):
        staff = park.staff()
        park.firm("E01")
        firm = park.browse("e01").get("/desk/sections").text
        assert all(words in firm for words in ("头几天", "邀请同事", "共享一台闲置设备", "登上产业链图谱"))
        park.member("e01b", park.actor("e01").organisation_id, "enterprise_member")
        assert "邀请同事" not in park.browse("e01").get("/desk/sections").text
        assert "头几天还有事项未完成" in park.browse("park").get("/identity/todo").text
        assert staff
    with clock.frozen(APRIL + dt.timedelta(days=91)):
        assert "头几天" not in park.browse("e01").get("/desk/sections").text
        assert "头几天" not in park.browse("park").get("/identity/todo").text
        assert "头几天" not in park.browse("park").get("/identity/starter").text
