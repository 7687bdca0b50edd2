"""Credits as a means of payment for other rooms (a booking's deduction): hold, then capture or release."""

from __future__ import annotations

from app.credits.ledger import service as ledger
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid
from app.identity.door import SYSTEM, Actor


def spend_on(
    enterprise_id: int, credits: int, purpose: str, idem_key: str, actor: Actor = SYSTEM, memo: str = ""
) -> int:
    """Hold credits for `purpose` (`booking:17`); answers the hold's id, the same one for the same key.

    Refused with `insufficient_credits` or `account_blocked`; `memo` is what the statement shows.
    """
    if credits <= 0:
        raise Invalid("credits_not_positive")
    occasion = ledger.Occasion(purpose, memo or purpose, f"spend:{idem_key}")
    return ledger.hold(actor, enterprise_id, credits, occasion).id


def capture_spending(hold_id: int, credits: int | None = None, actor: Actor = SYSTEM) -> int:
    """Take what was held, or less of it (the rest is free again); answers the transfer's id."""
    if credits is not None and credits <= 0:
        return release_spending(hold_id, actor)
    with transaction():
        return ledger.capture(actor, hold_id, credits)


def release_spending(hold_id: int, actor: Actor = SYSTEM) -> int:
    """Give the whole hold back; answers the transfer's id."""
    with transaction():
        return ledger.release(actor, hold_id)
