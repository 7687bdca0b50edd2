"""Whatever is sent to the API, it answers in its own words: no crash, problem+json, the right status."""

from __future__ import annotations

import json
import re
import traceback
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import Park
from tests.guardian.calls import ODD_MOMENTS, ODD_TEXT, Call, bad, bad_bodies, calls_of, good

LOGINS = ("e01", "park")
MOST = 40  # bodies per call, spread over all its fields; raise it for a long hunt


class Caller:
    """Sends anything as one member and remembers every answer that breaks the rules."""

    def __init__(self, park: Park, login: str) -> None:
        api = park.api(login)
        self.client: FlaskClient = api.client
        self.headers = api.headers
        self.broken: list[str] = []

    def send(self, call: Call, url: str, **more: Any) -> Any:
        shown = f"{call.method} {url[:120]} {repr(more)[:300]}"
        headers = self.headers | more.pop("headers", {})
        try:
            answer = self.client.open(url, method=call.method, headers=headers, **more)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)
            own = [f"{f.filename.rsplit('/main/')[-1]}:{f.lineno}" for f in where if "/app/" in f.filename]
            self.broken.append(f"{type(error).__name__}: {str(error)[:150]!r} at {own[-1:]} for {shown}")
            return None
        self._check(answer, shown)
        return answer

    def _check(self, answer: Any, shown: str) -> None:
        if answer.status_code >= 500:
            self.broken.append(f"{answer.status_code} for {shown}")
        if answer.status_code < 400:
            return
        body = answer.get_json(silent=True) if answer.mimetype == "application/problem+json" else None
        if not isinstance(body, dict) or not {"type", "title", "status", "detail"} <= set(body):
            self.broken.append(f"no problem+json ({answer.status_code} {answer.mimetype}) for {shown}")
        elif (
            body["status"] != answer.status_code
            or not body["detail"]
            or re.search(r"Traceback|sqlalchemy|psycopg|sqlite3|\bSELECT\b", json.dumps(body))
        ):
            self.broken.append(f"wrong problem {body} for {shown}")

    def post_json(self, call: Call, body: Any, url: str = "") -> Any:
        return self.send(
            call, url or call.url(), data=json.dumps(body), headers={"Content-Type": "application/json"}
        )


def reported(broken: list[str]) -> str:
    """One line per place that breaks, with the number of cases."""
    kinds: dict[str, list[str]] = {}
    for line in broken:
        kinds.setdefault(re.sub(r" for .*| '.*?' at|\".*?\" at", "", line, flags=re.S), []).append(line)
    return "\n".join(f"{len(lines)}x {lines[0]}" for lines in kinds.values())


@pytest.fixture(scope="module", params=LOGINS)
def caller(request: pytest.FixtureRequest, busy_park: Park) -> Caller:
    return Caller(busy_park, request.param)


def test_every_call_survives_bodies_that_are_no_json(caller: Caller) -> None:
    raw = (
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"\xff\xfe\x00", "application/json"),
        (b'{"a":', "text/plain"),
        (b"a=b", "application/x-www-form-urlencoded"),
        (b"x", "multipart/form-data"),
        (b"[" * 100_000, "application/json"),
        (b'{"a":' * 20_000, "application/json"),
        (b"1" * 10_000, "application/json"),
        (b"null", "application/json"),
        (b"{}", "application/json; charset=utf-7"),
    )
    for call in calls_of(caller.client.application):
        if call.body is None:
            continue
        for data, kind in raw:
            answer = caller.send(call, call.url(), data=data, headers={"Content-Type": kind})
            assert answer is None or answer.status_code >= 400 or call.body.get("required") is None, call.name
    assert not caller.broken, reported(caller.broken)


def test_every_call_survives_odd_path_and_query(caller: Caller) -> None:
    odd_ids = (
        "0",
        "-1",
        "999999999",
        2**63 - 1,
        2**63,
        10**40,
        "x",
        "%00",
        "..%2f..%2fetc",
        "1.0",
        "%ed%a0%80",
        "a" * 5000,
    )
    for call in calls_of(caller.client.application):
        for name in call.path_params:
            for value in odd_ids:
                body = json.dumps(good(call.body)) if call.body is not None else None
                answer = caller.send(
                    call, call.url(**{name: value}), data=body, headers={"Content-Type": "application/json"}
                )
                assert answer is None or answer.status_code in (401, 403, 404, 405, 409, 422, 308), (
                    f"{call.name} {name}={str(value)[:30]} answers {answer.status_code}"
                )
        for name, schema in call.query_params.items():
            required = {k: good(v, k) for k, v in call.query_params.items() if k in ("from", "to", "chain")}
            for value in list(bad(schema))[::3]:
                if isinstance(value, str) and "\ud800" in value:
                    value = "\ufffd"
                caller.send(call, call.url(), query_string={**required, name: str(value)[:5000]})
            caller.send(call, call.url() + f"?{name}=%00&{name}=%ff&{name}[]=1&unknown=1")
    assert not caller.broken, reported(caller.broken)


def test_every_field_of_every_call_survives_odd_values(busy_park: Park) -> None:
    """Each field in turn gets each odd value; sent by a member who may make the call."""
    callers = [Caller(busy_park, login) for login in ("e01", "park", "reviewer")]
    for number, call in enumerate(calls_of(busy_park.app)):
        if call.body is None:
            continue
        allowed = [c for c in callers if getattr(c.post_json(call, {}), "status_code", 0) != 403][:1]
        for caller in allowed:
            bodies = list(bad_bodies(call.body))
            for body in bodies[number % 3 :: max(1, len(bodies) // MOST)]:
                caller.post_json(call, body)
    broken = [line for caller in callers for line in caller.broken]
    assert not broken, reported(broken)


def values(schema: dict[str, Any], name: str = "") -> st.SearchStrategy[Any]:
    """Input that passes the schema, so that it reaches the use cases behind it."""
    if "anyOf" in schema:
        return st.one_of([values(one, name) for one in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind = schema.get("type")
    if kind == "null":
        return st.none()
    if kind == "object" or "properties" in schema:
        needed = set(schema.get("required", ()))
        parts = {key: values(sub, key) for key, sub in schema.get("properties", {}).items()}
        return st.fixed_dictionaries(
            {key: part for key, part in parts.items() if key in needed},
            optional={key: part for key, part in parts.items() if key not in needed},
        )
    if kind == "array":
        return st.lists(values(schema.get("items", {}), name), min_size=schema.get("minItems", 0), max_size=3)
    if kind == "boolean":
        return st.booleans()
    if kind in ("integer", "number"):
        low, high = schema.get("minimum", -1000), schema.get("maximum", 10**15)
        edges = [low, high, *(n for n in (1, 2, 3, 30, 60) if low <= n <= high)]
        if kind == "number":
            return st.sampled_from(edges) | st.floats(low, high, allow_nan=False)
        return st.sampled_from(edges) | st.integers(low, high)
    if schema.get("format") == "date-time":
        return st.sampled_from(
            [
                "2026-12-07T09:00:00+08:00",
                "2026-12-07T11:00:00+08:00",
                "2027-03-01T10:00:00Z",
                *ODD_MOMENTS[5:6],
            ]
        )
    if schema.get("format") == "date":
        return st.dates().map(str)
    known = {
        "chain": ["battery"],
        "segment": ["cathode"],
        "from": ["09:00", "24:00"],
        "to": ["17:00"],
        "rule": ["invention_patent", "industry_event"],
        "reward": ["office_3_months"],
        "kind": ["url", "patent_number"],
    }
    longest = schema.get("maxLength", 40)
    words = st.sampled_from(
        [text[:longest] for text in ODD_TEXT if "\ud800" not in text and "\x00" not in text]
    )
    return (
        (st.sampled_from(known[name]) | words)
        if name in known
        else (words | st.text(max_size=min(longest, 20)))
    )


def _storm(park: Park, examples: int) -> None:
    posts = [call for call in calls_of(park.app) if call.method == "POST"]
    callers = [Caller(park, login) for login in ("e01", "e20", "park", "reviewer", "secretary")]

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def storm(data: st.DataObject) -> None:
        call = data.draw(st.sampled_from(posts))
        caller = data.draw(st.sampled_from(callers))
        number = data.draw(st.integers(1, 12))
        url = call.url(
            **dict.fromkeys(call.path_params, number)
            | ({"code": "E01"} if "code" in call.path_params else {})
        )
        body = data.draw(values(call.body)) if call.body is not None else {}
        caller.post_json(call, body, url)

    storm()
    broken = [line for caller in callers for line in caller.broken]
    assert not broken, reported(broken)


def test_a_storm_of_well_formed_calls_breaks_nothing(busy_park: Park) -> None:
    _storm(busy_park, 400)


def test_postgresql_survives_the_storm_too(busy_pg_park: Park) -> None:
    _storm(busy_pg_park, 120)
    caller = Caller(busy_pg_park, "e01")
    for call in calls_of(busy_pg_park.app):
        for path_value in (2**63 - 1, 2**63):
            if call.path_params:
                caller.send(call, call.url(**dict.fromkeys(call.path_params, path_value)), json={})
        for name in call.query_params:
            caller.send(call, call.url(), query_string={name: "a\x00b"})
        for body in _texts_with_nul(call.body):
            caller.post_json(call, body)
    assert not caller.broken, reported(caller.broken)


def _texts_with_nul(schema: dict[str, Any] | None) -> list[Any]:
    return [body for body in bad_bodies(schema) if "\\u0000" in json.dumps(body)] if schema else []
