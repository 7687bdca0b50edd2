"""Two rows of one firm become one: members, bookings and credits follow, ledger and audit stay, and it can be taken back."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from app.hall.db.base import db
from tests.factories import Park

DAY = dt.date(2027, 3, 1)


@pytest.fixture
def twins(park: Park) -> Park:
    """江澜电芯 stands twice: E01 with an administrator and credits, E02 as the park wrote it down."""
    park.staff()
    park.firm("E01", name_zh="江澜电芯")
    park.organisation("E02", name_zh="苏州江澜电芯有限公司", credit_code="91350100M000100Y43")
    park.firm("E03", name_zh="白鹭正极")
    return park


def join(park: Park, one: str = "E01", into: str = "E02", login: str = "park") -> TestResponse:
    return park.api(login).post(f"/identity/organisations/{one}/join", {"into": into, "reason": "同一家"})


def credits_of(park: Park, code: str) -> int:
    return int(park.api("reviewer").get("/credits/account", enterprise=code).json["available_credits"])


def give(park: Park, code: str, credits: int, days: int) -> None:
    body = {"enterprise": code, "credits": credits, "lifetime_days": days, "reason": "测试"}
    made = park.api("reviewer").post("/credits/proposals/adjustments", body).json
    assert park.api("reviewer2").post(f"/credits/proposals/{made['id']}/approve", {}).status_code == 200


def expiries(park: Park, code: str) -> list[tuple[str, int]]:
    rows = park.api("reviewer").get("/credits/account", enterprise=code).json["expiring"]
    return [(row["on"], row["credits"]) for row in rows]


def test_what_would_follow_is_said_before(twins: Park) -> None:
    told = twins.api("park").get("/identity/organisations/E01/join-preview/E02").json["items"]
    assert {row["what"]: (row["follow"], row["stay"]) for row in told}["成员账号"] == (1, 0)
    page = twins.browse("park").get("/identity/organisations/2/joining?into=E02")
    assert "成员账号" in page.text


def test_people_follow_and_the_old_name_stays_findable(twins: Park) -> None:
    assert join(twins).status_code == 201
    assert twins.api("e01").get("/identity/me").json["organisation"]["code"] == "E02"
    found = twins.api("park").get("/identity/organisations", q="江澜电芯", status="active").json["items"]
    assert [row["code"] for row in found] == ["E02"]
    twice = join(twins)
    assert (twice.status_code, twice.json["reasons"][0]["code"]) == (409, "join_source")


def test_a_joining_is_refused_with_every_reason(twins: Park) -> None:
    assert join(twins, "E01", "E01").json["reasons"][0]["code"] == "join_itself"
    assert join(twins, login="e01").status_code == 403
    assert join(twins, "E01", "E99").status_code == 404
    twins.organisation("B01", "bank")
    assert [one["code"] for one in join(twins, "E01", "B01").json["reasons"]] == ["join_kinds"]


def test_credits_follow_by_a_second_person_and_keep_their_days(twins: Park) -> None:
    give(twins, "E01", 100, 30)
    give(twins, "E01", 50, 400)
    before = expiries(twins, "E01")
    assert len(before) == 2
    assert join(twins).status_code == 201
    waiting = twins.api("reviewer").get("/credits/proposals", state="proposed").json["items"]
    assert [row["kind"] for row in waiting] == ["lots"]
    own = twins.api("park").post(f"/credits/proposals/{waiting[0]['id']}/approve", {})
    assert own.status_code in (403, 409), "who joined does not decide about the credits"
    assert credits_of(twins, "E02") == 0
    assert twins.api("reviewer").post(f"/credits/proposals/{waiting[0]['id']}/approve", {}).status_code == 200
    assert (credits_of(twins, "E01"), credits_of(twins, "E02")) == (0, 150)
    assert expiries(twins, "E02") == before
    answer = twins.app.test_cli_runner().invoke(args=["credits", "audit"])
    assert answer.exit_code == 0, answer.output


def test_taking_it_back_is_a_reversal(twins: Park) -> None:
    give(twins, "E01", 100, 30)
    before = expiries(twins, "E01")
    number = join(twins).json["id"]
    waiting = twins.api("reviewer").get("/credits/proposals", state="proposed").json["items"]
    twins.api("reviewer").post(f"/credits/proposals/{waiting[0]['id']}/approve", {})
    undone = twins.api("park").post(f"/identity/joins/{number}/undo", {"reason": "看错了"})
    assert undone.status_code == 200, undone.text
    assert twins.api("e01").get("/identity/me").json["organisation"]["code"] == "E01"
    back = twins.api("reviewer").get("/credits/proposals", state="proposed").json["items"]
    assert twins.api("reviewer").post(f"/credits/proposals/{back[0]['id']}/approve", {}).status_code == 200
    assert (expiries(twins, "E01"), credits_of(twins, "E02")) == (before, 0)
    assert twins.app.test_cli_runner().invoke(args=["credits", "audit"]).exit_code == 0
    again = twins.api("park").post(f"/identity/joins/{number}/undo", {"reason": "再来"})
    assert again.status_code == 409


def test_what_the_target_has_already_stays_where_it_is(twins: Park) -> None:
    with twins.app.app_context():
        for firm in (2, 3):
            db.session.execute(
                sa.text(
                    "INSERT INTO former_name (organisation_id, name_zh, name_en, name_key, until_at)"
                    " VALUES (:firm, '旧名', '', '旧名', '2026-01-01')"
                ),
                {"firm": firm},
            )
        db.session.commit()
    join(twins)
    with twins.app.app_context():
        rows = db.session.execute(
            sa.text("SELECT organisation_id FROM former_name WHERE name_zh = '旧名'")
        ).all()
    assert [row[0] for row in rows] == [3, 3]
