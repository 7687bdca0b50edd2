"""Who is told of an alert: never of a weak one."""

from __future__ import annotations

from app.hall.db.base import db
from app.identity import door as identity
from app.identity.door import roles
from app.insight.alerts.models import AlertRow, Countermeasure
from app.insight.scores.models import DimensionRow

TOLD = (roles.VICE_PRESIDENT, roles.ANALYST)


def opened(alert: AlertRow) -> None:
    """The vice president and the analysts hear of it, once."""
    named = db.session.get_one(DimensionRow, alert.dimension)
    for role in TOLD:
        identity.notify_role(
            role,
            f"insight_{alert.kind}",
            f"/insight/alerts/{alert.id}",
            dimension={"zh": named.name_zh, "en": named.name_en},
            month=f"{alert.opened_month // 12:04d}-{alert.opened_month % 12 + 1:02d}",
        )


def given(measure: Countermeasure, alert: AlertRow) -> None:
    """The owner of a countermeasure hears of it."""
    identity.notify_member(
        measure.owner_id, "insight_counter_yours", f"/insight/alerts/{alert.id}", what=measure.what
    )
