"""For operators: is it alive, is it ready, what does it count; and the offline API documentation page."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, current_app, g, jsonify, render_template, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest

from app.api import PREFIX
from app.apidocs import calls_by_room
from app.db import db
from app.web import public

registry = CollectorRegistry()
REQUESTS = Counter(
    "parklink_requests_total", "Answered requests", ["room", "method", "status"], registry=registry
)
SECONDS = Histogram("parklink_request_seconds", "Time to answer", ["room"], registry=registry)


def init_app(app: Flask) -> None:
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
def readyz() -> Any:
    """Ready means: the database answers and its tables are there."""
    try:
        db.session.execute(sa.text("SELECT 1 FROM organisation LIMIT 1"))
    except sa.exc.SQLAlchemyError:
        db.session.rollback()
        return jsonify(status="unavailable"), 503
    return jsonify(status="ok")


@public
def metrics() -> Any:
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


@public
def openapi_file() -> Any:
    return jsonify(current_app.api_doc)  # type: ignore[attr-defined]


@public
def api_docs() -> Any:
    """Every call of the API on one page, from the same OpenAPI file; works without a network."""
    spec = current_app.api_doc  # type: ignore[attr-defined]
    return render_template("api_docs.html", rooms=calls_by_room(spec))
