"""Story 13 with other numbers: held, captured, released; a reward becomes the real thing or nothing happens."""

from __future__ import annotations

from tests.factories import Park
from tests.walks.credits_words import balance, earn, reward, rule


def test_held_then_captured_or_released_with_the_stock(park: Park) -> None:
    park.staff()
    park.firm("E01")
    park.firm("E02")
    rule(park, "utility_model", 45)
    reward(park, "studio_2_months", 70, stock=2, limit_per_enterprise=2)
    firm, staff, reviewer = park.api("e01"), park.api("park"), park.api("reviewer")
    for number in range(5):
        earn(firm, reviewer, "utility_model", "patent_no", f"ZL 2025 3 000000{number}")
    assert balance(firm) == (225, 0)

    first = firm.post("/credits/redemptions", {"reward": "studio_2_months", "quantity": 1}).json
    second = firm.post("/credits/redemptions", {"reward": "studio_2_months", "quantity": 1}).json
    assert balance(firm) == (85, 140)
    third = firm.post("/credits/redemptions", {"reward": "studio_2_months", "quantity": 1})
    assert third.status_code == 409
    assert {one["code"] for one in third.json["reasons"]} == {"sold_out", "limit_per_enterprise"}
    assert staff.get("/credits/rewards").json["items"][0]["left"] == 0

    # Nothing of another firm is known; nothing is fulfilled before it is approved.
    path = f"/credits/redemptions/{first['id']}"
    assert park.api("e02").get(path).status_code == 404
    assert staff.post(f"{path}/fulfil").status_code == 409
    assert staff.post(f"{path}/approve").json["state"] == "approved"
    assert balance(firm) == (85, 140)
    done = staff.post(f"{path}/fulfil", {"reference": "3 号楼 502"}).json
    assert (done["state"], done["reference"]) == ("fulfilled", "3 号楼 502")
    assert balance(firm) == (85, 70)

    # Every other exit gives both back.
    refused = staff.post(f"/credits/redemptions/{second['id']}/reject", {"reason": "面积不足"})
    assert refused.json["state"] == "rejected"
    assert balance(firm) == (155, 0)
    assert staff.get("/credits/rewards").json["items"][0]["left"] == 1
    again = firm.post("/credits/redemptions", {"reward": "studio_2_months", "quantity": 1}).json
    assert firm.post(f"/credits/redemptions/{again['id']}/cancel").json["state"] == "cancelled"
    assert balance(firm) == (155, 0)
    assert firm.post(f"{path}/cancel").status_code == 409

    kinds = [
        (one["kind"], one["phase"], one["credits"], one["held_change_credits"])
        for one in firm.get("/credits/entries").json["items"]
    ][:6]
    assert kinds == [
        ("redeem", "void", 0, -70),
        ("redeem", "pending", 0, 70),
        ("redeem", "void", 0, -70),
        ("redeem", "post", -70, -70),
        ("redeem", "pending", 0, 70),
        ("redeem", "pending", 0, 70),
    ]
    assert park.api("auditor").get("/credits/audit").json["holds"] is True


def test_support_opens_an_introduction_with_its_university_or_stays_held(park: Park) -> None:
    park.staff()
    park.firm("E01")
    university = park.organisation("U7", "university")
    park.member("u7", university, "university_office")
    rule(park, "utility_model", 45)
    more = {"category": "university", "fulfilment": "introduction"}
    reward(park, "mentor_6h", 40, **more, fulfilment_params={"hours": 6, "partner": "U7"})
    reward(park, "mentor_of_oneself", 41, **more, fulfilment_params={"hours": 6, "partner": "E01"})
    firm, staff = park.api("e01"), park.api("park")
    for number in range(2):
        earn(firm, park.api("reviewer"), "utility_model", "patent_no", f"ZL 2025 2 000000{number}")

    wish = firm.post("/credits/redemptions", {"reward": "mentor_6h"}).json["id"]
    staff.post(f"/credits/redemptions/{wish}/approve")
    before = park.api("u7").get("/ecosystem/introductions").json["total"]
    done = staff.post(f"/credits/redemptions/{wish}/fulfil").json
    assert done["state"] == "fulfilled" and done["reference"] and done["reference_url"]
    assert park.api("u7").get("/ecosystem/introductions").json["total"] == before + 1

    wish = firm.post("/credits/redemptions", {"reward": "mentor_of_oneself"}).json["id"]
    staff.post(f"/credits/redemptions/{wish}/approve")
    assert staff.post(f"/credits/redemptions/{wish}/fulfil").status_code == 409
    assert firm.get(f"/credits/redemptions/{wish}").json["state"] == "approved"
    assert balance(firm) == (9, 41)
