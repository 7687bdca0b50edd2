"""Real processes on one ledger: hot and uniform writers, double spending, kill -9, clock jumps (a full disk: next door).

After each storm the audit passes and nothing that was acknowledged is missing. `PARKLINK_LONG=1` makes it 200 kills.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.credits.claims import review
from app.credits.ledger import accounts, expiry, payments
from app.credits.ledger.audit import run_audit
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict
from app.identity.actor import SYSTEM
from tests.credits.conftest import CreditsPark

KILLS = 200 if os.environ.get("PARKLINK_LONG") else 40
WRITERS = 16
fork = multiprocessing.get_context("fork")

pytestmark = pytest.mark.timeout(3600 if os.environ.get("PARKLINK_LONG") else 600)


@pytest.fixture
def storm(app: Any) -> CreditsPark:
    park = CreditsPark(app)
    park.staff()
    for number in range(WRITERS):
        park.firm(f"S{number:02d}")
    park.rule("deed", 50, origin="platform", evidence_kind="platform", lifetime_days=300)
    park.rule("fleeting", 20, origin="platform", evidence_kind="platform", lifetime_days=10)
    return park


def firms(park: CreditsPark) -> list[int]:
    return [park.actor(f"s{number:02d}").organisation_id for number in range(WRITERS)]


def let_go(park: CreditsPark) -> None:
    """Children must not inherit an open connection."""
    with park.app.app_context():
        db.session.remove()
        db.engine.dispose()


def start(park: CreditsPark, work: Callable[..., None], *args: Any) -> Any:
    def run() -> None:
        with park.app.app_context():
            work(*args)

    process = fork.Process(target=run)
    process.start()
    return process


def earn(firm: int, key: str, code: str = "deed") -> None:
    assert review.award(SYSTEM, firm, code, clock.today(), [("platform", key)], key) is not None


def transfers(like: str) -> int:
    return int(
        db.session.scalar(sa.text("SELECT count(*) FROM transfer WHERE idem_key LIKE :like"), {"like": like})
        or 0
    )


def proven() -> None:
    report = run_audit()
    assert report.holds, [(code, one.findings[:3]) for code, one in report.verdicts.items() if not one.holds]


def write(firm: int, writer: int, rounds: int) -> None:
    for number in range(rounds):
        key = f"w{writer}:{number}"
        earn(firm, key)
        hold = payments.spend_on(firm, 20, "booking:1", key)
        if number % 3:
            payments.capture_spending(hold, 10 + number % 11)
        else:
            payments.release_spending(hold)


@pytest.mark.parametrize("hot", [True, False], ids=["hot", "uniform"])
def test_sixteen_writers_lose_and_double_nothing(storm: CreditsPark, hot: bool) -> None:
    owners = firms(storm)
    let_go(storm)
    rounds = 5
    children = [
        start(storm, write, owners[0 if hot else writer], writer, rounds) for writer in range(WRITERS)
    ]
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0] * WRITERS
    with storm.app.app_context():
        assert (
            db.session.scalar(sa.text("SELECT count(*) FROM transfer WHERE kind = 'earn'"))
            == WRITERS * rounds
        )
        assert transfers("spend:%") == WRITERS * rounds
        # rounds 1, 2 and 4 capture 11, 12 and 14; rounds 0 and 3 give back
        spent = WRITERS * (11 + 12 + 14)
        in_all = sum(accounts.account_summary(one).available_credits for one in set(owners))
        assert in_all == WRITERS * rounds * 50 - spent
        proven()


def grab(firm: int, writer: int, tries: int, pipe: Any) -> None:
    won = 0
    for number in range(tries):
        with contextlib.suppress(Conflict):
            payments.spend_on(firm, 5, "booking:1", f"g{writer}:{number}")
            won += 1
    pipe.send(won)


def test_double_spending_is_refused_to_the_credit(storm: CreditsPark) -> None:
    """Sixteen processes try to hold 5 credits 320 times; 500 credits are there: exactly 100 succeed."""
    owner = firms(storm)[0]
    with storm.app.app_context():
        for number in range(10):
            earn(owner, f"seed:{number}")
    let_go(storm)
    pipes, children = [], []
    for writer in range(WRITERS):
        here, there = fork.Pipe(duplex=False)
        pipes.append(here)
        children.append(start(storm, grab, owner, writer, 20, there))
    won = sum(pipe.recv() for pipe in pipes)
    for child in children:
        child.join()
    assert won == 100
    with storm.app.app_context():
        assert accounts.account_summary(owner).held_credits == 500
        assert accounts.account_summary(owner).available_credits == 0
        proven()


def pair(owner: int, key: str, gate: Any, pipe: Any) -> None:
    gate.wait()
    try:
        payments.spend_on(owner, 30, "booking:1", key)
        pipe.send(1)
    except Conflict:
        pipe.send(0)


def test_of_each_pair_that_cannot_both_have_it_one_wins(storm: CreditsPark) -> None:
    owners = firms(storm)[:6]
    with storm.app.app_context():
        for owner in owners:
            earn(owner, f"pair:{owner}")  # 50: enough for one of two times 30
    let_go(storm)
    for owner in owners:
        gate, pipes, children = fork.Barrier(2), [], []
        for side in "ab":
            here, there = fork.Pipe(duplex=False)
            pipes.append(here)
            children.append(start(storm, pair, owner, f"{owner}{side}", gate, there))
        assert sum(pipe.recv() for pipe in pipes) == 1
        for child in children:
            child.join()
    with storm.app.app_context():
        proven()


def post_for_ever(firm: int, life: int, acknowledged: Path) -> None:
    """Post and only then acknowledge, outside the database; first repeat what the killed one may have done."""
    out = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    number = 0
    while True:
        # Two lives ago the same enterprise was written for.
        for key in ([f"k{life - 2}:{number}"] if life > 1 and number == 0 else []) + [f"k{life}:{number}"]:
            earn(firm, key)
            with transaction():
                hold = payments.spend_on(firm, 7, "booking:1", key)
                payments.capture_spending(hold)
            os.write(out, f"{key}\n".encode())
        number += 1


def test_kill_9_at_any_moment_loses_nothing_that_was_acknowledged(storm: CreditsPark, tmp_path: Path) -> None:
    dice = random.Random(9)
    owners = firms(storm)[:2]
    acknowledged = tmp_path / "acknowledged"
    acknowledged.touch()
    let_go(storm)
    for life in range(KILLS):
        before = acknowledged.stat().st_size
        child = start(storm, post_for_ever, owners[life % 2], life, acknowledged)
        deadline = time.monotonic() + 30
        while acknowledged.stat().st_size == before and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(dice.uniform(0, 0.08))
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        assert child.exitcode == -signal.SIGKILL
    keys = acknowledged.read_text().split()
    assert len(keys) >= KILLS
    with storm.app.app_context():
        known = set(db.session.scalars(sa.text("SELECT idem_key FROM transfer")))
        claimed = set(db.session.scalars(sa.text("SELECT source_key FROM claim")))
        pending = db.session.execute(sa.text("SELECT idem_key, id FROM transfer WHERE phase = 'pending'"))
        holds = {row[0]: row[1] for row in pending}
        lost = [
            key
            for key in keys
            if key not in claimed
            or f"spend:{key}" not in known
            or f"post:{holds[f'spend:{key}']}" not in known
        ]
        assert lost == []
        assert db.session.scalar(sa.text("SELECT count(*) FROM transfer WHERE kind = 'earn'")) == len(claimed)
        proven()


def jump(firm: int, writer: int, rounds: int) -> None:
    dice = random.Random(writer)
    for number in range(rounds):
        moment = dt.datetime(2026, 6, 1, 4, tzinfo=dt.UTC) + dt.timedelta(days=dice.uniform(-40, 40))
        with clock.as_of(moment):
            earn(firm, f"j{writer}:{number}", dice.choice(("deed", "fleeting")))
            with contextlib.suppress(Conflict):
                hold = payments.spend_on(firm, dice.randint(1, 60), "booking:1", f"j{writer}:{number}")
                payments.capture_spending(hold) if dice.random() < 0.5 else payments.release_spending(hold)
            if number % 3 == 0:
                expiry.expire_lots()


def test_clocks_that_jump_break_no_invariant(storm: CreditsPark) -> None:
    owner = firms(storm)[0]
    let_go(storm)
    children = [start(storm, jump, owner, writer, 6) for writer in range(6)]
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0] * 6
    with storm.app.app_context():
        proven()
