"""What a page answers after a form: a message, a redirect, a file, a refusal with all its reasons."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import (
    Response,
    flash,
    g,
    redirect,
    request,
    send_file,
    url_for,
)

from app.hall.errors import Refusal
from app.hall.text import language

if TYPE_CHECKING:
    from flask_wtf import FlaskForm


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
