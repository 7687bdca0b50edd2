"""Only paid deeds earn: hours by what was really paid, a licence once per pair and patent, doubtful pairs by a reviewer."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.hall import clock
from app.hall.jobs import run_periodic
from app.hall.standstill import Confirmed
from tests.credits.conftest import CreditsPark
from tests.sharing.conftest import ALWAYS

HOURS, LICENCE = 30, 50


@pytest.fixture
def earning(app: Any) -> CreditsPark:
    """E01 lends to E02 and E03; ten paid hours earn 30 credits, a licence that has run 50."""
    park = CreditsPark(app)
    park.staff()
    for code, name in (("E01", "甲公司"), ("E02", "乙公司"), ("E03", "丙公司")):
        park.firm(code, name_zh=name, name_en=f"Firm {code}")
    park.rule("hours_shared", HOURS, evidence_kind="platform", origin="platform")
    park.rule("licence_granted", LICENCE, evidence_kind="platform", origin="platform")
    return park


def paid(park: Any, owner: str, user: str, resource: int, hours: int, adjusted: int | None = None) -> None:
    """A booking of so many hours begun now, used to the end, and settled eight days later, maybe adjusted before."""
    start = clock.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    span = {"start": start.isoformat(), "end": (start + dt.timedelta(hours=hours)).isoformat()}
    made = park.api(user).post("/sharing/bookings", {"resource": resource, "purpose": "", **span})
    assert made.status_code == 201, made.text
    path = f"/sharing/bookings/{made.json['id']}"
    assert park.noted(owner, f"{path}/usage", span).status_code == 200
    with clock.frozen(dt.datetime.fromisoformat(span["end"]) + dt.timedelta(minutes=1)):
        if adjusted is not None:
            assert park.api(user).post(f"{path}/dispute", {"reason": "x"}).status_code == 200
            body = {"amount_fen": adjusted, "reason": "商定"}
            assert park.api(owner).post(f"{path}/adjust", body).status_code == 200
    with clock.frozen(start + dt.timedelta(days=11)), park.app.app_context():
        run_periodic(confirmed=Confirmed(clock=True))
    assert park.api(user).get(path).json["state"] == "settled"


def claims(park: Any, login: str = "reviewer") -> list[tuple[str, str]]:
    rows = park.api(login).get("/credits/claims").json["items"]
    return sorted((row["state"], row["note"]) for row in rows)


@pytest.mark.parametrize(
    ("price", "adjusted", "earned"),
    [
        (0, None, 0),  # twenty hours for nothing
        (5_000, 0, 0),  # twenty hours adjusted to nothing
        (5_000, 49_999, 0),  # half of twenty hours, less a fen: not yet ten hours
        (5_000, 50_000, HOURS),
        (5_000, None, 2 * HOURS),
    ],
)
def test_hours_count_by_what_was_really_paid(earning, instrument, price, adjusted, earned):
    resource = instrument("e01", opening=ALWAYS, max_minutes=1_440, price_fen_per_hour=price)
    paid(earning, "e01", "e02", resource, 20, adjusted)
    assert earning.balance("e01") == (earned, 0)
    with clock.frozen(
        clock.now() + dt.timedelta(days=12)
    ):  # after the day on which all was settled and sealed
        audit = earning.audit()
    assert audit.exit_code == 0, audit.output


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_who_shares_a_telephone_number_waits_for_a_reviewer(earning, instrument, lang):
    import sqlalchemy as sa

    from app.hall.db.transaction import transaction

    with earning.app.app_context(), transaction() as session:
        for login, phone in (("e01", "138 0000-4321"), ("e02", "+86 13800004321"), ("e03", "13900001111")):
            session.execute(
                sa.text("UPDATE member SET phone = :phone WHERE login = :login"),
                {"phone": phone, "login": login},
            )
    resource = instrument("e01", opening=ALWAYS, max_minutes=1_440, price_fen_per_hour=100)
    paid(earning, "e01", "e02", resource, 11)
    assert earning.balance("e01") == (0, 0)
    assert claims(earning) == [("submitted", "与乙公司的联系电话相同。")]
    number = earning.api("reviewer").get("/credits/claims").json["items"][0]["id"]
    page = earning.browse("reviewer", lang).get(f"/credits/review/{number}").text
    assert ("与乙公司的联系电话相同" if lang == "zh" else "same telephone number as Firm E02") in page
    # Hours of others are counted by themselves, and earn at once.
    paid(earning, "e01", "e03", resource, 10)
    assert earning.balance("e01") == (HOURS, 0)
    assert (
        earning.api("reviewer").post(f"/credits/claims/{number}/approve", {"reason": ""}).status_code == 200
    )
    assert earning.balance("e01") == (2 * HOURS, 0)


def test_money_that_goes_round_waits_for_a_reviewer(earning, instrument):
    """The first direction earns as ever; from the first payment back on both are looked at."""
    first = instrument("e01", opening=ALWAYS, max_minutes=1_440, price_fen_per_hour=100)
    back = instrument("e02", opening=ALWAYS, max_minutes=1_440, price_fen_per_hour=100)
    paid(earning, "e01", "e02", first, 10)
    assert earning.balance("e01") == (HOURS, 0)
    paid(earning, "e02", "e01", back, 10)
    assert earning.balance("e02") == (0, 0)
    assert claims(earning)[-1] == ("submitted", "与甲公司互为对方仪器的付费用户。")


def test_a_licence_earns_once_and_after_it_has_run(earning):
    body = {"kind": "patent", "name": "浆料", "patent": {"number": "ZL77", "fee_fen": 0}}
    patent = earning.api("e01").post("/sharing/resources", body).json["id"]

    def licence(months: int) -> int:
        wish = {"resource": patent, "months": months, "purpose": "试产"}
        asked = earning.api("e02").post("/sharing/licences", wish)
        assert asked.status_code == 201, asked.text
        assert earning.api("e01").post(f"/sharing/licences/{asked.json['id']}/grant").status_code == 200
        return int(asked.json["id"])

    def tick() -> None:
        with earning.app.app_context():
            run_periodic(confirmed=Confirmed(clock=True))

    for _ in range(3):  # granted and ended at once, three times
        ended = licence(6)
        assert (
            earning.api("e01").post(f"/sharing/licences/{ended}/terminate", {"reason": "x"}).status_code
            == 200
        )
    tick()
    assert earning.balance("e01") == (0, 0)
    today = clock.today()
    for run in range(2):  # it runs for two months, twice: once is what it earns
        with clock.frozen(clock.at(today + dt.timedelta(days=70 * run), 12)):
            licence(2)
        with clock.frozen(clock.at(today + dt.timedelta(days=70 * run + 65), 12)):
            tick()
            assert earning.balance("e01") == (LICENCE, 0)
