"""The OpenAPI file is true: what it says of each call holds, and generated calls of three roles find no crash."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings

from app.hall.db.base import db
from app.hall.ops import api_file
from app.identity.members.models import Member
from tests.factories import Park

LONG = os.environ.get("PARKLINK_LONG", "") == "1"
LOGINS = ("e01", "park", "auditor")
EACH = 10 if LONG else 1  # generated calls for each operation and role
STEP = 1 if LONG else 4  # every fourth operation in the short form, another one for each role


def test_the_file_says_what_every_call_answers(app: Flask) -> None:
    spec = app.test_client().get("/api/v1/openapi.json").get_json()
    assert spec["openapi"] == "3.1.0"
    assert spec["info"]["title"] == "ParkLink"
    assert spec["servers"] == [{"url": "/", "description": "This installation"}]
    names = set(spec["components"]["schemas"])
    assert {"Problem", "Booking", "BookingList", "Claim", "Redemption", "Account"} <= names
    for path, calls in spec["paths"].items():
        for method, call in calls.items():
            assert call["summary"], (method, path)
            assert call["tags"] == [path.split("/")[3]]
            assert any(status.startswith("2") for status in call["responses"]), (method, path)
            for status in ("401", "403", "404", "422", "429"):
                kinds = call["responses"][status]["content"]
                assert list(kinds) == ["application/problem+json"]
    used = set(re.findall(r'#/components/schemas/([^"]+)"', str(spec).replace("'", '"')))
    assert used <= names, "every name that is used is there"
    booking = spec["paths"]["/api/v1/sharing/bookings"]["post"]
    assert "201" in booking["responses"]
    assert "200" not in booking["responses"]
    assert "Idempotency-Key" in [one["name"] for one in booking["parameters"]]
    calendar = spec["paths"]["/api/v1/credits/account"]["get"]["responses"]["200"]
    assert calendar["content"]["application/json"]["schema"]["$ref"].endswith("/Account")


def test_every_call_says_field_by_field_what_it_answers(app: Flask) -> None:
    """No answer is "whatever it is": a file has its kind, everything else a schema with fields.

    `tests/true_answers.py` holds every answer that any test gets through `Park.api` to what is said here.
    """
    spec = app.test_client().get("/api/v1/openapi.json").get_json()
    schemas = spec["components"]["schemas"]
    assert [name for name in schemas if not re.fullmatch(r"[A-Z][A-Za-z]+", name)] == []
    vague = []
    for path, calls in spec["paths"].items():
        for method, call in calls.items():
            for status, answer in call["responses"].items():
                if not status.startswith("2"):
                    continue
                schema = answer["content"].get("application/json", {}).get("schema")
                if schema is None or len(answer["content"]) > 1:
                    continue
                named = [one.get("$ref", "").rsplit("/", 1)[-1] for one in schema.get("anyOf", [schema])]
                if not any(schemas.get(name, {}).get("properties") for name in named):
                    vague.append((method, path))
    assert vague == []
    picture = spec["paths"]["/api/v1/credits/reward-pictures/{picture}"]["get"]["responses"]["200"]
    assert set(picture["content"]) == {"image/png", "image/jpeg", "image/webp"}
    statement = spec["paths"]["/api/v1/credits/statement.pdf"]["get"]["responses"]["200"]
    assert set(statement["content"]) == {"application/pdf"}


GIVEN = {
    "code": "E01",
    "enterprise": "E01",
    "firm": "E01",
    "q": "电池",
    "figure": "index:2026-09",
    "year": 2026,
}
SEEN_BY = ("park", "e01", "e31", "specialist", "analyst")


def test_every_get_of_the_demo_answers_as_the_file_says(busy_park: Park) -> None:
    """Each call is asked for the first things there are, as several readers; `Park.api` refuses an untrue answer."""
    with busy_park.app.app_context():
        paths = {path: calls["get"] for path, calls in api_file()["paths"].items() if "get" in calls}
        logins = set(db.session.scalars(sa.select(Member.login).where(Member.login.in_(SEEN_BY))))
    answered: set[str] = set()
    for login in logins:
        api = busy_park.api(login)
        for path, call in paths.items():
            needed = [
                one["name"] for one in call.get("parameters", ()) if one["required"] and one["in"] == "query"
            ]
            query = {name: value for name in needed if (value := _value(name)) is not None}
            for number in (1, 2) if "{" in path else (1,):
                asked = re.sub(r"{(\w+)}", lambda found, n=number: str(GIVEN.get(found[1], n)), path)
                answer = api.get(asked.removeprefix("/api/v1"), **query)
                assert answer.status_code < 500, (login, asked)
                if answer.status_code == 200:
                    answered.add(path)
    silent = sorted(set(paths) - answered)
    assert len(silent) <= len(paths) // 5, silent


def _value(name: str) -> Any:
    if name in ("from", "to"):
        return f"2026-1{1 if name == 'from' else 2}-01T00:00:00+08:00"
    return GIVEN.get(name)


@pytest.mark.parametrize("number", range(len(LOGINS)), ids=LOGINS)
def test_generated_calls_find_no_crash(busy_park: Park, number: int) -> None:
    schemathesis = pytest.importorskip("schemathesis")
    login = LOGINS[number]
    headers = busy_park.api(login).headers
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", busy_park.app)
    broken: list[str] = []
    tried = 0
    operations = [one.ok() for one in schema.get_all_operations()]
    for operation in operations[number::STEP]:

        @settings(
            max_examples=EACH,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def call(case: Any) -> None:
            nonlocal tried
            tried += 1
            answer = case.call(headers=headers)
            if answer.status_code >= 500:
                broken.append(f"{answer.status_code} {case.method} {case.formatted_path} {case.body!r}"[:300])

        call()
    assert tried >= len(operations) // STEP
    assert not broken, "\n".join(broken)
