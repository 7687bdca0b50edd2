"""Who is told of an alert: never of a weak one."""

from __future__ import annotations

from app.identity import door as identity
from app.identity.door import roles
from app.insight.alerts.models import AlertRow, Countermeasure

TOLD = (roles.VICE_PRESIDENT, roles.ANALYST)


def opened(alert: AlertRow) -> None:
    """The vice president and the analysts hear of it, once."""
    for role in TOLD:
        identity.notify_role(
            role,
            f"insight_{alert.kind}",
            f"/insight/alerts/{alert.id}",
            dimension=alert.dimension,
            month=f"{alert.opened_month // 12:04d}-{alert.opened_month % 12 + 1:02d}",
        )


def given(measure: Countermeasure, alert: AlertRow) -> None:
    """The owner of a countermeasure hears of it."""
    identity.notify_member(
        measure.owner_id, "insight_counter_yours", f"/insight/alerts/{alert.id}", what=measure.what
    )
