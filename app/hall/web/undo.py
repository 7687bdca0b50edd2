"""Undo for a minute: offered with the message, where only one's own rows have changed and nobody was told."""

from __future__ import annotations

from collections.abc import Mapping

from flask import current_app, flash, request
from flask_babel import gettext as _
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.hall.errors import Conflict

SECONDS = 60
Values = Mapping[str, str | int | bool | None]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="undo")


def offer(text: str, url: str, values: Values) -> None:
    """Say what was done and offer to take it back: `url` gets `values` sealed, for this member and a minute."""
    sealed = _signer().dumps([url, current_user.get_id(), values])
    flash({"text": text, "url": url, "sealed": sealed, "label": _("撤销"), "seconds": SECONDS}, "undo")  # type: ignore[arg-type]


def given() -> Values:
    """What this request takes back; refused when the minute is over or it was offered to somebody else."""
    try:
        url, member, values = _signer().loads(request.form.get("undo", ""), max_age=SECONDS)
    except BadSignature:
        raise Conflict("undo_over", seconds=SECONDS) from None
    if url != request.path or member != current_user.get_id():
        raise Conflict("undo_over", seconds=SECONDS)
    return dict(values)
