"""What the clock does by itself; each job may come late and makes good what it missed."""

from __future__ import annotations

from typing import Any

from app.jobs import every, task
from app.sharing import service
from app.sharing.service import planning


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


@task("sharing.plan")
def plan(payload: dict[str, Any]) -> None:
    """One planning round; the round itself remembers how far it is."""
    planning.work_on(int(payload["run"]))


@every(minutes=1)
def restart_lost_rounds() -> None:
    planning.restart_lost_rounds()


@every(minutes=60)
def check_maintenance() -> None:
    """Warn owners of maintenance that is near, and block what is overdue where the plan says so."""
    service.check_plans()
