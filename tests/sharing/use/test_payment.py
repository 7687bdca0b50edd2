"""How a charge is paid: vouchers first, then credits up to the park's share, the rest in money, to the fen."""

from __future__ import annotations

import datetime as dt

import pytest

from app.hall import clock
from app.hall.jobs import run_periodic
from app.hall.standstill import Confirmed
from tests.credits.conftest import CreditsPark


@pytest.fixture
def rich(app, instrument):
    """Firm E02 has 450 credits of the park; the park takes up to 30 % of a price in credits worth one yuan each."""
    park = CreditsPark(app)
    park.staff()
    for code in ("E01", "E02", "E03"):
        park.firm(code)
    park.rule("invention_patent", 450)
    park.earn("e02", "invention_patent", "ZL202610000001.9")
    return park


def book(park, login, resource, start, end, **more):
    answer = park.api(login).post(
        "/sharing/bookings", {"resource": resource, "start": start, "end": end, **more}
    )
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def settled(park, login, booking, day):
    """Past the time for a dispute the charge is closed by the clockwork."""
    with clock.frozen(day + dt.timedelta(days=10)), park.app.app_context():
        run_periodic(confirmed=Confirmed(clock=True))
    found = park.api(login).get(f"/sharing/bookings/{booking}").json
    assert found["state"] == "settled"
    return found


def audited_later(park, monday):
    """After the day on which all was settled and sealed."""
    with clock.frozen(clock.at(monday + dt.timedelta(days=30), 12)):
        return park.audit().exit_code


def test_credits_pay_their_share_and_free_cancelling_gives_them_back(rich, instrument, at, monday):
    resource = instrument("e01", price_fen_per_hour=32_000)
    # Three hours at 320 yuan are 960 yuan: 30 % are 288 credits.
    number = book(rich, "e02", resource, at(0, 9), at(0, 12), use_credits=True)
    assert rich.balance("e02") == (162, 288)
    rich.api("e02").post(f"/sharing/bookings/{number}/cancel")
    assert rich.balance("e02") == (450, 0)
    number = book(rich, "e02", resource, at(0, 9), at(0, 12), use_credits=True)
    rich.noted("e01", f"/sharing/bookings/{number}/usage", {"start": at(0, 9), "end": at(0, 12)})
    settled(rich, "e02", number, clock.at(monday, 12))
    assert rich.balance("e02") == (162, 0)
    month = f"{monday:%Y-%m}"
    assert "960.00" in rich.browse("e02").get(f"/sharing/statements?side=user&month={month}").text
    assert audited_later(rich, monday) == 0


def test_what_is_owed_less_takes_fewer_credits(rich, instrument, at, monday):
    resource = instrument("e01", price_fen_per_hour=32_000, billing="used")
    number = book(rich, "e02", resource, at(0, 9), at(0, 12), use_credits=True)
    # One hour of three was used: 30 % of 320 yuan are 96 credits, the other 192 are free again.
    rich.noted("e01", f"/sharing/bookings/{number}/usage", {"start": at(0, 9), "end": at(0, 10)})
    settled(rich, "e02", number, clock.at(monday, 12))
    assert rich.balance("e02") == (354, 0)
    assert audited_later(rich, monday) == 0


def test_a_rejected_request_gives_the_credits_back(rich, instrument, at):
    resource = instrument("e01", price_fen_per_hour=32_000, approval="owner")
    number = book(rich, "e02", resource, at(0, 9), at(0, 12), use_credits=True)
    assert rich.balance("e02") == (162, 288)
    rich.api("e01").post(f"/sharing/bookings/{number}/reject", {"reason": "满"})
    assert rich.balance("e02") == (450, 0)


def test_an_outage_gives_the_credits_back(rich, instrument, at):
    resource = instrument("e01", price_fen_per_hour=32_000)
    book(rich, "e02", resource, at(0, 9), at(0, 12), use_credits=True)
    rich.api("e01").post(
        f"/sharing/resources/{resource}/outages", {"start": at(0, 9), "end": at(0, 10), "reason": "x"}
    )
    assert rich.balance("e02") == (450, 0)


def test_a_redeemed_voucher_pays_first(rich, instrument, at, monday):
    from app.hall.db.base import db
    from app.sharing.use.payment import payment_of, vouchers_of

    rich.reward(
        "voucher",
        150,
        fulfilment="instrument_voucher",
        fulfilment_params={"value_fen": 50_000, "co_pay_ratio": 0.2},
    )
    asked = rich.api("e02").post("/credits/redemptions", {"reward": "voucher", "quantity": 1}, key="v1")
    assert asked.status_code == 201, asked.json
    number = asked.json["id"]
    assert rich.api("reviewer").post(f"/credits/redemptions/{number}/approve").status_code == 200
    fulfilled = rich.api("reviewer").post(f"/credits/redemptions/{number}/fulfil")
    assert fulfilled.status_code == 200, fulfilled.json
    resource = instrument("e01", price_fen_per_hour=32_000)
    booking = book(rich, "e02", resource, at(0, 9), at(0, 11), use_credits=True)
    rich.noted("e01", f"/sharing/bookings/{booking}/usage", {"start": at(0, 9), "end": at(0, 11)})
    settled(rich, "e02", booking, clock.at(monday, 12))
    # 640 yuan: the voucher covers at most 80 % and holds 500; 30 % of the 140 left are 42 credits; 98 in money.
    firm = rich.actor("e02").organisation_id
    with rich.app.app_context():
        paid = payment_of(booking)
        assert (paid.amount_fen, paid.voucher_fen, paid.credits, paid.cash_fen) == (64_000, 50_000, 42, 9_800)
        assert [voucher.left_fen for voucher in vouchers_of(firm)] == [0]
        db.session.remove()
    assert rich.balance("e02") == (450 - 150 - 42, 0)
