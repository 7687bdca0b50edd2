"""Story 15 with other numbers: who may decide, appeal, revocation by reversal, versions of a rule, first to expire first."""

from __future__ import annotations

import datetime as dt

from app.hall import clock
from tests.factories import Park
from tests.walks.credits_words import balance, earn, hand_in, reward, rule


def test_no_reviewer_decides_for_their_own_house_and_an_appeal_goes_to_another(park: Park) -> None:
    park.staff()
    house = park.firm("E01")
    park.member("inside", house, "credit_reviewer")
    rule(park, "software", 35)
    number = hand_in(park.api("e01"), "software", "patent_no", "2025SR0001")
    assert park.api("inside").post(f"/credits/claims/{number}/approve").status_code == 403
    rejected_and_appealed(park, number)


def rejected_and_appealed(park: Park, number: int = 0, before: int = 0, worth: int = 35) -> None:
    """The auditor decides nothing, one reviewer rejects, another hears the appeal."""
    firm = park.api("e01")
    path = f"/credits/claims/{number or hand_in(firm, 'software', 'patent_no', '2025SR0001')}"
    assert park.api("auditor").post(f"{path}/approve").status_code == 403
    assert park.api("reviewer").post(f"{path}/reject", {"reason": ""}).status_code == 422
    assert park.api("reviewer").post(f"{path}/reject", {"reason": "证书模糊"}).json["state"] == "rejected"
    assert firm.post(f"{path}/appeal", {"reason": "补交原件"}).json["state"] == "appealed"
    assert park.api("reviewer").post(f"{path}/approve").status_code == 403
    assert balance(firm) == (before, 0)
    assert park.api("reviewer2").post(f"{path}/approve").json["credits"] == worth
    assert balance(firm) == (before + worth, 0)
    assert firm.post(f"{path}/appeal", {"reason": "再来"}).status_code == 409


def test_a_revoked_claim_is_reversed_by_a_new_transfer(park: Park) -> None:
    park.staff()
    park.firm("E01")
    rule(park, "software", 35)
    reward(park, "desk", 50)
    firm, reviewer, staff = park.api("e01"), park.api("reviewer"), park.api("park")
    first = earn(firm, reviewer, "software", "patent_no", "2025SR0002")
    second = earn(firm, reviewer, "software", "patent_no", "2025SR0003")
    assert (
        reviewer.post(f"/credits/claims/{second}/revoke", {"reason": "登记撤销"}).json["state"] == "revoked"
    )
    lines = firm.get("/credits/entries").json["items"]
    assert [(one["kind"], one["credits"], one["balance_credits"]) for one in lines] == [
        ("reverse", -35, 35),
        ("earn", 35, 70),
        ("earn", 35, 35),
    ]
    assert balance(firm) == (35, 0)
    # Spent in the meantime: never negative, owed, and settled by what is earned next.
    earn(firm, reviewer, "software", "patent_no", "2025SR0004")
    wish = firm.post("/credits/redemptions", {"reward": "desk"}).json["id"]
    staff.post(f"/credits/redemptions/{wish}/approve")
    staff.post(f"/credits/redemptions/{wish}/fulfil")
    reviewer.post(f"/credits/claims/{first}/revoke", {"reason": "登记撤销"})
    account = firm.get("/credits/account").json
    assert (account["available_credits"], account["owed_credits"]) == (20, 35)
    earn(firm, reviewer, "software", "patent_no", "2025SR0005")
    account = firm.get("/credits/account").json
    assert (account["available_credits"], account["owed_credits"]) == (20, 0)
    # The number of a revoked claim earns no second time.
    body = {
        "rule": "software",
        "occurred_on": clock.today().isoformat(),
        "evidence": [{"kind": "patent_no", "value": "２０２５ＳＲ 0002"}],
    }
    assert firm.post("/credits/claims", body).status_code == 409
    assert park.api("auditor").get("/credits/audit").json["holds"] is True


def test_a_changed_rule_leaves_what_happened_before_at_its_value(park: Park) -> None:
    park.staff()
    park.firm("E01")
    with clock.frozen(dt.datetime(2025, 9, 10, 4, tzinfo=dt.UTC)):
        rule(park, "software", 35)
        rule(park, "software", 20, valid_from="2025-07-01")
        firm, reviewer = park.api("e01"), park.api("reviewer")
        june = earn(firm, reviewer, "software", "patent_no", "2025SR0006", dt.date(2025, 6, 30))
        july = earn(firm, reviewer, "software", "patent_no", "2025SR0007", dt.date(2025, 7, 1))
        assert [firm.get(f"/credits/claims/{one}").json["credits"] for one in (june, july)] == [35, 20]
        assert balance(firm) == (55, 0)


def test_what_expires_first_goes_first_and_a_late_job_changes_nothing(park: Park) -> None:
    park.staff()
    park.firm("E01")
    rule(park, "lasting", 60, lifetime_days=120)
    rule(park, "fleeting", 25, lifetime_days=40)
    reward(park, "desk", 30)
    with clock.frozen(dt.datetime(2026, 2, 2, 4, tzinfo=dt.UTC)):
        firm, reviewer, staff = park.api("e01"), park.api("reviewer"), park.api("park")
        earn(firm, reviewer, "lasting", "patent_no", "2025SR0008")
        earn(firm, reviewer, "fleeting", "patent_no", "2025SR0009")
        # 2 February + 40 days is 14 March, + 120 days is 2 June.
        assert firm.get("/credits/account").json["expiring"] == [
            {"on": "2026-03-14", "credits": 25},
            {"on": "2026-06-02", "credits": 60},
        ]
        wish = firm.post("/credits/redemptions", {"reward": "desk"}).json["id"]
        staff.post(f"/credits/redemptions/{wish}/approve")
        staff.post(f"/credits/redemptions/{wish}/fulfil")
        # The 25 that expire first, then 5 of the others.
        assert firm.get("/credits/account").json["expiring"] == [{"on": "2026-06-02", "credits": 55}]
        earn(firm, reviewer, "fleeting", "patent_no", "2025SR0010")
        assert balance(firm) == (80, 0)
    with clock.frozen(dt.datetime(2026, 3, 24, 4, tzinfo=dt.UTC)):  # ten days late, and twice
        assert balance(firm) == (55, 0)
        for _ in range(2):
            assert (
                park.app.test_cli_runner().invoke(args=["credits", "expire", "--clock-is-right"]).exit_code
                == 0
            )
        assert balance(firm) == (55, 0)
        line = firm.get("/credits/entries").json["items"][0]
        assert (line["kind"], line["credits"], line["balance_credits"]) == ("expire", -25, 55)
        assert clock.day_of(dt.datetime.fromisoformat(line["effective_at"])) == dt.date(2026, 3, 14)
        assert firm.post("/credits/redemptions", {"reward": "desk", "quantity": 2}).status_code == 409
    assert park.api("auditor").get("/credits/audit").json["holds"] is True
