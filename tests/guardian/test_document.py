"""The OpenAPI file is true: what it says of each call holds, and generated calls of three roles find no crash."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings

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
    assert {"Problem", "Booking", "Claim", "Redemption", "Account", "Part"} <= names
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


def test_bookings_claims_and_redemptions_answer_as_the_file_says(busy_park: Park) -> None:
    import jsonschema_rs

    spec = busy_park.app.test_client().get("/api/v1/openapi.json").get_json()
    api = busy_park.api("e01")
    claim = {
        "rule": "invention_patent",
        "occurred_on": "2026-10-01",
        "evidence": [{"kind": "patent_number", "value": "ZL202610000001.9"}],
        "note": "",
    }
    made = {
        "Claim": api.post("/credits/claims", claim),
        "Redemption": api.post("/credits/redemptions", {"reward": "university_support_20h", "quantity": 1}),
        "Account": api.get("/credits/account"),
    }
    own = api.get("/sharing/bookings", limit=1).json["items"]
    if own:
        made["Booking"] = api.get(f"/sharing/bookings/{own[0]['id']}")
    for name, answer in made.items():
        assert answer.status_code in (200, 201), (name, answer.json)
        schema = {"$ref": f"#/components/schemas/{name}", "components": spec["components"]}
        jsonschema_rs.validate(schema, answer.json)


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
