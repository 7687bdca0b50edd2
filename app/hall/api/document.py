"""The OpenAPI file as rows for people: calls by room, each with its fields, their kinds and bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

BOUNDS = (
    "format",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "pattern",
)


def calls_by_room(spec: Mapping[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Every call of the API, grouped by the first segment after /api/v1, in the order of the file.

    >>> calls_by_room({"paths": {"/api/v1/chain/x": {"get": {"summary": "X"}}}})[0][0]
    'chain'
    """
    rooms: dict[str, list[dict[str, Any]]] = {}
    schemas = spec.get("components", {}).get("schemas", {})
    for path, methods in spec.get("paths", {}).items():
        for method, call in methods.items():
            rooms.setdefault(path.split("/")[3], []).append(
                {
                    "method": method.upper(),
                    "path": path,
                    "summary": call.get("summary", ""),
                    "description": call.get("description", ""),
                    "fields": [*_parameters(call), *_body(call, schemas)],
                }
            )
    return list(rooms.items())


def _parameters(call: Mapping[str, Any]) -> list[dict[str, object]]:
    return [
        {
            "name": one["name"],
            "place": one["in"],
            "kind": _kind(one.get("schema", {})),
            "required": one.get("required", False),
        }
        for one in call.get("parameters", ())
    ]


def _body(call: Mapping[str, Any], schemas: Mapping[str, Any]) -> list[dict[str, object]]:
    content = call.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
    schema = schemas.get(name, {})
    required = schema.get("required", ())
    return [
        {"name": field, "place": "body", "kind": _kind(kind), "required": field in required}
        for field, kind in schema.get("properties", {}).items()
    ]


def _kind(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " | ".join(_kind(option) for option in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    kind = str(schema.get("type", "")) or "any"
    if kind == "array":
        kind = f"[{_kind(schema.get('items', {}))}]"
    bounds = [f"{bound} {schema[bound]}" for bound in BOUNDS if bound in schema]
    return ", ".join([kind, *bounds])
