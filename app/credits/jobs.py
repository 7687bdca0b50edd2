"""The room's clockwork; every job may run late, twice, or not at all for a week."""

from __future__ import annotations

from typing import Any

from app.credits.ledger import expiry, kept_months, last_audit, seals
from app.credits.rewards import service as redemptions
from app.hall.jobs import every, task
from app.hall.standstill import recorded


@every(minutes=15, batch=redemptions.batch_late)
def expire_redemptions() -> None:
    redemptions.expire_redemptions()


@every(minutes=15, batch=expiry.batch_due)
def expire_credits() -> None:
    expiry.expire_lots()


@every(minutes=60, unasked="only tells, once per lot and distance")
def warn_before_expiry() -> None:
    expiry.warn_of_expiry()


@every(minutes=1440, unasked="a seal says what is there; one more harms nothing")
def seal_the_day() -> None:
    seals.take_seal()


@every(minutes=60, unasked="sums of what the ledger holds, and made again from it")
def keep_months() -> None:
    kept_months.keep()


@every(minutes=1440, unasked="reads the ledger and writes down what it found")
def audit_the_day() -> None:
    last_audit.prove()


@task(last_audit.TASK)
def audit_now(_payload: dict[str, Any]) -> None:
    last_audit.prove_asked()


recorded(expiry.newest_movement)
