"""For operators: is it alive, is it ready, what does it count; and the offline API documentation page."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, current_app, g, jsonify, render_template, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from app.hall import clock, jobs, limits, standstill
from app.hall.api.blueprint import PREFIX
from app.hall.api.document import calls_by_room
from app.hall.api.truth import completed
from app.hall.db.base import db
from app.hall.db.facts import keep_fact
from app.hall.db.transaction import LONGEST_LOCK_SECONDS, transaction, watch_locks
from app.hall.web.guards import public

registry = CollectorRegistry()
REQUESTS = Counter(
    "parklink_requests_total", "Answered requests", ["room", "method", "status"], registry=registry
)
LOCKS = Histogram(
    "parklink_write_lock_cpu_seconds",
    "Processor seconds between the begin and the commit of a writing transaction",
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, LONGEST_LOCK_SECONDS, 2.5, 5, 10),
    registry=registry,
)
SECONDS = Histogram("parklink_request_seconds", "Time to answer", ["room"], registry=registry)


QUEUE_AGE = Gauge("parklink_queue_age_seconds", "Age of the oldest message that is due", registry=registry)
LOST = Gauge("parklink_lost_rounds", "Minutes without the clockwork", registry=registry)
LAST_TICK = Gauge("parklink_last_tick", "When the clockwork last ran, seconds since 1970", registry=registry)


def init_app(app: Flask) -> None:
    watch_locks(LOCKS.observe)
    app.before_request(_start_watch)
    app.after_request(_count)
    app.add_url_rule("/healthz", view_func=healthz)
    app.add_url_rule("/readyz", view_func=readyz)
    app.add_url_rule("/metrics", view_func=metrics)
    app.add_url_rule(f"{PREFIX}/openapi.json", endpoint="openapi_file", view_func=openapi_file)
    app.add_url_rule(f"{PREFIX}/docs", endpoint="api_docs", view_func=api_docs)


def _start_watch() -> None:
    g.started = time.perf_counter()


def _count(response: Response) -> Response:
    room = (request.blueprint or "hall").removesuffix("_api")
    REQUESTS.labels(room, request.method, str(response.status_code)).inc()
    if "started" in g:
        SECONDS.labels(room).observe(time.perf_counter() - g.started)
    return response


@public
def healthz() -> Any:
    return jsonify(status="ok")


@public
def readyz() -> Response:
    """Ready means: the tables are there, and the database writes. What the clockwork does stands beside it."""
    try:
        with transaction():
            keep_fact("ready_at", clock.now().isoformat())
        state = clockwork()
    except sa.exc.SQLAlchemyError:
        db.session.rollback()
        answer = jsonify(status="unavailable")
        answer.status_code = 503
        answer.headers["Retry-After"] = str(limits.RETRY_SECONDS)
        return answer
    return jsonify(status="ok", **state)


def clockwork() -> dict[str, Any]:
    """Whether background work is done: last tick, age of the oldest waiting message, rounds lost."""
    last = jobs.last_tick()
    late = last is None or (clock.now() - last).total_seconds() > limits.TICK_LATE_SECONDS
    return {
        "last_tick": last.isoformat() if last else None,
        "clockwork": "late" if late else "running",
        "queue_age_seconds": round(jobs.queue_age(), 1),
        "lost_rounds": jobs.lost_rounds(),
        "irreversible": "stopped" if (held := standstill.stopped()) else "running",
        "stopped_because": held,
    }


@public
def metrics() -> Response:
    with contextlib.suppress(sa.exc.SQLAlchemyError):  # the other figures are told all the same
        state = clockwork()
        QUEUE_AGE.set(state["queue_age_seconds"])
        LOST.set(state["lost_rounds"])
        if last := jobs.last_tick():
            LAST_TICK.set(last.timestamp())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


@public
def openapi_file() -> Any:
    return jsonify(api_file())


def api_file() -> dict[str, Any]:
    """The OpenAPI file of this application, made once."""
    kept: dict[str, Any] | None = current_app.extensions.get("parklink_openapi")
    if kept is None:
        plain = current_app.api_doc  # type: ignore[attr-defined]
        kept = current_app.extensions["parklink_openapi"] = completed(current_app, plain)
    return kept


@public
def api_docs() -> Any:
    """Every call of the API on one page, from the same OpenAPI file; works without a network."""
    return render_template("api_docs.html", rooms=calls_by_room(api_file()))
