"""A park with two earn rules and two rewards, made the way the park makes them: proposed and approved."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.credits.park import service as proposals
from app.hall import clock
from tests.factories import Park

JANUARY = dt.date(2020, 1, 1)
RULE = {
    "title_zh": "规则",
    "title_en": "Rule",
    "evidence_kind": "patent_no",
    "lifetime_days": 730,
    "valid_from": JANUARY,
    "valid_to": None,
}
REWARD = {
    "name_zh": "权益",
    "name_en": "Reward",
    "category": "space",
    "stock": 5,
    "limit_per_enterprise": None,
    "valid_from": JANUARY,
    "valid_to": None,
    "fulfilment": "manual",
    "fulfilment_params": {},
}


PAGE = b"%PDF-1.4 a scan"


class CreditsPark(Park):
    """`Park` plus the words of this room."""

    def rule(self, code: str, credits: int, **more: Any) -> None:
        self._decide(proposals.propose_rule, code, {**RULE, "credits": credits, **more})

    def reward(self, code: str, cost: int, **more: Any) -> None:
        self._decide(proposals.propose_reward, code, {**REWARD, "cost_credits": cost, **more})

    def _decide(self, propose: Any, code: str, values: dict[str, Any]) -> None:
        park, reviewer = self.actor("park"), self.actor("reviewer2")
        with self.app.app_context():
            row = propose(park, code, values, "测试")
            proposals.decide_proposal(reviewer, row.id, True)

    def claim(
        self, login: str, rule: str, value: str, kind: str = "patent_no", on: dt.date | None = None
    ) -> Any:
        """Draft and submit over the API; answers the last response."""
        firm = self.api(login)
        body = {
            "rule": rule,
            "occurred_on": (on or clock.today()).isoformat(),
            "evidence": [{"kind": kind, "value": value}],
        }
        drafted = firm.post("/credits/claims", body)
        if drafted.status_code != 201:
            return drafted
        number = drafted.json["id"]
        firm.attach(f"/credits/claims/{number}/files", PAGE)  # words alone prove nothing
        return firm.post(f"/credits/claims/{number}/submit")

    def earn(
        self, login: str, rule: str, value: str, kind: str = "patent_no", on: dt.date | None = None
    ) -> int:
        """Claim and approve; answers the claim's id."""
        claim = self.claim(login, rule, value, kind, on)
        assert claim.status_code == 200, claim.json
        approved = self.api("reviewer").post(f"/credits/claims/{claim.json['id']}/approve")
        assert approved.status_code == 200, approved.json
        return int(claim.json["id"])

    def balance(self, login: str) -> tuple[int, int]:
        account = self.api(login).get("/credits/account").json
        return account["available_credits"], account["held_credits"]

    def audit(self) -> Any:
        return self.app.test_cli_runner().invoke(args=["credits", "audit"])


@pytest.fixture
def credits_park(app: Any) -> CreditsPark:
    park = CreditsPark(app)
    park.staff()
    park.firm("E01")
    park.rule("invention_patent", 100)
    park.rule("industry_event", 60, evidence_kind="event_no")
    park.reward("office_3_months", 300)
    park.reward("university_support_20h", 150)
    return park
