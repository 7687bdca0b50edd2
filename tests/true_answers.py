"""Every answer that a test gets from a call is held against the OpenAPI file: the status is told, no field is missing, none is a stranger."""

from __future__ import annotations

import functools
import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app.hall.ops import api_file

_CHECKS: dict[tuple[str, str, str], Any] = {}


def held_to_the_file(app: Flask, answer: TestResponse) -> TestResponse:
    """The answer itself, when it is what the file says of it."""
    method, path = answer.request.method.lower(), answer.request.path
    if not path.startswith("/api/v1/") or not 200 <= answer.status_code < 300:
        return answer
    template = _template(app, path, method)
    if template is None:
        return answer
    told = _spec(app)["paths"][template][method]["responses"]
    status = str(answer.status_code)
    assert status in told, f"{method} {template} answered {status}, the file tells {sorted(told)}"
    kinds = told[status]["content"]
    if answer.mimetype == "application/json" and "application/json" in kinds:
        fault = _fault(app, (template, method, status), kinds["application/json"]["schema"], answer.json)
        assert not fault, f"{method} {template} {status}: {fault}"
    else:
        assert answer.mimetype in kinds, (template, answer.mimetype)
    return answer


def strict(schema: Any) -> Any:
    """The same schema, refusing fields that it does not name."""
    if isinstance(schema, dict):
        closed = {key: strict(value) for key, value in schema.items()}
        if "properties" in closed and isinstance(closed["properties"], dict):
            closed.setdefault("additionalProperties", False)
        return closed
    return [strict(one) for one in schema] if isinstance(schema, list) else schema


def _fault(app: Flask, call: tuple[str, str, str], schema: Any, body: Any) -> str:
    import jsonschema_rs

    if call not in _CHECKS:
        whole = {**strict(schema), "components": _strict_components(app)}
        _CHECKS[call] = jsonschema_rs.validator_for(whole, validate_formats=True)
    faults = [
        f"{'/'.join(map(str, one.instance_path))}: {one.message}" for one in _CHECKS[call].iter_errors(body)
    ]
    return "; ".join(faults[:5])


_KEPT: dict[str, Any] = {}


def _spec(app: Flask) -> dict[str, Any]:
    """The file, made once for all applications of a test run: it follows from the code alone."""
    if "spec" not in _KEPT:
        with app.app_context():
            _KEPT["spec"] = api_file()
    found: dict[str, Any] = _KEPT["spec"]
    return found


def _strict_components(app: Flask) -> dict[str, Any]:
    if "components" not in _KEPT:
        _KEPT["components"] = strict(_spec(app)["components"])
    found: dict[str, Any] = _KEPT["components"]
    return found


def _template(app: Flask, path: str, method: str) -> str | None:
    """The address in the file that a path was asked at: where two fit, the one with more words of its own."""
    fitting = [
        template
        for template, calls in _spec(app)["paths"].items()
        if method in calls and _pattern(template).fullmatch(path)
    ]
    return min(fitting, key=lambda one: one.count("{"), default=None)


@functools.cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)))
