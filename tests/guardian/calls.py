"""Reads the application's own OpenAPI file and makes good and bad input for every call in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

RAW_NAN = json.loads("NaN")
LONG = "长" * 100_000
# Wrong for almost every field, whatever its type.
ODD: tuple[Any, ...] = (None, True, -1, 2**63, 2**70, 1.5, "", [], {}, [None])
ODD_TEXT: tuple[Any, ...] = (
    "a\x00b",
    "\ud800",
    LONG,
    "' OR 1=1 --",
    "%s%n{0}{{7*7}}${7*7}",
    "<script>alert(1)</script>",
    "\u202e\u200b\ufeff",
    "=HYPERLINK(1)",
    " ",
    "0",
    "ｱ",
    "𠮷" * 30,
)
ODD_NUMBERS: tuple[Any, ...] = (
    0,
    RAW_NAN,
    float("inf"),
    float("-inf"),
    1e308,
    1e-308,
    -0.0,
    "1",
    "NaN",
    10**400,
)
ODD_MOMENTS: tuple[Any, ...] = (
    "2026-01-05T09:00:00",
    "9999-12-31T23:59:59-12:00",
    "0001-01-01T00:00:00+14:00",
    "2026-13-45T99:00:00Z",
    "2026-01-05",
    "2199-12-31T23:59:59+08:00",
    0,
    1e18,
    -1e18,
    "2026-01-05T09:00:00.000001+08:00",
    "2026-01-05T09:00:30+05:45",
)
ODD_DAYS: tuple[Any, ...] = ("0001-01-01", "9999-12-31", "2026-02-30", "2026-1-1", 0, -1e18, "1900-01-01")


@dataclass(frozen=True)
class Call:
    """One operation of the API."""

    method: str
    path: str
    path_params: dict[str, dict[str, Any]] = field(default_factory=dict)
    query_params: dict[str, dict[str, Any]] = field(default_factory=dict)
    body: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    def url(self, **values: Any) -> str:
        made = {name: str(values.get(name, 1)) for name in self.path_params}
        return re.sub(r"{(\w+)}", lambda found: made.get(found[1], "1"), self.path)


def calls_of(app: Flask) -> list[Call]:
    """Every operation of /api/v1/openapi.json with its schemas spelled out."""
    spec = app.test_client().get("/api/v1/openapi.json").get_json()
    found = []
    for path, operations in sorted(spec["paths"].items()):
        for method, operation in sorted(operations.items()):
            params = [_resolve(spec, one) for one in operation.get("parameters", ())]
            content = operation.get("requestBody", {}).get("content", {})
            body = (
                _resolve(spec, content["application/json"]["schema"])
                if "application/json" in content
                else None
            )
            found.append(
                Call(
                    method.upper(),
                    path,
                    {p["name"]: p["schema"] for p in params if p["in"] == "path"},
                    {p["name"]: p["schema"] for p in params if p["in"] == "query"},
                    body,
                )
            )
    return found


def _resolve(spec: dict[str, Any], node: Any) -> Any:
    if isinstance(node, list):
        return [_resolve(spec, one) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target: Any = spec
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return _resolve(spec, target)
    return {key: _resolve(spec, value) for key, value in node.items()}


def good(schema: dict[str, Any], name: str = "") -> Any:
    """A plausible value for a schema."""
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return good(next(one for one in schema[union] if one.get("type") != "null"), name)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return next((one for one in schema["enum"] if one), schema["enum"][0])
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        return {key: good(value, key) for key, value in schema.get("properties", {}).items()}
    if kind == "array":
        return [good(schema.get("items", {}), name)]
    if kind in ("integer", "number"):
        return max(1, schema.get("minimum", 1))
    if kind == "boolean":
        return False
    return _good_text(schema, name)


def _good_text(schema: dict[str, Any], name: str) -> str:
    if schema.get("format") == "date-time":
        return "2027-01-05T09:00:00+08:00" if name in ("from", "start") else "2027-01-05T11:00:00+08:00"
    if schema.get("format") == "date":
        return "2026-01-05"
    known = {"from": "09:00", "to": "17:00", "chain": "battery", "segment": "cathode", "code": "E01"}
    if name in known:
        return known[name]
    return "样例"[: schema.get("maxLength", 9)] or "x"


def bad(schema: dict[str, Any]) -> Iterator[Any]:
    """Values that are wrong, or just odd, for a schema."""
    kinds = {one.get("type") for one in schema.get("anyOf", schema.get("oneOf", [schema]))}
    formats = {one.get("format") for one in schema.get("anyOf", schema.get("oneOf", [schema]))}
    yield from ODD
    if "date-time" in formats:
        yield from ODD_MOMENTS
    elif "date" in formats:
        yield from ODD_DAYS
    elif "string" in kinds:
        yield from ODD_TEXT
    if kinds & {"integer", "number"}:
        yield from ODD_NUMBERS
    if "array" in kinds:
        yield from ([{}], ["a\x00b"], [1] * 5000, [[[[]]]], ["\ud800"])
    if "object" in kinds:
        yield from ({"a\x00b": "x"}, {"\ud800": 1}, {LONG: 1})


def bad_bodies(schema: dict[str, Any]) -> Iterator[Any]:
    """Bodies with exactly one field gone wrong, missing or too many; nested objects as well."""
    whole = good(schema)
    yield from ({}, [], None, 1, "x", [whole], {**whole, "stranger": 1}, {**whole, "\ud800": 1, "a\x00": 2})
    for path, sub in _fields(schema):
        for value in bad(sub):
            yield _changed(whole, path, value)
        yield _changed(whole, path, ...)


def _fields(
    schema: dict[str, Any], before: tuple[Any, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    for option in schema.get("anyOf", [schema]):
        for name, sub in option.get("properties", {}).items():
            yield (*before, name), sub
            yield from _fields(sub, (*before, name))
        if option.get("type") == "array" and "items" in option:
            yield (*before, 0), option["items"]
            yield from _fields(option["items"], (*before, 0))


def _changed(whole: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy of `whole` with `value` at `path`; `...` leaves the field out."""
    copy = json.loads(json.dumps(whole))
    at = copy
    for step in path[:-1]:
        at = at[step]
    if value is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return copy
