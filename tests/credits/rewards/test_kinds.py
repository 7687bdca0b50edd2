"""A further kind of reward is one registration: forms, calls, pages and the handing over know it from there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.credits.door import Fulfilment, FulfilmentOrder, register_fulfilment
from app.credits.rewards.fulfilment import forget_fulfilment
from tests.credits.conftest import CreditsPark

KIND, NAME = "greenhouse", "温室使用 greenhouse"


@pytest.fixture
def orders(credits_park: CreditsPark) -> Iterator[list[FulfilmentOrder]]:
    made: list[FulfilmentOrder] = []

    def open_greenhouse(order: FulfilmentOrder) -> Fulfilment:
        made.append(order)
        return Fulfilment("GH-7", "/garden/7")

    register_fulfilment(KIND, NAME, open_greenhouse)
    yield made
    forget_fulfilment(KIND)


def test_a_kind_is_offered_proposed_and_handed_over(
    credits_park: CreditsPark, orders: list[FulfilmentOrder]
) -> None:
    park = credits_park
    assert NAME in park.browse("park").get("/credits/rewards/propose").text
    park.reward("winter_beds", 60, fulfilment=KIND, stock=2)
    park.earn("e01", "invention_patent", "CN202610000001.9")
    assert NAME in park.browse("e01").get("/credits/rewards/winter_beds").text
    asked = park.api("e01").post("/credits/redemptions", {"reward": "winter_beds", "quantity": 1}).json
    park.api("park").post(f"/credits/redemptions/{asked['id']}/approve")
    done = park.api("park").post(f"/credits/redemptions/{asked['id']}/fulfil").json
    assert (done["reference"], done["state"]) == ("GH-7", "fulfilled")
    assert [order.reward_code for order in orders] == ["winter_beds"]


def test_a_kind_nobody_declares_is_refused_and_stored_nowhere(credits_park: CreditsPark) -> None:
    body = {
        "code": "orchard",
        "name_zh": "果园",
        "name_en": "Orchard",
        "category": "space",
        "cost_credits": 10,
        "valid_from": "2026-01-01",
        "reason": "试一试",
        "fulfilment": "orchard",
    }
    refused = credits_park.api("park").post("/credits/proposals/rewards", body)
    assert refused.status_code == 422
    assert [one["code"] for one in refused.json["reasons"]] == ["reward_kind_unknown"]
    assert (
        credits_park.api("park").get("/credits/proposals", kind="reward", state="proposed").json["total"] == 0
    )


def test_a_reward_of_a_kind_that_was_taken_out_holds_nobodys_credits(credits_park: CreditsPark) -> None:
    register_fulfilment(KIND, NAME, lambda order: Fulfilment("GH-8"))
    credits_park.reward("summer_beds", 60, fulfilment=KIND)
    credits_park.earn("e01", "invention_patent", "CN202610000001.9")
    before = credits_park.balance("e01")
    forget_fulfilment(KIND)
    refused = credits_park.api("e01").post("/credits/redemptions", {"reward": "summer_beds", "quantity": 1})
    assert refused.status_code in (409, 422)
    assert "reward_kind_unknown" in [one["code"] for one in refused.json["reasons"]]
    assert credits_park.balance("e01") == before
