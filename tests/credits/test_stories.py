"""Stories 12 to 15 over HTTP, on both databases: earn, redeem, race, review."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

from app.credits.ledger import expiry
from app.credits.rewards.fulfilment import Fulfilment, FulfilmentOrder, forget_fulfilment, register_fulfilment
from app.hall import clock
from app.identity.organisations import directory
from tests.credits.conftest import CreditsPark


def four_patents_and_an_event(park: CreditsPark) -> None:
    for number in range(4):
        park.earn("e01", "invention_patent", f"ZL 2026 1 012345{number}")
    park.earn("e01", "industry_event", "瀛洲储能展 2026", kind="event_no")


def test_four_patents_and_one_event_are_460_credits(credits_park: CreditsPark) -> None:
    four_patents_and_an_event(credits_park)
    assert credits_park.balance("e01") == (460, 0)
    again = credits_park.claim("e01", "invention_patent", "ＺＬ２０２６１ ０１２３４５２．１")
    assert again.status_code == 409
    assert [one["code"] for one in again.json["reasons"]] == ["evidence_used"]
    assert "%" not in again.json["detail"]
    entries = credits_park.api("e01").get("/credits/entries").json
    assert entries["total"] == 5
    assert [one["balance_credits"] for one in entries["items"]] == [460, 400, 300, 200, 100]
    assert credits_park.audit().exit_code == 0, credits_park.audit().output


def test_the_same_patent_counts_for_one_firm_and_tells_the_other_nothing(credits_park: CreditsPark) -> None:
    credits_park.firm("E02")
    credits_park.earn("e01", "invention_patent", "CN202610000001.9")
    second = credits_park.claim("e02", "invention_patent", "zl 2026-1-0000001.9")
    assert second.status_code == 200 and "E01" not in second.text
    refused = credits_park.api("reviewer").post(f"/credits/claims/{second.json['id']}/approve")
    assert refused.status_code == 409
    assert [one["code"] for one in refused.json["reasons"]] == ["evidence_used"]
    assert credits_park.balance("e02") == (0, 0)
    assert credits_park.audit().exit_code == 0, credits_park.audit().output


def test_redeeming_holds_then_captures_and_the_reward_becomes_real(credits_park: CreditsPark) -> None:
    park = credits_park
    four_patents_and_an_event(park)
    firm, staff = park.api("e01"), park.api("park")
    made: list[FulfilmentOrder] = []

    def introduce(order: FulfilmentOrder) -> Fulfilment:
        made.append(order)
        return Fulfilment("IN-1", "/ecosystem/introductions/1")

    park.reward("university_support_20h", 150, fulfilment="introduction", stock=3)
    register_fulfilment("introduction", "高校对接", introduce)
    try:
        office = firm.post("/credits/redemptions", {"reward": "office_3_months", "quantity": 1})
        assert office.status_code == 201 and office.json["state"] == "requested"
        assert park.balance("e01") == (160, 300)
        assert staff.post(f"/credits/redemptions/{office.json['id']}/fulfil").status_code == 409
        assert staff.post(f"/credits/redemptions/{office.json['id']}/approve").status_code == 200
        assert staff.post(f"/credits/redemptions/{office.json['id']}/fulfil").json["state"] == "fulfilled"
        assert park.balance("e01") == (160, 0)
        hours = firm.post("/credits/redemptions", {"reward": "university_support_20h", "quantity": 1}).json
        staff.post(f"/credits/redemptions/{hours['id']}/approve")
        done = staff.post(f"/credits/redemptions/{hours['id']}/fulfil").json
    finally:
        forget_fulfilment("introduction")
    assert done["reference"] == "IN-1"
    assert [order.reward_code for order in made] == ["university_support_20h"]
    assert park.balance("e01") == (10, 0)
    assert park.audit().exit_code == 0, park.audit().output


def test_every_exit_gives_credits_and_stock_back(credits_park: CreditsPark) -> None:
    park = credits_park
    four_patents_and_an_event(park)
    firm, staff = park.api("e01"), park.api("park")

    def left() -> int:
        items = firm.get("/credits/rewards").json["items"]
        return int(next(one["left"] for one in items if one["code"] == "office_3_months"))

    for exit_, who, body in (("cancel", firm, {}), ("reject", staff, {"reason": "场地装修"})):
        row = firm.post("/credits/redemptions", {"reward": "office_3_months", "quantity": 1}).json
        assert (park.balance("e01"), left()) == ((160, 300), 4)
        assert who.post(f"/credits/redemptions/{row['id']}/{exit_}", body).status_code == 200
        assert (park.balance("e01"), left()) == ((460, 0), 5)
        assert who.post(f"/credits/redemptions/{row['id']}/{exit_}", body).status_code == 409
    assert park.audit().exit_code == 0, park.audit().output


def test_two_redemptions_of_300_from_460_at_once(credits_park: CreditsPark) -> None:
    four_patents_and_an_event(credits_park)
    clients = [credits_park.api("e01") for _ in range(2)]
    start = threading.Barrier(2)
    answers: list[int] = []

    def redeem(client: Any) -> None:
        start.wait()
        answers.append(
            client.post("/credits/redemptions", {"reward": "office_3_months", "quantity": 1}).status_code
        )

    threads = [threading.Thread(target=redeem, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, 409]
    assert credits_park.balance("e01") == (160, 300)


def test_the_same_key_twice_is_one_redemption(credits_park: CreditsPark) -> None:
    four_patents_and_an_event(credits_park)
    firm = credits_park.api("e01")
    body = {"reward": "university_support_20h", "quantity": 1}
    first = firm.post("/credits/redemptions", body, key="wish-1")
    second = firm.post("/credits/redemptions", body, key="wish-1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    assert firm.post("/credits/redemptions", {**body, "quantity": 2}, key="wish-1").status_code == 409
    assert credits_park.balance("e01") == (310, 150)


def test_a_reviewer_of_the_same_organisation_may_not_decide(credits_park: CreditsPark) -> None:
    park = credits_park
    with park.app.app_context():
        firm_id = directory.get_enterprise("E01").id
    park.member("inside", firm_id, "credit_reviewer")
    claim = park.claim("e01", "invention_patent", "CN1").json
    for action in ("approve", "return", "reject"):
        assert (
            park.api("inside").post(f"/credits/claims/{claim['id']}/{action}", {"reason": "x"}).status_code
            == 403
        )
    assert park.api("e01").post(f"/credits/claims/{claim['id']}/approve").status_code == 403
    assert park.api("auditor").post(f"/credits/claims/{claim['id']}/approve").status_code == 403
    assert park.balance("e01") == (0, 0)


def test_who_may_submit_and_see(credits_park: CreditsPark) -> None:
    park = credits_park
    park.firm("E02")
    with park.app.app_context():
        park_firm = directory.get_enterprise("E01").id
    park.member("worker", park_firm, "enterprise_member")
    body = {"rule": "invention_patent", "occurred_on": clock.today().isoformat(), "evidence": []}
    assert park.api("worker").post("/credits/claims", body).status_code == 403
    draft = park.api("e01").post("/credits/claims", body).json
    assert park.api("e02").get(f"/credits/claims/{draft['id']}").status_code == 404
    assert park.api("e02").post(f"/credits/claims/{draft['id']}/submit").status_code == 404
    assert park.api("reviewer").get(f"/credits/claims/{draft['id']}").status_code == 404
    assert park.api("auditor").get(f"/credits/claims/{draft['id']}").status_code == 200
    assert park.api("e01").post(f"/credits/claims/{draft['id']}/submit").status_code == 422  # no number given
    assert park.api("e02").get("/credits/account", enterprise="E01").status_code == 403
    assert park.app.test_client().get("/api/v1/credits/account").status_code == 401
    assert (
        park.api("worker")
        .post("/credits/redemptions", {"reward": "office_3_months", "quantity": 1})
        .status_code
        == 403
    )


def test_a_rejected_claim_goes_to_another_reviewer(credits_park: CreditsPark) -> None:
    park = credits_park
    claim = park.claim("e01", "invention_patent", "CN77").json
    path = f"/credits/claims/{claim['id']}"
    assert park.api("reviewer").post(f"{path}/reject", {}).status_code == 422  # a reason is owed
    assert park.api("reviewer").post(f"{path}/reject", {"reason": "看不清"}).json["state"] == "rejected"
    assert park.api("e01").post(f"{path}/submit").status_code == 409
    assert park.api("e01").post(f"{path}/appeal", {"reason": "附上清晰扫描件"}).json["state"] == "appealed"
    assert park.api("reviewer").post(f"{path}/approve").status_code == 403
    assert park.api("reviewer2").post(f"{path}/approve").json["state"] == "approved"
    assert park.balance("e01") == (100, 0)
    assert park.audit().exit_code == 0, park.audit().output


def test_a_returned_claim_is_completed_and_handed_in_again(credits_park: CreditsPark) -> None:
    park = credits_park
    claim = park.claim("e01", "invention_patent", "CN78").json
    path = f"/credits/claims/{claim['id']}"
    assert park.api("reviewer").post(f"{path}/return", {"reason": "缺证书"}).json["state"] == "returned"
    assert park.api("e01").post(f"{path}/submit").json["state"] == "submitted"
    assert park.api("reviewer").post(f"{path}/approve").json["credits"] == 100


def test_a_revoked_claim_is_reversed_never_erased(credits_park: CreditsPark) -> None:
    park = credits_park
    claim_id = park.earn("e01", "invention_patent", "CN79")
    revoked = (
        park.api("reviewer").post(f"/credits/claims/{claim_id}/revoke", {"reason": "专利被宣告无效"}).json
    )
    assert revoked["state"] == "revoked"
    assert park.balance("e01") == (0, 0)
    lines = park.api("e01").get("/credits/entries").json["items"]
    assert [(one["kind"], one["credits"]) for one in lines] == [("reverse", -100), ("earn", 100)]
    assert park.audit().exit_code == 0, park.audit().output


def test_what_was_spent_of_a_revoked_claim_is_owed_and_settled_by_the_next_earning(
    credits_park: CreditsPark,
) -> None:
    park = credits_park
    claim_id = park.earn("e01", "invention_patent", "CN80")
    park.earn("e01", "invention_patent", "CN81")
    row = (
        park.api("e01").post("/credits/redemptions", {"reward": "university_support_20h", "quantity": 1}).json
    )
    park.api("park").post(f"/credits/redemptions/{row['id']}/approve")
    park.api("park").post(f"/credits/redemptions/{row['id']}/fulfil")
    park.api("reviewer").post(f"/credits/claims/{claim_id}/revoke", {"reason": "无效"})
    account = park.api("e01").get("/credits/account").json
    assert (account["available_credits"], account["owed_credits"]) == (50, 100)
    refused = park.api("e01").post(
        "/credits/redemptions", {"reward": "university_support_20h", "quantity": 1}
    )
    assert refused.status_code == 409
    park.earn("e01", "invention_patent", "CN82")  # 50 + 100, of which 100 settle the debt
    account = park.api("e01").get("/credits/account").json
    assert (account["available_credits"], account["owed_credits"]) == (50, 0)
    assert park.audit().exit_code == 0, park.audit().output


def test_a_rule_changed_on_1_july_leaves_june_at_junes_value(credits_park: CreditsPark) -> None:
    park = credits_park
    with clock.frozen(dt.datetime(2026, 8, 1, 4, tzinfo=dt.UTC)):
        park.rule("invention_patent", 80, valid_from=dt.date(2026, 7, 1))
        june = park.earn("e01", "invention_patent", "CN83", on=dt.date(2026, 6, 30))
        july = park.earn("e01", "invention_patent", "CN84", on=dt.date(2026, 7, 1))
        credits = [park.api("e01").get(f"/credits/claims/{one}").json["credits"] for one in (june, july)]
    assert credits == [100, 80]


def test_expired_lots_go_first_in_first_out(credits_park: CreditsPark) -> None:
    park = credits_park
    park.rule("short", 50, lifetime_days=30, valid_from=dt.date(2020, 1, 1))
    park.rule("long", 70, lifetime_days=90, valid_from=dt.date(2020, 1, 1))
    with clock.frozen(dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)):
        park.earn("e01", "long", "CN85")
        park.earn("e01", "short", "CN86")
        expiring = park.api("e01").get("/credits/account").json["expiring"]
    # 2 March + 30 days = 1 April, + 90 days = 31 May
    assert expiring == [{"on": "2026-04-01", "credits": 50}, {"on": "2026-05-31", "credits": 70}]
    with clock.frozen(dt.datetime(2026, 4, 8, 4, tzinfo=dt.UTC)):  # a week late, and twice
        assert park.balance("e01") == (70, 0)
        with park.app.app_context():
            assert (expiry.expire_lots(), expiry.expire_lots()) == (1, 0)
        assert park.balance("e01") == (70, 0)
        line = park.api("e01").get("/credits/entries").json["items"][0]
        assert (line["kind"], line["credits"]) == ("expire", -50)
        assert line["effective_at"].startswith(
            "2026-03-31T16:00"
        )  # midnight in Shanghai, not when the job ran
        assert park.audit().exit_code == 0, park.audit().output


def test_caps_hold_per_period(credits_park: CreditsPark) -> None:
    park = credits_park
    park.rule("capped", 60, evidence_kind="event_no", cap_period="year", cap_credits=100)
    park.earn("e01", "capped", "EV1", kind="event_no", on=dt.date(2026, 2, 1))
    over = park.claim("e01", "capped", "EV2", kind="event_no", on=dt.date(2026, 3, 1))
    assert over.status_code == 409
    assert [one["code"] for one in over.json["reasons"]] == ["cap_credits"]
    assert park.claim("e01", "capped", "EV3", kind="event_no", on=dt.date(2025, 12, 31)).status_code == 200


def test_a_decision_needs_no_body(credits_park: CreditsPark) -> None:
    claim = credits_park.claim("e01", "invention_patent", "CN90").json
    reviewer = credits_park.api("reviewer")
    answer = reviewer.client.post(f"/api/v1/credits/claims/{claim['id']}/approve", headers=reviewer.headers)
    assert answer.status_code == 200, answer.json
