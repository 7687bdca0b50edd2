"""Months of accounts: kept or not, however far, every page says the same, and nobody adds a history up again."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.credits.ledger import accounts, kept_months
from app.credits.ledger.models import AccountKept, AccountMonth, Transfer
from app.credits.park import reports
from app.hall import clock
from app.hall.db.base import db
from benchmarks.park.sweep import Meter
from tests.credits.conftest import CreditsPark
from tests.credits.lively import live_a_little

JUNE = dt.datetime(2026, 6, 10, 4, tzinfo=dt.UTC)
MARCH, APRIL = dt.date(2026, 3, 1), dt.date(2026, 4, 1)
# 250 earned and 55 used in March; in April 200 earned, 125 revoked and 75 recovered, 150 used, 40 added and 10 taken by hand.
YEAR = {MARCH: (250, 55), APRIL: (240, 360)}
PARK = {MARCH: (250, 55), APRIL: (0, 150)}


def read(park: CreditsPark) -> None:
    """What the pages say of this park in June."""
    firm = park.actor("e01").organisation_id
    with clock.frozen(JUNE), park.app.app_context():
        summary = accounts.account_summary(firm)
        assert (summary.lifetime_earned_credits, summary.lifetime_used_credits) == (250, 205)
        assert (summary.month_earned_credits, summary.month_used_credits) == (0, 0)
        months = accounts.twelve_months(firm)
        assert [one.month for one in months] == accounts.last_twelve()
        assert {m.month: (m.earned, m.used) for m in months if m.earned or m.used} == YEAR
        assert {m.month: (m.earned, m.used) for m in reports.months() if m.earned or m.used} == PARK
        figures = reports.park_figures()
        assert (figures.issued, figures.redeemed, figures.expired, figures.adjusted) == (250, 205, 50, 30)
        assert figures.outstanding == 25
        assert accounts.earned_in([MARCH, APRIL, dt.date(2026, 5, 1)]) == [250, 240, 0]
        flows = reports.flows_by_firm(APRIL)
        assert [(one.month, one.organisation_id, one.earned, one.redeemed) for one in flows] == [
            (APRIL, firm, 0, 150)
        ]


def test_kept_or_not_the_answers_are_the_same(credits_park: CreditsPark) -> None:
    live_a_little(credits_park)
    read(credits_park)
    with credits_park.app.app_context():
        assert kept_months.keep(portion=3) > 10
        assert kept_months.keep() == 0
    read(credits_park)


def test_what_follows_the_kept_months_is_added(credits_park: CreditsPark) -> None:
    with clock.frozen(dt.datetime(2026, 2, 27, 4, tzinfo=dt.UTC)):
        credits_park.earn("e01", "industry_event", "EV1", "event_no")
    with credits_park.app.app_context():
        kept_months.keep()
    live_a_little(credits_park)
    firm = credits_park.actor("e01").organisation_id
    with clock.frozen(dt.datetime(2026, 4, 30, 4, tzinfo=dt.UTC)), credits_park.app.app_context():
        summary = accounts.account_summary(firm)
        # The 60 of February were there to revoke from: nothing was left owing that April's earnings had to pay.
        earned = sum(one.earned for one in reports.months())
        assert summary.lifetime_earned_credits == earned
        kept_months.keep()
        assert accounts.account_summary(firm) == summary


def test_a_second_run_that_began_at_the_same_moment_adds_nothing_twice(
    credits_park: CreditsPark, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_a_little(credits_park)
    read_portion = kept_months._read

    def meanwhile(first: int, last: int) -> object:
        monkeypatch.setattr(kept_months, "_read", read_portion)
        kept_months.keep()
        return read_portion(first, last)

    monkeypatch.setattr(kept_months, "_read", meanwhile)
    with credits_park.app.app_context():
        assert kept_months.keep() == 0
    read(credits_park)


def test_the_bound_is_the_last_movement_and_each_month_stands_once(credits_park: CreditsPark) -> None:
    live_a_little(credits_park)
    with credits_park.app.app_context():
        kept_months.keep()
        last = db.session.scalar(sa.select(sa.func.max(Transfer.id)))
        assert set(db.session.scalars(sa.select(AccountKept.up_to_id))) == {last}
        rows = db.session.execute(sa.select(AccountMonth.account_id, AccountMonth.month)).all()
        assert len(rows) == len(set(rows)) > 3


@pytest.fixture
def sqlite_only(backend: str) -> None:
    if backend != "sqlite":
        pytest.skip("only SQLite tells how far its machine ran")


@pytest.mark.usefixtures("sqlite_only")
def test_a_longer_history_costs_no_more(credits_park: CreditsPark) -> None:
    """Twelve hundred movements more in a month that is kept: not a row of them is read again."""
    firm = credits_park.actor("e01").organisation_id
    credits_park.earn("e01", "invention_patent", "CN1")
    with credits_park.app.app_context():
        meter = Meter(db.engine)

        def cost() -> int:
            kept_months.keep()
            db.session.remove()
            meter.clear()
            accounts.account_summary(firm)
            accounts.twelve_months(firm)
            reports.park_figures()
            reports.months()
            return meter.steps

        before = cost()
        _spend_often(firm, 1_200)
        assert cost() <= before + 5


def _spend_often(firm: int, times: int) -> None:
    from app.credits.ledger import payments
    from app.hall.db.transaction import transaction

    for start in range(0, times, 200):  # no transaction computes for a second
        with transaction():
            for number in range(start, start + 200):
                payments.release_spending(payments.spend_on(firm, 1, f"booking:{number}", f"b{number}"))
