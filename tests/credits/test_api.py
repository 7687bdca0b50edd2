"""Everything the pages do is there for programs too: editors with four eyes, files, the park's figures, the audit."""

from __future__ import annotations

import io

import sqlalchemy as sa
from PIL import Image

from app.credits import demo_rules
from app.ecosystem import handlers
from app.hall import clock
from app.hall.db.transaction import transaction
from tests.credits.conftest import CreditsPark


def _picture() -> bytes:
    """A small picture as a scanner makes it."""
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(made, "PNG")
    return made.getvalue()


PNG = _picture()


def test_rules_and_rewards_are_proposed_by_one_and_approved_by_another(credits_park: CreditsPark) -> None:
    park, other = credits_park.api("park"), credits_park.api("reviewer")
    today = clock.today().isoformat()
    rule = {
        "code": "standard_led",
        "title_zh": "牵头标准",
        "title_en": "Standard led",
        "evidence_kind": "standard_no",
        "credits": 140,
        "valid_from": today,
        "cap_period": "year",
        "cap_claims": 1,
        "reason": "鼓励牵头",
    }
    proposed = park.post("/credits/proposals/rules", rule, key="r1")
    assert proposed.status_code == 201 and proposed.json["state"] == "proposed"
    assert park.post("/credits/proposals/rules", rule, key="r1").json == proposed.json
    assert park.post("/credits/proposals/rules", {**rule, "credits": 0}).status_code == 422
    assert park.post("/credits/proposals/rules", {**rule, "evidence_kind": "gossip"}).status_code == 422
    path = f"/credits/proposals/{proposed.json['id']}"
    assert park.post(f"{path}/approve").status_code == 403
    assert credits_park.api("e01").get(path).status_code == 403
    assert other.post(f"{path}/reject", {}).status_code == 422  # a reason is owed
    assert other.post(f"{path}/approve").json["state"] == "approved"
    assert other.post(f"{path}/approve").status_code == 409
    assert credits_park.earn("e01", "standard_led", "GB/T 1", kind="standard_no")
    assert (
        credits_park.claim("e01", "standard_led", "GB/T 2", kind="standard_no").status_code == 409
    )  # one a year

    reward = {
        "code": "lab_tour",
        "name_zh": "实验室开放日",
        "name_en": "Lab day",
        "category": "university",
        "cost_credits": 90,
        "stock": 1,
        "valid_from": today,
        "eligible_industries": ["电池"],
        "reason": "新合作",
    }
    made = park.post("/credits/proposals/rewards", reward).json
    other.post(f"/credits/proposals/{made['id']}/approve")
    offer = next(
        one
        for one in credits_park.api("e01").get("/credits/rewards").json["items"]
        if one["code"] == "lab_tour"
    )
    assert [one["code"] for one in offer["reasons"]] == ["industry_not_eligible"]

    less = park.post(
        "/credits/proposals/adjustments", {"enterprise": "E01", "credits": -15, "reason": "重复"}
    ).json
    other.post(f"/credits/proposals/{less['id']}/approve")
    assert credits_park.balance("e01") == (125, 0)
    waiting = park.get("/credits/proposals", state="approved", kind="adjustment").json
    assert [one["id"] for one in waiting["items"]] == [less["id"]]


def test_scans_and_statements_are_files_for_those_who_may_see_them(credits_park: CreditsPark) -> None:
    park = credits_park
    firm = park.api("e01")
    body = {
        "rule": "invention_patent",
        "occurred_on": clock.today().isoformat(),
        "evidence": [{"kind": "patent_no", "value": "CN7"}],
    }
    claim = firm.post("/credits/claims", body).json["id"]
    url = f"/api/v1/credits/claims/{claim}/files"
    sent = firm.client.post(url, data=PNG, headers=firm.headers, query_string={"name": "证书.pdf"})
    assert (sent.status_code, sent.json["name"]) == (201, "证书.png")  # named after what it is
    assert firm.client.post(url, data=b"<script>", headers=firm.headers).status_code == 422
    path = f"/credits/claims/{claim}/files/{sent.json['id']}"
    assert firm.get(path).data == PNG
    park.firm("E02")
    assert park.api("e02").get(path).status_code == 404
    changed = {**body, "evidence": [{"kind": "patent_no", "value": "CN8"}]}
    assert firm.post(f"/credits/claims/{claim}/change", changed).json["evidence"][0]["value"] == "CN8"
    firm.post(f"/credits/claims/{claim}/submit")
    assert firm.post(f"/credits/claims/{claim}/change", changed).status_code == 409
    assert park.api("reviewer").get(path).data == PNG
    park.api("reviewer").post(f"/credits/claims/{claim}/approve")

    from pypdf import PdfReader

    text = PdfReader(io.BytesIO(firm.get("/credits/statement.pdf").data)).pages[0].extract_text()
    assert "+100" in text
    assert firm.get("/credits/statement.xlsx", since=clock.today().isoformat()).data[:2] == b"PK"
    assert park.api("e02").get("/credits/statement.pdf", enterprise="E01").status_code == 403


def test_the_park_reads_what_it_owes_and_proves_it(credits_park: CreditsPark) -> None:
    park = credits_park
    park.earn("e01", "invention_patent", "CN1")
    park.earn("e01", "industry_event", "EV1", kind="event_no")
    staff, auditor = park.api("park"), park.api("auditor")
    wish = park.api("e01").post("/credits/redemptions", {"reward": "university_support_20h"}).json
    staff.post(f"/credits/redemptions/{wish['id']}/approve")
    figures = staff.get("/credits/park").json
    assert (figures["issued_credits"], figures["outstanding_credits"], figures["held_credits"]) == (
        160,
        160,
        150,
    )
    # Two years of life each: more than a year off, so beyond every bound.
    assert [one["credits"] for one in figures["ageing"]] == [0, 0, 0, 0, 160]
    assert [(one["code"], one["credits"]) for one in figures["top_rules"]] == [
        ("invention_patent", 100),
        ("industry_event", 60),
    ]
    assert park.api("e01").get("/credits/park").status_code == 403
    proof = auditor.get("/credits/audit").json
    assert proof["holds"] is True and proof["transfers"] == 3
    sealed = auditor.post("/credits/seals")
    assert sealed.status_code == 201 and sealed.json["transfers"] == 3
    assert auditor.post("/credits/seals").status_code == 200  # nothing new
    assert auditor.get("/credits/seals").json["items"] == [sealed.json]
    assert auditor.post("/credits/periods", {"month": "2020-01"}).status_code == 403
    assert staff.post("/credits/periods", {"month": "2020-01"}).status_code == 201
    assert staff.post("/credits/periods", {"month": "2020-01"}).status_code == 409
    assert staff.get("/credits/periods").json["items"][0]["month"] == "2020-01"


def test_a_reward_names_a_partner_the_park_knows(credits_park: CreditsPark) -> None:
    park, other, firm = credits_park.api("park"), credits_park.api("reviewer"), credits_park.api("e01")
    credits_park.organisation("U07", "university")
    for number in range(4):
        credits_park.earn("e01", "invention_patent", f"CN{number}")
    reward = {
        "code": "lab_week",
        "name_zh": "实验室一周",
        "name_en": "Lab week",
        "category": "university",
        "cost_credits": 130,
        "valid_from": clock.today().isoformat(),
        "fulfilment": "introduction",
        "reason": "新",
    }
    wrong = park.post("/credits/proposals/rewards", {**reward, "fulfilment_params": {"partner": "U70"}})
    assert wrong.status_code == 422
    assert [one["code"] for one in wrong.json["reasons"]] == ["reward_partner_unknown"]
    assert "U70" in wrong.json["reasons"][0]["message"]
    made = park.post("/credits/proposals/rewards", {**reward, "fulfilment_params": {"partner": "U07"}})
    waiting = park.post("/credits/proposals/rewards", {**reward, "fulfilment_params": {"partner": "U07"}})
    assert other.post(f"/credits/proposals/{made.json['id']}/approve").status_code == 200
    wish = firm.post("/credits/redemptions", {"reward": "lab_week"})
    assert wish.status_code == 201
    park.post(f"/credits/redemptions/{wish.json['id']}/approve")

    with credits_park.app.app_context(), transaction() as session:
        session.execute(sa.text("UPDATE organisation SET status = 'suspended' WHERE code = 'U07'"))
    gone = firm.post("/credits/redemptions", {"reward": "lab_week"})
    assert gone.status_code == 409
    assert [one["code"] for one in gone.json["reasons"]] == ["reward_partner_unknown"]
    offers = {one["code"]: one for one in firm.get("/credits/rewards").json["items"]}
    assert [one["code"] for one in offers["lab_week"]["reasons"]] == ["reward_partner_unknown"]
    # Neither another university instead, nor the credits for nothing.
    credits_park.organisation("U01", "university")
    assert park.post(f"/credits/redemptions/{wish.json['id']}/fulfil").status_code == 409
    assert credits_park.balance("e01") == (270, 130)
    assert other.post(f"/credits/proposals/{waiting.json['id']}/approve").status_code == 422


def test_the_demo_awards_what_the_rooms_witness() -> None:
    """The codes under which the other rooms report a deed are rules of the demo park."""
    platform = {row[0] for row in demo_rules.RULES if row[7] == "platform"}
    assert platform == {"hours_shared", "licence_granted", handlers.RULE}
