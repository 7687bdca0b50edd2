"""Stories 12 to 14: credits are earned by reviewed claims, redeemed once, and never spent twice."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest

from app.hall import clock
from tests.factories import Api, Park
from tests.live import at_once, call, serving
from tests.walks.credits_words import earn


def earn_460(park: Park, login: str) -> Api:
    """Four invention patents and one industry event: 4 × 100 + 60."""
    firm, reviewer = park.api(login), park.api("reviewer")
    for number in range(4):
        earn(firm, reviewer, "invention_patent", "patent_number", f"ZL20261009900{number}")
    earn(firm, reviewer, "industry_event", "event", "虚构 2026 测试论坛")
    return firm


@pytest.fixture
def fresh(demo_park: Park) -> str:
    """A firm of the demo park that has not earned anything yet."""
    demo_park.firm("E90")
    return "e90"


def test_four_patents_and_an_event_are_460_credits_and_the_same_patent_earns_once(
    demo_park: Park, fresh: str
) -> None:
    firm = earn_460(demo_park, fresh)
    assert firm.get("/credits/account").json["available_credits"] == 460
    # The same patent number, spaced and in full-width digits.
    again = firm.post(
        "/credits/claims",
        {
            "rule": "invention_patent",
            "occurred_on": clock.today().isoformat(),
            "evidence": [{"kind": "patent_number", "value": "ＺＬ２０２６ １００９９０００．４"}],
            "note": "",
        },
    )
    if again.status_code == 201:
        again = firm.post(f"/credits/claims/{again.json['id']}/submit")
    assert again.status_code == 409, again.json
    assert firm.get("/credits/account").json["available_credits"] == 460


def redeem(firm: Api, reward: str, key: str = "") -> int:
    answer = firm.post("/credits/redemptions", {"reward": reward, "quantity": 1}, key=key)
    assert answer.status_code == 201, answer.json
    return int(answer.json["id"])


def test_office_is_held_then_captured_and_university_support_opens_an_introduction(
    demo_park: Park, fresh: str
) -> None:
    firm = earn_460(demo_park, fresh)
    staff = demo_park.api("park")
    office = redeem(firm, "office_3_months")
    account = firm.get("/credits/account").json
    assert (account["available_credits"], account["held_credits"]) == (160, 300)
    assert staff.post(f"/credits/redemptions/{office}/approve").status_code == 200
    assert staff.post(f"/credits/redemptions/{office}/fulfil").status_code == 200
    account = firm.get("/credits/account").json
    assert (account["available_credits"], account["held_credits"]) == (160, 0)

    before = firm.get("/ecosystem/introductions").json["total"]
    support = redeem(firm, "university_support_20h")
    assert staff.post(f"/credits/redemptions/{support}/approve").status_code == 200
    assert staff.post(f"/credits/redemptions/{support}/fulfil").status_code == 200
    assert firm.get("/credits/account").json["available_credits"] == 10
    assert firm.get("/ecosystem/introductions").json["total"] == before + 1


def test_two_redemptions_at_once_and_a_retried_one(demo_park: Park, fresh: str) -> None:
    firm = earn_460(demo_park, fresh)
    token = firm.headers["Authorization"].removeprefix("Bearer ")
    body = {"reward": "office_3_months", "quantity": 1}
    with serving(demo_park.app) as base:
        post = partial(call, base, "POST", "/credits/redemptions", token, body)
        answers = at_once([partial(post, key="first"), partial(post, key="second")])
        assert Counter(status for status, _ in answers) == {201: 1, 409: 1}
        winner = next(index for index, (status, _) in enumerate(answers) if status == 201)
        again = post(key=("first", "second")[winner])
        assert again == answers[winner]
        other_body = call(
            base,
            "POST",
            "/credits/redemptions",
            token,
            {**body, "quantity": 2},
            key=("first", "second")[winner],
        )
        assert other_body[0] == 409
    account = firm.get("/credits/account").json
    assert (account["available_credits"], account["held_credits"]) == (160, 300)
