"""A reward that a policy stands behind: the ineligible are refused before a credit is held, the others are served."""

from __future__ import annotations

from app.hall import clock
from tests.factories import Park
from tests.policy.park import NOW, Policies, equal_conditions
from tests.walks.credits_words import balance, earn, reward, rule


def test_the_ineligible_keep_their_credits_and_the_eligible_are_served(park: Park) -> None:
    with clock.frozen(NOW):
        people = Policies(park)
        firm = people.firm("F1")
        people.publish(equal_conditions(4, mandatory=1))
        rule(park, "utility_model", 45)
        more = {"category": "policy", "fulfilment": "policy", "fulfilment_params": {"policy": "ten"}}
        reward(park, "coaching", 40, **more)
        reviewer, staff = park.api("reviewer"), park.api("park")
        earn(firm, reviewer, "utility_model", "patent_no", "ZL202540001.3")

        people.report(firm, a1=0, a2=1, a3=1, a4=1)
        refused = firm.post("/credits/redemptions", {"reward": "coaching"})
        assert refused.status_code == 409
        assert [one["code"] for one in refused.json["reasons"]] == ["policy_not_eligible"]
        assert balance(firm) == (45, 0)

        people.report(firm, a1="")  # one mandatory fact unknown: not fine either
        assert firm.post("/credits/redemptions", {"reward": "coaching"}).status_code == 409
        assert balance(firm) == (45, 0)

        people.report(firm, a1=1)
        wish = firm.post("/credits/redemptions", {"reward": "coaching"})
        assert wish.status_code == 201, wish.json
        assert balance(firm) == (5, 40)
        path = f"/credits/redemptions/{wish.json['id']}"
        assert staff.post(f"{path}/approve").status_code == 200
        assert staff.post(f"{path}/fulfil").json["state"] == "fulfilled"
        assert balance(firm) == (5, 0)
        assert park.api("auditor").get("/credits/audit").json["holds"] is True
