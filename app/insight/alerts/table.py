"""What of the alerts goes to the round table: those still open and not by chance, the one open longest first."""

from __future__ import annotations

import sqlalchemy as sa

from app.ecosystem import door as ecosystem
from app.hall.db.base import db
from app.insight.alerts.models import OPEN, AlertRow, Countermeasure
from app.insight.reading import month_text
from app.insight.scores.models import DimensionRow

MOST_ON_AGENDA = 5


def open_alerts() -> list[ecosystem.AgendaItem]:
    """One statement; a group that is named has five firms and more, and no size is told that a total could betray."""
    measures = (
        sa.select(sa.func.count())
        .select_from(Countermeasure)
        .where(Countermeasure.alert_id == AlertRow.id)
        .scalar_subquery()
    )
    query = (
        sa.select(AlertRow, DimensionRow.name_zh, DimensionRow.name_en, measures)
        .join(DimensionRow, DimensionRow.code == AlertRow.dimension)
        .where(AlertRow.state.in_(OPEN), sa.not_(AlertRow.weak))
        .order_by(AlertRow.opened_month, AlertRow.id)
        .limit(MOST_ON_AGENDA)
    )
    return [
        ecosystem.AgendaItem(
            "alert",
            f"alert:{row.id}",
            float(row.last_month - row.opened_month),
            {
                "said": {
                    "code": f"insight_table_{row.kind}",
                    "dimension": {"zh": zh, "en": en},
                    "group": {"code": f"insight_layer_{row.layer or 'all'}"},
                    "month": month_text(row.opened_month),
                },
                "measures": many,
                "url": f"/insight/alerts/{row.id}",
            },
        )
        for row, zh, en, many in db.session.execute(query)
    ]
