"""The room against a small model of its own: whatever happens in whatever order, both agree and the audit passes.

`PARKLINK_LONG=1` runs 1,000 lives of 50 steps instead of a few short ones (28 minutes on SQLite under load).
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.credits.claims import review
from app.credits.claims import service as claims
from app.credits.ledger import accounts, expiry, payments
from app.credits.ledger.audit import run_audit
from app.credits.rewards import service as redemptions
from app.hall import clock
from app.hall.errors import Refusal
from tests.credits.conftest import CreditsPark

LONG = bool(os.environ.get("PARKLINK_LONG"))
START = dt.datetime(2026, 1, 5, 4, tzinfo=dt.UTC)
# code: credits and lifetime in days
RULES = {"patent": (100, 400), "event": (60, 90), "note": (7, 20)}


@dataclass
class Batch:
    """A lot of the model: what is free, what is spent, what is gone, what each hold has of it."""

    claim: int
    size: int
    ends: dt.datetime
    free: int
    spent: int = 0
    gone: int = 0
    holds: dict[int, int] = field(default_factory=dict)


@dataclass
class Model:
    """Forty lines that say what the room should do; nothing of the room is used."""

    batches: list[Batch] = field(default_factory=list)
    debt: int = 0

    def spendable(self, now: dt.datetime) -> int:
        return sum(one.free for one in self.batches if one.ends > now)

    def held(self) -> int:
        return sum(sum(one.holds.values()) for one in self.batches)

    def take(self, amount: int, now: dt.datetime) -> list[tuple[Batch, int]]:
        parts = []
        for one in sorted(self.batches, key=lambda each: each.ends):
            part = min(one.free, amount) if one.ends > now else 0
            if part:
                one.free -= part
                amount -= part
                parts.append((one, part))
        assert amount == 0
        return parts

    def hold(self, key: int, amount: int, now: dt.datetime) -> None:
        for one, part in self.take(amount, now):
            one.holds[key] = part

    def settle(self, key: int, amount: int) -> None:
        for one in sorted(self.batches, key=lambda each: each.ends):
            part = one.holds.pop(key, 0)
            used = min(part, amount)
            amount -= used
            one.spent += used
            one.free += part - used

    def revoke(self, claim: int) -> None:
        one = next(each for each in self.batches if each.claim == claim)
        self.debt += one.size - one.gone - one.free
        one.gone += one.free
        one.free = 0

    def earn(self, claim: int, size: int, ends: dt.datetime, now: dt.datetime) -> None:
        self.batches.append(Batch(claim, size, ends, size))
        back = min(self.debt, self.spendable(now))
        for one, part in self.take(back, now):
            one.spent += part
        self.debt -= back

    def expire(self, now: dt.datetime) -> None:
        for one in self.batches:
            if one.ends <= now:
                one.gone += one.free
                one.free = 0


class Room(RuleBasedStateMachine):
    """One enterprise's life; every example gets an enterprise of its own in the same database."""

    park: CreditsPark
    firms = 0

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.model = Model()
        self.serial = 0
        self.patents = 0
        self.approved: set[int] = set()
        self.wishes: dict[int, tuple[str, int]] = {}
        self.holds: dict[int, int] = {}

    @initialize()
    def begin(self) -> None:
        Room.firms += 1
        self.code = f"F{Room.firms:04d}"
        self.park.firm(self.code)
        self.firm = self.park.actor(self.code.lower())
        self.reviewer, self.staff = self.park.actor("reviewer"), self.park.actor("park")

    def do(self, work: Any, *args: Any, **more: Any) -> Any:
        with self.park.app.app_context(), clock.frozen(self.now):
            return work(*args, **more)

    def refused(self, work: Any, *args: Any, **more: Any) -> bool:
        try:
            self.do(work, *args, **more)
        except Refusal:
            return True
        return False

    @rule(code=st.sampled_from(sorted(RULES)))
    def earn(self, code: str) -> None:
        self.patents += 1
        day = clock.local(self.now).date()
        number = f"{self.code} {self.patents}"
        page = f"https://example.org/{self.code}/{self.patents}"  # what somebody else can look up
        evidence = [("patent_no", number), ("url", page)]
        drafted = self.do(claims.draft_claim, self.firm, code, day, evidence)
        self.do(claims.submit_claim, self.firm, drafted.id)
        self.do(review.approve_claim, self.reviewer, drafted.id)
        size, lifetime = RULES[code]
        ends = clock.start_of_day(day + dt.timedelta(days=lifetime))
        self.model.earn(drafted.id, size, ends, self.now)
        self.approved.add(drafted.id)

    @rule()
    def claim_the_same_again(self) -> None:
        if self.patents:
            day = clock.local(self.now).date()
            number = f"{self.code.lower()}－{self.patents}"
            assert self.refused(claims.draft_claim, self.firm, "patent", day, [("patent_no", number)])

    @precondition(lambda self: self.approved)
    @rule(data=st.data())
    def revoke(self, data: Any) -> None:
        claim = data.draw(st.sampled_from(sorted(self.approved)))
        batch = next(one for one in self.model.batches if one.claim == claim)
        if batch.gone == batch.size:  # all of it expired: nothing to take back, nothing owed
            assert self.refused(review.revoke_claim, self.reviewer, claim, "x")
            return
        self.do(review.revoke_claim, self.reviewer, claim, "x")
        self.model.revoke(claim)
        self.approved.discard(claim)

    @rule(code=st.sampled_from(["cheap", "dear"]))
    def redeem(self, code: str) -> None:
        cost = {"cheap": 25, "dear": 90}[code]
        may = self.model.debt == 0 and self.model.spendable(self.now) >= cost
        if not may:
            assert self.refused(redemptions.redeem, self.firm, code)
            return
        row = self.do(redemptions.redeem, self.firm, code)
        self.model.hold(row.hold_transfer_id, cost, self.now)
        self.wishes[row.id] = ("requested", row.hold_transfer_id)

    @precondition(lambda self: self.wishes)
    @rule(data=st.data(), action=st.sampled_from(["approve", "fulfil", "cancel", "reject"]))
    def move_a_wish(self, data: Any, action: str) -> None:
        wish = data.draw(st.sampled_from(sorted(self.wishes)))
        state, hold = self.wishes[wish]
        if action == "approve":
            if state == "requested":
                self.do(redemptions.approve_redemption, self.staff, wish)
                self.wishes[wish] = ("approved", hold)
            else:
                assert self.refused(redemptions.approve_redemption, self.staff, wish)
        elif action == "fulfil":
            if state == "approved":
                self.do(redemptions.fulfil_redemption, self.staff, wish)
                cost = sum(one.holds.get(hold, 0) for one in self.model.batches)
                self.model.settle(hold, cost)
                del self.wishes[wish]
            else:
                assert self.refused(redemptions.fulfil_redemption, self.staff, wish)
        else:
            if action == "cancel":
                self.do(redemptions.cancel_redemption, self.firm, wish)
            else:
                self.do(redemptions.reject_redemption, self.staff, wish, "x")
            self.model.settle(hold, 0)
            del self.wishes[wish]

    @rule(credits=st.integers(1, 120))
    def spend(self, credits: int) -> None:
        self.serial += 1
        key = f"{self.code}:{self.serial}"
        if self.model.debt or self.model.spendable(self.now) < credits:
            assert self.refused(payments.spend_on, self.firm.organisation_id, credits, "booking:1", key)
            return
        hold = self.do(payments.spend_on, self.firm.organisation_id, credits, "booking:1", key)
        assert hold == self.do(payments.spend_on, self.firm.organisation_id, credits, "booking:1", key)
        assert self.refused(payments.spend_on, self.firm.organisation_id, credits + 1, "booking:1", key)
        self.model.hold(hold, credits, self.now)
        self.holds[hold] = credits

    @precondition(lambda self: self.holds)
    @rule(data=st.data())
    def settle(self, data: Any) -> None:
        hold = data.draw(st.sampled_from(sorted(self.holds)))
        used = data.draw(st.integers(0, self.holds.pop(hold)))
        if used:
            self.do(payments.capture_spending, hold, used)
        else:
            self.do(payments.release_spending, hold)
        self.model.settle(hold, used)
        assert self.refused(payments.release_spending, hold) or used == 0

    @rule(days=st.sampled_from([1, 5, 13]))
    def pass_time(self, days: int) -> None:
        if not self.wishes and not self.holds:  # holds have time limits of their own, tested elsewhere
            self.now += dt.timedelta(days=days)

    @rule()
    def run_the_expiry_job(self) -> None:
        self.do(expiry.expire_lots)
        self.model.expire(self.now)

    @invariant()
    def balances_agree(self) -> None:
        if not hasattr(self, "firm"):
            return
        summary = self.do(accounts.account_summary, self.firm.organisation_id)
        assert summary.available_credits == self.model.spendable(self.now)
        assert (summary.held_credits, summary.owed_credits) == (self.model.held(), self.model.debt)

    def teardown(self) -> None:
        # The audit reads the whole database, which grows with every life.
        if Room.firms % (50 if LONG else 1) == 0:
            self.prove()

    def prove(self) -> None:
        with self.park.app.app_context():
            report = run_audit()
            assert report.holds, [
                (code, one.findings) for code, one in report.verdicts.items() if not one.holds
            ]


@pytest.mark.timeout(14_400 if LONG else 300)
def test_any_life_of_an_enterprise_agrees_with_the_model(credits_park: CreditsPark) -> None:
    for code, (credits, lifetime) in RULES.items():
        credits_park.rule(code, credits, lifetime_days=lifetime)
    credits_park.reward("cheap", 25, stock=None)
    credits_park.reward("dear", 90, stock=100_000)
    Room.park = credits_park
    run_state_machine_as_test(
        Room,
        settings=settings(
            max_examples=1000 if LONG else 8,
            stateful_step_count=50 if LONG else 25,
            deadline=None,
            derandomize=not LONG,
            suppress_health_check=list(HealthCheck),
        ),
    )
    Room().prove()
    assert Room.firms >= (1000 if LONG else 8)
