"""Makes the OpenAPI file true: what each call really answers, per status, and the key that makes a retry safe.

What no decorator says is read from the views themselves: the status they answer, whether they honour
`Idempotency-Key`, whether they answer a list or a file.
"""

from __future__ import annotations

import ast
import copy
import inspect
import re
import textwrap
from typing import Any

from flask import Flask

from app.hall.web.guards import API_PREFIX

Spec = dict[str, Any]
PROBLEM = {
    "title": "Problem",
    "description": "RFC 9457, with every reason where there is more than one.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "reasons": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                    "field": {"type": "string"},
                },
            },
        },
    },
}
PART = {
    "title": "Part",
    "description": "A part of a list: `limit` and `offset` say which; `total` is how long the whole is.",
    "type": "object",
    "required": ["items", "total"],
    "properties": {
        "items": {"type": "array", "items": {"type": "object", "additionalProperties": True}},
        "total": {"type": "integer", "minimum": 0},
    },
    "additionalProperties": True,
}
REFUSED = {
    "400": "The request cannot be read.",
    "401": "No token, or one that has ended.",
    "403": "The wrong role, or a token without the right to write.",
    "404": "Nothing there, or nothing this reader may know of.",
    "409": "A refused transition, a lost race, or another body with the same Idempotency-Key; all reasons are told.",
    "422": "Bad input: a reason for each field.",
    "429": "Too many calls: Retry-After says when to come back.",
    "503": "The database or the machine is busy: nothing happened, Retry-After says when to come back.",
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and body answer the first result again; another body with it is refused with 409.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}
FILES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "ics": "text/calendar",
    "svg": "image/svg+xml",
    "graphml": "application/graphml+xml",
}


def completed(app: Flask, spec: Spec) -> Spec:
    """The file with servers, tags, summaries, statuses, problems and keys; the given one is left as it is."""
    spec = copy.deepcopy(spec)
    spec["info"] = {
        **spec["info"],
        "title": "ParkLink",
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }
    spec["servers"] = [{"url": "/", "description": "This installation"}]
    schemas = spec.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(Problem=PROBLEM, Part=PART)
    schemas.pop("ValidationErrorModel", None)
    views = _views(app)
    shapes = _shapes(app, schemas)
    rooms = set()
    for path, calls in spec["paths"].items():
        room = path.removeprefix(API_PREFIX).split("/")[1]
        rooms.add(room)
        for method, call in calls.items():
            view = views.get((method.upper(), path))
            call["tags"] = [room]
            call["summary"] = call.get("summary") or _words(call.get("operationId", ""), room)
            call["responses"] = _responses(call, path, method, view, shapes)
            if getattr(view, "__idempotent__", False):
                call.setdefault("parameters", []).append(KEY)
    spec["tags"] = [{"name": room} for room in sorted(rooms)]
    return spec


def _shapes(app: Flask, schemas: Spec) -> dict[str, str]:
    """The schema of what each function of the rooms writes, by the function's name; its parts become schemas too."""
    found = {}
    for room in app.extensions["parklink_rooms"]:
        for function, model in room.answers.items():
            schema = model.model_json_schema(
                mode="serialization", ref_template="#/components/schemas/{model}"
            )
            schemas.update(schema.pop("$defs", {}))
            schemas[model.__name__] = schema
            found[function] = model.__name__
    return found


def _views(app: Flask) -> dict[tuple[str, str], Any]:
    found = {}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(API_PREFIX):
            path = "".join(
                part if part.startswith("/") or not part else "{" + part.split(":")[-1] + "}"
                for part in rule.rule.replace("<", "\0<").replace(">", ">\0").split("\0")
                for part in [part.strip("<>") if part.startswith("<") else part]
            )
            for method in rule.methods or ():
                found[(method, path)] = app.view_functions[rule.endpoint]
    return found


def _words(operation: str, room: str) -> str:
    """
    >>> _words("chain_api_show_export_get", "chain")
    'Show export'
    """
    plain = operation.removeprefix(f"{room}_api_").rsplit("_", 1)[0].replace("_", " ")
    return plain[:1].upper() + plain[1:]


def _responses(call: Spec, path: str, method: str, view: Any, shapes: dict[str, str]) -> Spec:
    told = {status: answer for status, answer in call.get("responses", {}).items() if status not in ("422",)}
    good = {status: answer for status, answer in told.items() if status.startswith("2")}
    typed = {status: answer for status, answer in good.items() if not _is_anything(answer)}
    statuses = success_of(view)
    if typed:
        found = typed
    else:
        found = {status: _answer(path, method, view, shapes) for status in statuses}
    refused = {
        status: {
            "description": text,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, text in REFUSED.items()
        if status != "409" or method == "post"
    }
    return found | refused


def _is_anything(answer: Spec) -> bool:
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return bool(schema.get("$ref", "").endswith("/Answer"))


def _answer(path: str, method: str, view: Any, shapes: dict[str, str]) -> Spec:
    ending = path.rsplit(".", 1)[-1] if "." in path.rsplit("/", 1)[-1] else ""
    if ending in FILES:
        return _file([FILES[ending]])
    source = _source(view)
    if method == "get" and ("download(" in source or "send_file(" in source or "shown(" in source):
        return _file(["application/octet-stream"])
    own = [name for function, name in shapes.items() if re.search(rf"\b{function}\(", source)]
    name = "Part" if "listed(" in source or "listed_part(" in source else (own or ["Answer"])[0]
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"description": "Done", "content": {"application/json": {"schema": schema}}}


def _file(kinds: list[str]) -> Spec:
    schema = {"type": "string", "format": "binary"}
    return {"description": "A file", "content": {kind: {"schema": schema} for kind in kinds}}


def _source(view: Any) -> str:
    try:
        return textwrap.dedent(inspect.getsource(inspect.unwrap(view)))
    except (OSError, TypeError):
        return ""


def success_of(view: Any) -> list[str]:
    """The statuses with which a view answers when all is well, read from its `return` statements."""
    source = _source(view)
    if not source:
        return ["200"]
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Return) and node.value is not None:
            found |= _statuses(node.value)
    return sorted(found) or ["200"]


def _statuses(value: ast.expr) -> set[str]:
    if isinstance(value, ast.Tuple) and len(value.elts) == 2:
        last = value.elts[1]
        options = [last.body, last.orelse] if isinstance(last, ast.IfExp) else [last]
        numbers = [one.value for one in options if isinstance(one, ast.Constant)]
        return {str(one) for one in numbers if isinstance(one, int) and one < 300} or {"200"}
    return {"200"}
