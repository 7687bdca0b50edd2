"""Static files: their address changes with their content, so that browsers keep them for good and never an old one.

All files share one version in the path (`/static/v-3f…/app/app.js`): modules that import each other by relative names,
sheets and sprites stay together. The same files answer without it, but are asked for again each time.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

FOLDER = Path(__file__).resolve().parents[2] / "static"
YEAR = 31_536_000


@cache
def version() -> str:
    """A name for all static files as they are now."""
    found = hashlib.sha256()
    for path in sorted(one for one in FOLDER.rglob("*") if one.is_file()):
        found.update(str(path.relative_to(FOLDER)).encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:12]


def address() -> str:
    """Where `url_for("static", …)` leads."""
    return f"/static/v-{version()}"


def _headers(headers: Headers, _path: str, url: str) -> None:
    fixed = url.startswith(address() + "/")
    headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if fixed else "no-cache"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; frame-ancestors 'none'"


def init_app(app: Flask) -> None:
    """Serve them before the application is asked."""
    served = WhiteNoise(app.wsgi_app, charset="utf-8", allow_all_origins=False, add_headers_function=_headers)
    served.add_files(str(FOLDER), prefix=address())
    served.add_files(str(FOLDER), prefix="/static")
    app.wsgi_app = served  # type: ignore[method-assign]
