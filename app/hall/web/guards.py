"""Who may open a route: every one carries exactly one guard."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from flask import (
    Response,
    abort,
    redirect,
    request,
    url_for,
)
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user, login_url

from app.hall.web.compression import MaskedCSRF
from app.hall.web.kept_form import sign_in_again

if TYPE_CHECKING:
    from app.identity.door import Actor


csrf = MaskedCSRF()


limiter = Limiter(key_func=get_remote_address, headers_enabled=True)


API_PREFIX = "/api/"


def guard(name: str, check: Callable[[], Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Every route carries one guard; `tests/house/test_arrows.py` looks for its mark."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            refused = check()
            return refused if refused is not None else view(*args, **kwargs)

        guarded.__guard__ = name  # type: ignore[attr-defined]
        guarded.__check__ = check  # type: ignore[attr-defined]
        return guarded

    return decorate


def _sign_in_first() -> Any:
    if current_user.is_authenticated:
        return None
    if is_api():
        abort(401)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for("identity.sign_in")})
    if request.method == "POST" and (again := sign_in_again()) is not None:
        return again
    here = request.full_path.rstrip("?") if request.method == "GET" else url_for("identity.home")
    return redirect(login_url("identity.sign_in", here))


public = guard("public", lambda: None)


signed_in = guard("signed_in", _sign_in_first)


def only(allowed: Collection[str]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Only members who hold a role of this set, one of `app/identity/roles.py` named for what it allows."""
    return roles(*sorted(allowed))


def roles(*wanted: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Only members who have at least one of these roles; an auditor reads wherever named."""

    def check() -> Any:
        refused = _sign_in_first()
        if refused is None and not current_user.actor.has(*wanted):
            abort(403)
        return refused

    return guard("roles:" + ",".join(wanted), check)


def current_actor() -> Actor:
    """The member behind this request (session cookie on pages, bearer token on the API)."""
    if not current_user.is_authenticated:
        abort(401)
    actor: Actor = current_user.actor
    return actor


def is_api() -> bool:
    return request.path.startswith(API_PREFIX)
