"""The blueprint of a room's API and the shape of its lists."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from flask import current_app, request
from flask_limiter.util import get_remote_address
from flask_openapi import APIBlueprint

from app.hall.api.fields import PageQuery, PartQuery
from app.hall.api.shapes import Listed, Row
from app.hall.limits import API_PER_ADDRESS, API_PER_TOKEN
from app.hall.web.guards import csrf, limiter

PREFIX = "/api/v1"


def api_blueprint(room: str, short: str = "") -> APIBlueprint:
    """The calls of a room under its name; a second one under a `short` address for what stands on paper."""
    blueprint = APIBlueprint(
        f"{room}_{short}_api" if short else f"{room}_api",
        f"app.{room}.api",
        url_prefix=f"{PREFIX}/{short or room}",
        abp_security=[{"bearer": []}],
    )
    csrf.exempt(blueprint)
    limiter.shared_limit(API_PER_TOKEN, scope="api-token", key_func=_token)(blueprint)
    limiter.shared_limit(API_PER_ADDRESS, scope="api-address")(blueprint)
    return blueprint


def _token() -> str:
    """Whose calls are counted together: those of one token, whoever sends it; without one those of an address."""
    sent = request.headers.get("Authorization", "")
    return hashlib.sha256(sent.encode()).hexdigest() if sent else get_remote_address()


def listed(items: Sequence[Row], total: int) -> Listed[Row]:
    return {"items": list(items), "total": total}


def part_of(rows: Sequence[Row], query: PartQuery | PageQuery) -> Sequence[Row]:
    """The part of a whole list that was asked for."""
    end = None if query.limit is None else query.offset + query.limit
    return rows[query.offset : end]


def listed_part(items: Sequence[Row], query: PartQuery) -> Listed[Row]:
    """The part of a whole list that was asked for, and how long the whole is."""
    return listed(part_of(items, query), len(items))


def check_guard() -> Any:
    """Say 401 or 403 before the body is looked at: a stranger learns nothing from our validation."""
    view = current_app.view_functions.get(request.endpoint or "")
    check = getattr(view, "__check__", None)
    return check() if check is not None else None
