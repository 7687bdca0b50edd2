"""Pages: who may open a route, how lists page and sort, how a refusal is shown, what every page carries."""

from __future__ import annotations

import functools
import io
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import structlog
from flask import (
    Flask,
    Response,
    abort,
    current_app,
    flash,
    g,
    redirect,
    request,
    send_file,
    url_for,
)
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user, login_url
from flask_wtf.csrf import CSRFProtect

from app import clock, language, units
from app.addresses import IntegerConverter, texts_sent
from app.db import Page, paginate
from app.errors import Refusal

if TYPE_CHECKING:
    from flask_wtf import FlaskForm

    from app.identity.service import Actor

log = structlog.get_logger(__name__)
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, headers_enabled=True)
API_PREFIX = "/api/"


# --- who may open a route --------------------------------------------------------------------------------


def guard(name: str, check: Callable[[], Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Every route carries one guard; `tests/test_architecture.py` looks for its mark."""

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
    here = request.full_path.rstrip("?") if request.method == "GET" else url_for("identity.home")
    return redirect(login_url("identity.sign_in", here))


public = guard("public", lambda: None)
signed_in = guard("signed_in", _sign_in_first)


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


# --- lists -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listing:
    """What a reader asked of a list: words, filters, order and page, all of it in the URL."""

    sorts: Mapping[str, Any]
    sort: str
    desc: bool
    q: str
    filters: Mapping[str, str]
    page_no: int
    per_page: int

    @classmethod
    def from_request(
        cls,
        sorts: Mapping[str, Any],
        default: str,
        filters: Sequence[str] = (),
        desc: bool = False,
        per_page: int = 20,
    ) -> Listing:
        args = request.args
        sort = args.get("sort", "")
        known = sort in sorts
        return cls(
            sorts=sorts,
            sort=sort if known else default,
            desc=args.get("desc") == "1" if known else desc,
            q=args.get("q", "").strip()[:100],
            filters={name: args.get(name, "").strip()[:100] for name in filters},
            page_no=_whole(args.get("page"), 1, 1, 100_000),
            per_page=_whole(args.get("per_page"), per_page, 1, 100),
        )

    def order(self) -> list[Any]:
        columns = self.sorts[self.sort]
        columns = columns if isinstance(columns, (list, tuple)) else [columns]
        return [column.desc() if self.desc else column.asc() for column in columns]

    def page(self, statement: Any, *tie: Any, scalars: bool = True) -> Page:
        """One page of `statement` in the asked order; `tie` columns make the order total."""
        return paginate(statement.order_by(*self.order(), *tie), self.page_no, self.per_page, scalars)

    def slice(self, rows: Sequence[Any]) -> Page:
        """The asked page of rows that are in memory already, in the order they come."""
        last = max(1, -(-len(rows) // self.per_page))
        number = min(self.page_no, last)
        start = (number - 1) * self.per_page
        return Page(rows[start : start + self.per_page], len(rows), number, self.per_page)

    @property
    def is_filtered(self) -> bool:
        return bool(self.q) or any(self.filters.values())

    def url(self, **changes: Any) -> str:
        """This list again with some arguments changed; a change of anything but the page starts at page 1."""
        args = {key: value for key, value in request.args.items() if value}
        if "page" not in changes:
            args.pop("page", None)
        args.update({key: str(value) for key, value in changes.items() if value not in (None, "")})
        for key, value in changes.items():
            if value in (None, ""):
                args.pop(key, None)
        return request.path + ("?" + urlencode(args) if args else "")

    def sort_url(self, key: str) -> str:
        return self.url(sort=key, desc="1" if self.sort == key and not self.desc else None)

    def clear_url(self) -> str:
        return self.url(q=None, **dict.fromkeys(self.filters))


def _whole(text: str | None, default: int, low: int, high: int) -> int:
    try:
        return min(high, max(low, int(text or "")))
    except ValueError:
        return default


# --- answers ---------------------------------------------------------------------------------------------


def flash_ok(text: str) -> None:
    flash(text, "ok")


def redirect_back(endpoint: str, **values: Any) -> Any:
    """303 to the page the form names in `next` (own site only), else to `endpoint`."""
    return redirect(safe_next(request.form.get("next", "")) or url_for(endpoint, **values), 303)


def safe_next(target: str) -> str:
    """`target` when it is a path of this site, else nothing."""
    parts = urlsplit(target)
    clean = not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith("//")
    return target if clean and "\\" not in target and not any(ord(c) < 32 for c in target) else ""


def download(data: bytes, name: str, mimetype: str) -> Response:
    return send_file(io.BytesIO(data), mimetype=mimetype, as_attachment=True, download_name=name)


@contextmanager
def refusals_to(form: FlaskForm) -> Iterator[None]:
    """Show a refusal with all its reasons on the form, which keeps what was typed."""
    try:
        yield
    except Refusal as refusal:
        form.form_errors.extend(sentences(refusal))
        g.refusal = refusal


def form_status(form: FlaskForm) -> int:
    """The status a page with `form` answers with: 200 when just opened, 409/422 after a refused POST."""
    if "refusal" in g:
        return int(g.refusal.status)
    return 422 if request.method == "POST" and form.errors else 200


def sentences(refusal: Refusal) -> list[str]:
    """All reasons of a refusal in the reader's language; the summary alone where there are none."""
    if refusal.reasons:
        return [language.message(reason.code, reason.params) for reason in refusal.reasons]
    return [language.message(refusal.code, refusal.params)]


# --- what every page carries -----------------------------------------------------------------------------


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = IntegerConverter
    csrf.init_app(app)
    app.config.setdefault("RATELIMIT_STORAGE_URI", app.config["SETTINGS"].redis_url or "memory://")
    limiter.init_app(app)
    app.before_request(_open_request)
    app.after_request(_secure_headers)
    app.url_defaults(_version_sheets)
    app.context_processor(_page_context)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for name in ("yuan", "percent", "signed", "hours", "day", "moment", "clock_time", "number"):
        app.jinja_env.filters[name] = getattr(units, name)
    for name in ("wan", "span", "long_day"):
        app.jinja_env.filters[name] = _in_language(getattr(units, name))
    app.jinja_env.filters["sentence"] = lambda reason: language.message(reason.code, reason.params)


def _in_language(write: Callable[..., str]) -> Callable[..., str]:
    return lambda *values: write(*values, lang=language.lang())


def csp_nonce() -> str:
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _open_request() -> None:
    g.request_id = secrets.token_hex(8)
    if not is_api() and any("\0" in text for text in texts_sent()):
        abort(400)  # no browser types it, PostgreSQL stores none


def _secure_headers(response: Response) -> Response:
    nonce = csp_nonce()
    response.headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
        "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers["X-Request-ID"] = g.get("request_id", "")
    if current_app.config["SETTINGS"].https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif request.endpoint != "static" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def _version_sheets(endpoint: str, values: dict[str, Any]) -> None:
    """A style sheet's address changes with its text: browsers keep it without asking, and never an old one."""
    name = values.get("filename", "") if endpoint == "static" else ""
    if name.endswith(".css") and current_app.static_folder:
        path = Path(current_app.static_folder, name)
        if path.is_file():
            values["v"] = format(path.stat().st_mtime_ns, "x")


def _page_context() -> dict[str, Any]:
    from app.navigation import frame

    return {
        "csp_nonce": csp_nonce,
        "lang": language.lang(),
        "demo": current_app.config["SETTINGS"].demo,
        "today": clock.today(),
        "sentences": sentences,
        **frame(),
    }
