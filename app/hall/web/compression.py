"""Answers travel compressed; the CSRF token looks different in each, so that their length tells nothing of it (BREACH)."""

from __future__ import annotations

import base64
import binascii
import gzip
import secrets
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

import brotli
from flask import Response, g
from flask_wtf.csrf import CSRFProtect

from app.hall.text.numbers import whole

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KINDS = (
    "text/",
    "application/json",
    "application/problem+json",
    "application/manifest+json",
    "application/javascript",
    "image/svg+xml",
    "application/xml",
)
SMALLEST = 600  # bytes; less is not worth a header
LARGEST = 8 * 1024 * 1024
QUALITY = 5  # of 11: a page of 60 kB takes a millisecond
MARK = "~"


def masked(token: str) -> str:
    """The token under a pad drawn for this answer.

    >>> unmasked(masked("abc")), masked("abc") == masked("abc")
    ('abc', False)
    """
    data = token.encode()
    pad = secrets.token_bytes(len(data))
    mixed = bytes(one ^ other for one, other in zip(data, pad, strict=True))
    return MARK + base64.urlsafe_b64encode(pad + mixed).decode("ascii")


def unmasked(sent: str) -> str:
    """
    >>> unmasked("plain"), unmasked("~%%%")
    ('plain', '')
    """
    if not sent.startswith(MARK):
        return sent
    try:
        both = base64.urlsafe_b64decode(sent[len(MARK) :].encode("ascii", "replace"))
        half = len(both) // 2
        return bytes(one ^ other for one, other in zip(both[:half], both[half:], strict=True)).decode()
    except (binascii.Error, ValueError):
        return ""


class MaskedCSRF(CSRFProtect):
    """Takes tokens as they were sent, masked or not."""

    def _get_csrf_token(self) -> str | None:
        sent: str | None = super()._get_csrf_token()
        return unmasked(sent) if sent else sent


def mask_tokens(response: Response) -> Response:
    """Put this answer's own mask over the token, wherever it stands on the page."""
    token = g.get("csrf_token")
    if token and response.mimetype == "text/html" and not response.is_streamed:
        text = response.get_data(as_text=True)
        if token in text:
            response.set_data(text.replace(token, masked(token)))
    return response


@lru_cache(maxsize=256)
def _kept(_path: str, way: str, body: bytes) -> bytes:
    """Static files are compressed once."""
    return squeezed(body, way)


def squeezed(body: bytes, way: str) -> bytes:
    return brotli.compress(body, quality=QUALITY) if way == "br" else gzip.compress(body, 6, mtime=0)


def way_for(accepted: str) -> str:
    """The best way the browser understands.

    >>> way_for("gzip, deflate, br"), way_for("gzip"), way_for("br;q=0, identity"), way_for("")
    ('br', 'gzip', '', '')
    """
    offered = {}
    for part in accepted.lower().split(","):
        name, _semicolon, more = part.strip().partition(";")
        offered[name.strip()] = more.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((way for way in ("br", "gzip") if offered.get(way)), "")


class Compressed:
    """Compresses what the application and the static files answer, where the browser takes it."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        way = way_for(str(environ.get("HTTP_ACCEPT_ENCODING", "")))
        if not way or environ.get("REQUEST_METHOD") == "HEAD":
            return self.app(environ, start_response)
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def begin(
            status: str, headers: list[tuple[str, str]], _exc_info: object = None
        ) -> Callable[[bytes], object]:
            begun[:] = [(status, headers)]
            return lambda _data: None

        body = self.app(environ, begin)
        status, headers = begun[0]
        if not worth_it(status, {name.lower(): value for name, value in headers}):
            start_response(status, headers)
            return body
        try:
            data = b"".join(body)
        finally:
            getattr(body, "close", lambda: None)()
        path = str(environ.get("PATH_INFO", ""))
        small = _kept(path, way, data) if path.startswith("/static/") else squeezed(data, way)
        start_response(
            status, [*changed(headers), ("Content-Encoding", way), ("Content-Length", str(len(small)))]
        )
        return [small]


def worth_it(status: str, headers: dict[str, str]) -> bool:
    """Whether this answer shrinks: a whole text of some length that nobody has packed before."""
    length = whole(headers.get("content-length"), LARGEST)
    fits = length is not None and length >= SMALLEST
    packed = "content-encoding" in headers or "content-range" in headers
    return fits and not packed and status[:1] in "245" and headers.get("content-type", "").startswith(KINDS)


def changed(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers of the compressed answer: another length, a weak tag, and that it depends on what was accepted."""
    kept = []
    vary = "Accept-Encoding"
    for name, value in headers:
        low = name.lower()
        if low == "vary":
            vary = f"{value}, {vary}" if "accept-encoding" not in value.lower() else value
        elif low == "etag":
            kept.append((name, value if value.startswith("W/") else f"W/{value}"))
        elif low != "content-length":
            kept.append((name, value))
    return [*kept, ("Vary", vary)]
