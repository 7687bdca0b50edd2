"""What every page carries: filters of the templates, the frame, the checks before a view."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import structlog
from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
)

from app.hall import clock
from app.hall.park import identity
from app.hall.text import language, units
from app.hall.text.spans import span_text
from app.hall.web import list_file
from app.hall.web.addresses import IntegerConverter, texts_sent
from app.hall.web.answers import sentences
from app.hall.web.compression import mask_tokens
from app.hall.web.frame import frame
from app.hall.web.guards import csrf, is_api, limiter
from app.hall.web.headers import csp_nonce, secure_headers
from app.hall.web.money import as_typed, in_wan


def init_app(app: Flask) -> None:
    app.after_request(list_file.as_file)
    app.after_request(mask_tokens)  # registered first: it sees the page as it leaves
    app.url_map.converters["int"] = IntegerConverter
    csrf.init_app(app)
    app.config.setdefault("RATELIMIT_STORAGE_URI", app.config["SETTINGS"].redis_url or "memory://")
    app.config.setdefault("RATELIMIT_HEADER_LIMIT", "RateLimit-Limit")
    app.config.setdefault("RATELIMIT_HEADER_REMAINING", "RateLimit-Remaining")
    app.config.setdefault("RATELIMIT_HEADER_RESET", "RateLimit-Reset")
    app.after_request(_seconds_to_reset)  # registered before the limiter's own, so it runs after it
    limiter.init_app(app)
    app.before_request(_open_request)
    app.after_request(secure_headers)
    app.context_processor(_page_context)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for name in ("yuan", "percent", "signed", "hours", "day", "moment", "clock_time", "number"):
        app.jinja_env.filters[name] = getattr(units, name)
    for name in ("wan", "wan_figure", "span", "long_day"):
        app.jinja_env.filters[name] = _in_language(getattr(units, name))
    app.jinja_env.filters["wan_figure_signed"] = lambda value: units.wan_figure(value, language.lang(), True)
    app.jinja_env.filters["typed_wan"] = as_typed
    app.jinja_env.filters["wan_sent"] = in_wan
    app.jinja_env.filters["span_of"] = _in_language(span_text)
    app.jinja_env.filters["sentence"] = lambda reason: language.message(reason.code, reason.params)


def _seconds_to_reset(response: Response) -> Response:
    """The limiter says at which second of time the count begins anew; callers want to know in how many."""
    if moment := response.headers.get("RateLimit-Reset"):
        response.headers["RateLimit-Reset"] = str(max(0, int(float(moment) - clock.machine_seconds())))
    return response


def _in_language(write: Callable[..., str]) -> Callable[..., str]:
    return lambda *values: write(*values, lang=language.lang())


def _open_request() -> None:
    g.request_id = secrets.token_hex(8)
    if not is_api() and any("\0" in text for text in texts_sent()):
        abort(400)  # no browser types it, PostgreSQL stores none


def _page_context() -> dict[str, object]:
    return {
        "csp_nonce": csp_nonce,
        "lang": language.lang(),
        "demo": current_app.config["SETTINGS"].demo,
        "trial": current_app.extensions["parklink_trial"],
        "today": clock.today(),
        "park": identity(),
        "sentences": sentences,
        **frame(),
    }


log = structlog.get_logger(__name__)
