"""The room's clockwork; every job may run late, twice, or not at all for a week."""

from __future__ import annotations

from typing import Any

from app.hall.jobs import every, on, task
from app.policy.facts.service import CHANGED
from app.policy.fits import service as fits
from app.policy.pushes import service as pushes
from app.policy.versions import service as versions


@on(CHANGED)
def look_at_changed_facts(payload: dict[str, Any]) -> None:
    fits.refit_changed(payload)


@task(versions.CHECK_FIRMS)
def check_firms(_payload: dict[str, Any]) -> None:
    fits.check_firms()


@every(
    minutes=60,
    unasked="a version that ended by mistake is imported and approved again; nothing is paid by it",
)
def versions_come_and_go() -> None:
    versions.come_and_go()
    fits.check_firms()


@every(minutes=15, unasked="reads what other rooms know, and reads it again")
def read_platform() -> None:
    fits.read_platform()


@every(minutes=5, unasked="only tells, once each, 200 at most, in working hours")
def send_due_pushes() -> None:
    pushes.send_due()
