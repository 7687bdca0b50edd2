"""A million movements of the ledger through its own trigger: what it hashes, counts and refuses stays its own work.

Earnings rest on claims of the platform with their proofs; two thirds of the rest are spendings, some of them held first.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.credits.claims.models import Claim, EarnRule
from app.credits.ledger import service as ledger
from app.credits.ledger.models import Account, Period
from app.hall import clock
from app.hall.clock import micros
from app.hall.db.base import db, is_sqlite
from app.hall.db.proofs import Proof, line_hash
from app.hall.db.transaction import transaction
from benchmarks.park.rows import PORTION, Firm, Size, dice_for, drawn, next_id, write

EARNED, HELD, SPENT = 500, 40, 30
DAYS = 600
LIFETIME = 700 * 86_400_000_000
ISSUANCE, REDEEMED = 1, 2


@dataclass(frozen=True)
class Move:
    """One movement: of whom, and the movement whose hold it resolves."""

    kind: str
    phase: str
    firm: Firm
    amount: int
    resolves: int | None = None


def plan(count: int, firms: Sequence[Firm], dice: random.Random) -> Iterator[Move]:
    """Nobody spends more than is free: an earning stands before it."""
    free = {firm.id: 0 for firm in firms}
    number = 0
    while number < count:
        firm = drawn(dice, firms)
        if free[firm.id] < 100:
            yield Move("earn", "single", firm, EARNED)
            free[firm.id] += EARNED
        elif dice.random() < 0.3 and number + 1 < count:
            yield Move("redeem", "pending", firm, HELD)
            number += 1
            if dice.random() < 0.2:
                yield Move("redeem", "void", firm, HELD, number - 1)
            else:
                yield Move("redeem", "post", firm, HELD, number - 1)
                free[firm.id] -= HELD
        else:
            yield Move("redeem", "single", firm, SPENT)
            free[firm.id] -= SPENT
        number += 1


def write_transfers(size: Size, firms: Sequence[Firm], bookings: range) -> None:
    """All of them, spread evenly over the last 600 days, or since the last closed month, each firm's in the order of time."""
    moves = list(plan(size.transfers, firms, dice_for("transfers")))
    earnings = [move for move in moves if move.kind == "earn"]
    grounds = _claims([move.firm for move in earnings])
    accounts = dict(
        db.session.execute(
            sa.select(Account.organisation_id, Account.id).where(Account.organisation_id.is_not(None))
        ).all()
    )
    closed = db.session.scalar(sa.select(sa.func.max(Period.ends_at)))
    db.session.rollback()
    last = micros(clock.now()) - 3_600_000_000
    first = max(last - DAYS * 86_400_000_000, micros(closed) if closed else 0)
    pace = (last - first) // (len(moves) + 1)
    sql = ledger._statement(is_sqlite())
    made: list[int] = []
    for start in range(0, len(moves), PORTION):
        with transaction() as session:
            cursor = session.connection().connection.cursor()
            for move in moves[start : start + PORTION]:
                at = last - pace * (len(moves) - len(made))
                legs = (ISSUANCE, accounts[move.firm.id])
                if move.kind == "earn":
                    source, ground = next(grounds)
                else:
                    legs = (accounts[move.firm.id], REDEEMED)
                    source, ground = f"booking:{bookings[len(made) % len(bookings)]}", ""
                values = (
                    f"park:{len(made)}",
                    "h",
                    move.kind,
                    move.phase,
                    *legs,
                    move.amount,
                    0,
                    None if move.resolves is None else made[move.resolves],
                    None,
                    None,
                    at + LIFETIME if move.kind == "earn" else None,
                    None,
                    at,
                    at,
                    "system",
                    source,
                    "",
                    ground,
                )
                cursor.execute(sql, values)
                made.append(int(cursor.fetchall()[0][0]))
            cursor.close()
    _approve(made[0])


def _claims(firms: Sequence[Firm]) -> Iterator[tuple[str, str]]:
    """A claim of the platform for every earning; answers what each movement says of its source and ground."""
    rule = db.session.scalars(sa.select(EarnRule).order_by(EarnRule.id)).first()
    assert rule is not None
    cited, code = rule.id, rule.code
    digest = db.session.scalar(
        sa.select(Proof.digest).where(Proof.ground == f"earn_rule:{cited}").order_by(Proof.id.desc())
    )
    first, now = next_id(Claim), clock.now()
    db.session.rollback()
    write(
        Claim,
        (
            {
                "id": first + n,
                "organisation_id": firm.id,
                "rule_code": code,
                "earn_rule_id": cited,
                "occurred_on": clock.day_of(now),
                "note": "",
                "state": "submitted",
                "source_key": f"park:{n}",
                "credits": EARNED,
                "created_at": now,
                "submitted_at": now,
                "decided_at": now,
            }
            for n, firm in enumerate(firms)
        ),
    )
    heads = db.session.execute(
        sa.select(Proof.ground, Proof.hash)
        .where(Proof.about == "claim", Proof.ground.like("claim:%"))
        .order_by(Proof.id)
    )
    newest = {ground: hash_ for ground, hash_ in heads if int(ground[6:]) >= first}
    db.session.rollback()
    lines: list[dict[str, Any]] = [
        {
            "ground": ground,
            "about": "earn_rule",
            "row_key": str(cited),
            "op": "cite",
            "stage": 0,
            "digest": digest,
            "said": "",
            "hash": line_hash(last, ground, "earn_rule", str(cited), "cite", 0, digest or "", ""),
        }
        for ground, last in newest.items()
    ]
    write(Proof, lines)
    carried = db.session.execute(
        sa.select(Proof.ground, Proof.id, Proof.hash)
        .where(Proof.op == "cite", Proof.ground.like("claim:%"))
        .order_by(Proof.id)
    ).all()
    db.session.rollback()
    return iter(
        [(ground, f"{number}:{hash_}") for ground, number, hash_ in carried if int(ground[6:]) >= first]
    )


def _approve(first: int) -> None:
    """The claims say which movement paid them."""
    with transaction() as session:
        session.execute(
            sa.text(
                "UPDATE claim SET state = 'approved', transfer_id = t.id FROM transfer t WHERE t.id >= :first AND t.kind = 'earn'"
                " AND t.source LIKE 'claim:%' AND CAST(substr(t.source, 7) AS integer) = claim.id"
            ),
            {"first": first},
        )
