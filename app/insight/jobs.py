"""The room's clockwork; every job may run late, twice, or not at all for a week."""

from __future__ import annotations

from typing import Any

from app.hall.jobs import every, on, task
from app.insight.alerts import service as alerts
from app.insight.cockpit import sources as figures
from app.insight.scores import sources, store
from app.insight.themes import sources as remarks
from app.policy import door as policy
from app.problems import door as problems
from app.voice import door as voice

REBUILD = "insight.rebuild"


@on(problems.RATED)
def keep_rating(payload: dict[str, Any]) -> None:
    sources.on_rated(payload)


@on(problems.RESPONDED)
def keep_response(payload: dict[str, Any]) -> None:
    sources.on_responded(payload)


@on(policy.PAID)
def keep_money(payload: dict[str, Any]) -> None:
    sources.on_paid(payload)


@on(voice.SURVEY_CLOSED)
def keep_answers(payload: dict[str, Any]) -> None:
    sources.on_survey_closed(payload)


@on(voice.ACTIVITY_RATED)
def keep_satisfaction(payload: dict[str, Any]) -> None:
    sources.on_activity_rated(payload)


@on(voice.REMARK_HEARD)
def read_remark(payload: dict[str, Any]) -> None:
    remarks.on_heard(payload["remark"])


@task(REBUILD)
def rebuild(_payload: dict[str, Any]) -> None:
    """All sums and what the rules say of them, from the scores alone."""
    store.rebuild_sums()
    alerts.refresh([row.code for row in store.dimension_rows()])


@every(minutes=60, unasked="alerts are worked out from scores, and again")
def months_turn() -> None:
    """A month that is over is looked at by the rules, also when no score came in it."""
    alerts.look_at_finished_month()


@every(minutes=60, unasked="figures are read from the rooms, and again")
def read_other_rooms() -> None:
    """The monthly figures of the other rooms with their rows; at the first run those of a year, later those missed."""
    figures.refresh(figures.unread())


@every(minutes=60, unasked="sentences are read, and again")
def read_remarks() -> None:
    """Sentences that no message told of: those of hidden authors."""
    remarks.catch_up()
