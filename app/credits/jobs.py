"""The room's clockwork; every job may run late, twice, or not at all for a week."""

from __future__ import annotations

from app.credits.service import expiry, redemptions, seals
from app.jobs import every


@every(minutes=15)
def expire_credits() -> None:
    redemptions.expire_redemptions()
    expiry.expire_lots()


@every(minutes=60)
def warn_before_expiry() -> None:
    expiry.warn_of_expiry()


@every(minutes=1440)
def seal_the_day() -> None:
    seals.take_seal()
