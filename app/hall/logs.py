"""Structured logs: one line per event with the request id, JSON outside a terminal, never a secret."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog
from flask import Flask, g, has_request_context, request


def _request_id(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, object]:
    if has_request_context() and "request_id" in g:
        event.setdefault("request_id", g.request_id)
    return event


def shown_path() -> str:
    """The address of this request as a log may keep it: the pattern of the route, never a link's secret."""
    if not has_request_context():
        return ""
    return request.url_rule.rule if request.url_rule else "(no such page)"


def init_app(app: Flask) -> None:
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a request that waits a moment is no warning
    pretty = sys.stderr.isatty()
    renderer: Any = (
        structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _request_id,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if not pretty:
        processors.append(structlog.processors.format_exc_info)
    structlog.configure(
        processors=[*processors, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=not app.config["SETTINGS"].testing,
    )
