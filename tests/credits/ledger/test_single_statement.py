"""A posting outside a transaction commits by itself; the connection it used never lets a later transaction do so."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.credits.claims import review
from app.credits.ledger import accounts, payments
from app.hall import clock
from app.hall.db.base import db, is_sqlite
from app.hall.db.single_statement import single_statement
from app.hall.db.transaction import transaction
from app.identity.actor import SYSTEM
from tests.credits.conftest import CreditsPark


class Undone(Exception):
    """Somebody pulls the plug in the middle of a use case."""


def fill(park: CreditsPark) -> int:
    park.rule("deed", 50, origin="platform", evidence_kind="platform")
    owner = int(park.actor("e01").organisation_id)
    with park.app.app_context():
        review.award(SYSTEM, owner, "deed", clock.today(), [("platform", "1")], "1")
    return owner


def test_alone_it_is_durable_and_inside_a_transaction_it_is_undone_with_it(credits_park: CreditsPark) -> None:
    owner = fill(credits_park)
    with credits_park.app.app_context():
        payments.spend_on(owner, 5, "booking:1", "alone")
        with pytest.raises(Undone), transaction():
            payments.spend_on(owner, 7, "booking:2", "inside")
            raise Undone
        payments.spend_on(owner, 1, "booking:3", "again alone")
        # The session is thrown away with its connection still in the mode of the single statement.
        db.session.remove()
        for number in range(3):
            with pytest.raises(Undone), transaction():
                payments.spend_on(owner, 11, "booking:4", f"lost {number}")
                raise Undone
    with credits_park.app.app_context():
        assert accounts.account_summary(owner).held_credits == 5 + 1


def test_after_a_lost_connection_the_next_one_works(credits_park: CreditsPark) -> None:
    owner = fill(credits_park)
    with credits_park.app.app_context():
        payments.spend_on(owner, 5, "booking:1", "before")
        if not is_sqlite():  # a file does not hang up
            mine = single_statement("SELECT pg_backend_pid()", ())[0][0]
            with db.engine.connect() as other:
                other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
            with pytest.raises(sa.exc.OperationalError):
                payments.spend_on(owner, 7, "booking:2", "in vain")
        payments.spend_on(owner, 9, "booking:3", "after")
        assert accounts.account_summary(owner).held_credits == 5 + 9


def test_many_contexts_use_up_no_connections(credits_park: CreditsPark) -> None:
    """More of them one after the other than the pool has connections."""
    owner = fill(credits_park)
    for number in range(20):
        with credits_park.app.app_context():
            payments.spend_on(owner, 1, "booking:1", f"one {number}")
    with credits_park.app.app_context():
        assert accounts.account_summary(owner).held_credits == 20
        assert db.engine.pool.checkedout() <= 1  # type: ignore[attr-defined]
