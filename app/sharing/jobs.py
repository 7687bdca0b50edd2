"""What the clock does by itself; each job may come late and makes good what it missed."""

from __future__ import annotations

from app.jobs import every
from app.sharing import service


@every(minutes=1)
def expire_requests() -> None:
    """Requests that the owner did not answer and offers nobody took."""
    service.expire_requests()


@every(minutes=5)
def mark_no_shows() -> None:
    service.mark_no_shows()


@every(minutes=30)
def settle_due() -> None:
    service.settle_due()


@every(minutes=60)
def expire_licences() -> None:
    service.expire_licences()
