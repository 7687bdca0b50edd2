"""Makes the OpenAPI file true: what each call really answers, per status, and the key that makes a retry safe.

What no decorator says is read from the views themselves: their return annotation is the schema of their answer (mypy
holds the view to it), their `return` statements say the status; whether they honour `Idempotency-Key`.
"""

from __future__ import annotations

import ast
import copy
import inspect
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from flask import Flask
from pydantic import TypeAdapter
from werkzeug.wrappers import Response

from app.hall.api.shapes import File
from app.hall.web.guards import API_PREFIX

Spec = dict[str, Any]
REF = "#/components/schemas/"
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
    schemas.update(Problem=PROBLEM)
    schemas.pop("ValidationErrorModel", None)
    views = _views(app)
    answers = _answers(views, schemas)
    for name, schema in schemas.items():
        schema["title"] = name  # a generated client names its classes by it
    rooms = set()
    for path, calls in spec["paths"].items():
        room = path.removeprefix(API_PREFIX).split("/")[1]
        rooms.add(room)
        for method, call in calls.items():
            view = views.get((method.upper(), path))
            call["tags"] = [room]
            call["summary"] = call.get("summary") or _words(call.get("operationId", ""), room)
            call["operationId"] = f"{room}_{_name(view)}"
            call["responses"] = _responses(path, method, view, answers)
            if getattr(view, "__idempotent__", False):
                call.setdefault("parameters", []).append(KEY)
    spec["tags"] = [{"name": room} for room in sorted(rooms)]
    return spec


def answer_of(view: Any) -> Any:
    """The type of the JSON that a view answers; of a file its kinds, or None where its address says them."""
    said = get_type_hints(inspect.unwrap(view), include_extras=True).get("return")
    if get_origin(said) is tuple:
        said = get_args(said)[0]
    if get_origin(said) is Annotated and issubclass(get_args(said)[0], Response):
        said = get_args(said)[1]  # a response that the view made itself, and what is in it
    return None if isinstance(said, type) and issubclass(said, Response) else said


def _answers(views: Mapping[Any, Any], schemas: Spec) -> dict[Any, Spec]:
    """The schema of what each view answers, by the view; their parts become schemas of the file."""
    wanted = {
        view: said
        for view in views.values()
        if (said := answer_of(view)) is not None and not isinstance(said, File)
    }
    adapters: list[tuple[Any, Literal["serialization"], TypeAdapter[Any]]] = [
        (view, "serialization", TypeAdapter(said)) for view, said in wanted.items()
    ]
    found, parts = TypeAdapter.json_schemas(adapters, ref_template=f"{REF}{{model}}")
    names = {name: _plain_name(name) for name in parts.get("$defs", {})}
    for name, schema in parts.get("$defs", {}).items():
        if names[name] in schemas:
            raise ValueError(f"two schemas are called {names[name]}")
        schemas[names[name]] = _renamed(schema, names)
    return {view: _renamed(schema, names) for (view, _mode), schema in found.items()}


def _plain_name(name: str) -> str:
    """
    >>> _plain_name("Listed_Claim_"), _plain_name("Claim")
    ('ClaimList', 'Claim')
    """
    found = re.fullmatch(r"Listed_(\w+)_", name)
    return f"{found[1]}List" if found else name


def _renamed(schema: Any, names: Mapping[str, str]) -> Any:
    if isinstance(schema, dict):
        return {
            key: REF + names[value.removeprefix(REF)] if key == "$ref" else _renamed(value, names)
            for key, value in schema.items()
        }
    return [_renamed(one, names) for one in schema] if isinstance(schema, list) else schema


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


def _name(view: Any) -> str:
    return str(inspect.unwrap(view).__name__)


def _words(operation: str, room: str) -> str:
    """
    >>> _words("chain_api_show_export_get", "chain")
    'Show export'
    """
    plain = operation.removeprefix(f"{room}_api_").rsplit("_", 1)[0].replace("_", " ")
    return plain[:1].upper() + plain[1:]


def _responses(path: str, method: str, view: Any, answers: Mapping[Any, Spec]) -> Spec:
    found = {status: _answer(path, view, answers.get(view)) for status in success_of(view)}
    refused = {
        status: {
            "description": text,
            "content": {"application/problem+json": {"schema": {"$ref": f"{REF}Problem"}}},
        }
        for status, text in REFUSED.items()
        if status != "409" or method == "post"
    }
    return found | refused


def _answer(path: str, view: Any, schema: Spec | None) -> Spec:
    if schema is None:
        kinds = answer_of(view)
        return _file(kinds.kinds if isinstance(kinds, File) else [FILES[path.rsplit(".", 1)[-1]]])
    return {"description": "Done", "content": {"application/json": {"schema": schema}}}


def _file(kinds: Sequence[str]) -> Spec:
    binary, document = {"type": "string", "format": "binary"}, {"type": "object"}
    content = {kind: {"schema": document if kind == "application/json" else binary} for kind in kinds}
    return {"description": "A file", "content": content}


def _source(view: Any) -> str:
    try:
        return textwrap.dedent(inspect.getsource(inspect.unwrap(view)))
    except (OSError, TypeError):
        return ""


def success_of(view: Any) -> list[str]:
    """The statuses with which a view answers when all is well, read from its `return` statements."""
    view = inspect.unwrap(view)
    source = _source(view)
    if not source:
        return ["200"]
    paired = get_origin(get_type_hints(view, include_extras=True).get("return")) is tuple
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Return) and node.value is not None:
            handed_on = _called(view, node.value) if paired else None
            found |= set(success_of(handed_on)) if handed_on else _statuses(node.value)
    return sorted(found) or ["200"]


def _called(view: Any, value: ast.expr) -> Any:
    """The function of the view's module whose answer and status the view hands on as they are."""
    name = value.func.id if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else ""
    return view.__globals__.get(name)


def _statuses(value: ast.expr) -> set[str]:
    if isinstance(value, ast.Tuple) and len(value.elts) == 2:
        last = value.elts[1]
        options = [last.body, last.orelse] if isinstance(last, ast.IfExp) else [last]
        numbers = [one.value for one in options if isinstance(one, ast.Constant)]
        return {str(one) for one in numbers if isinstance(one, int) and one < 300} or {"200"}
    return {"200"}
