"""Answers that hold a link: put in on the way out, kept nowhere."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable

from flask import Response, current_app, url_for
from flask.typing import ResponseReturnValue

from app.identity.members.links import secret_of


def with_link(view: Callable[..., ResponseReturnValue]) -> Callable[..., Response]:
    """Put the link of an invitation into the answer on its way out: the answer that is kept for a retry holds none."""

    @functools.wraps(view)
    def wrapped(*args: object, **kwargs: object) -> Response:
        answer = current_app.make_response(view(*args, **kwargs))
        body = answer.get_json(silent=True)
        invitation = body.get("invitation") if isinstance(body, dict) else None
        if answer.status_code >= 300 or not invitation:
            return answer
        secret = secret_of(invitation["id"])
        invitation["url"] = url_for("identity.accept_invitation", secret=secret, _external=True)
        text = json.dumps(body, ensure_ascii=False)
        return Response(text, answer.status_code, mimetype="application/json")

    return wrapped
