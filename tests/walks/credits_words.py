"""What stories 12 to 15 have in common: claims that are handed in, decided, and rules made by two people."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.hall import clock
from tests.factories import Api, Park


def hand_in(firm: Api, rule: str, kind: str, value: str, on: dt.date | None = None) -> int:
    """Draft and submit; answers the claim's id."""
    made = firm.post(
        "/credits/claims",
        {
            "rule": rule,
            "occurred_on": (on or clock.today()).isoformat(),
            "evidence": [{"kind": kind, "value": value}],
            "note": "",
        },
    )
    assert made.status_code == 201, made.json
    number = int(made.json["id"])
    firm.attach(f"/credits/claims/{number}/files", b"%PDF-1.4 a scan")
    sent = firm.post(f"/credits/claims/{number}/submit")
    assert sent.status_code == 200, sent.json
    return number


def earn(firm: Api, reviewer: Api, rule: str, kind: str, value: str, on: dt.date | None = None) -> int:
    """Hand in and approve; answers the claim's id."""
    number = hand_in(firm, rule, kind, value, on)
    approved = reviewer.post(f"/credits/claims/{number}/approve")
    assert approved.status_code == 200, approved.json
    return number


def decide(park: Park, what: str, body: dict[str, Any]) -> None:
    """Proposed by the park, approved by a reviewer."""
    made = park.api("park").post(f"/credits/proposals/{what}", {"reason": "测试", **body})
    assert made.status_code == 201, made.json
    done = park.api("reviewer2").post(f"/credits/proposals/{made.json['id']}/approve")
    assert done.status_code == 200, done.json


def rule(
    park: Park, code: str, credits: int, lifetime_days: int = 730, valid_from: str = "2020-01-01"
) -> None:
    body = {
        "code": code,
        "title_zh": code,
        "title_en": code,
        "evidence_kind": "patent_no",
        "credits": credits,
        "lifetime_days": lifetime_days,
        "valid_from": valid_from,
    }
    decide(park, "rules", body)


def reward(park: Park, code: str, cost: int, **more: Any) -> None:
    body = {
        "code": code,
        "name_zh": code,
        "name_en": code,
        "category": "space",
        "cost_credits": cost,
        "stock": 4,
        "valid_from": "2020-01-01",
        **more,
    }
    decide(park, "rewards", body)


def balance(firm: Api) -> tuple[int, int]:
    """Available and held."""
    account = firm.get("/credits/account").json
    return account["available_credits"], account["held_credits"]
