"""What a browser and a stranger meet: CSRF, headers, cookies, tokens, open redirects."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask, request

from app import create_app
from app.hall.config import Settings
from app.hall.errors import Invalid
from tests.conftest import running, settings_for
from tests.factories import Park


def test_forms_without_a_csrf_token_are_refused(app: Flask, park: Park) -> None:
    park.firm("E01")
    app.config["WTF_CSRF_ENABLED"] = True
    browser = park.browse("e01")
    assert browser.post("/identity/sign-out").status_code == 400
    assert browser.get("/").status_code == 200, "still signed in"


def test_every_answer_carries_the_secure_headers(app: Flask) -> None:
    headers = app.test_client().get("/identity/sign-in").headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self' 'nonce-" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"


def test_pages_have_no_inline_script_or_style_without_nonce(app: Flask) -> None:
    html = app.test_client().get("/identity/sign-in").get_data(as_text=True)
    assert not re.search(r"<script(?![^>]*\b(src|nonce)=)", html)
    assert not re.search(r"<style(?![^>]*\bnonce=)", html)
    assert not re.search(r"\son\w+=|\sstyle=", html)


def test_a_cookie_opens_no_door_of_the_api(park: Park) -> None:
    park.firm("E01")
    browser = park.browse("e01")
    assert browser.get("/").status_code == 200
    assert browser.get("/api/v1/credits/account").status_code == 401


def test_wrong_tokens_are_401_and_a_reading_token_may_not_write(app: Flask, park: Park) -> None:
    from app.identity.sessions.tokens import create_token

    park.firm("E01")
    actor = park.actor("e01")
    with app.test_request_context():
        _, secret = create_token(actor, "reads", ["read"])
    client = app.test_client()
    reads = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/credits/account", headers=reads).status_code == 200
    assert client.post("/api/v1/credits/claims", json={}, headers=reads).status_code == 403
    for wrong in ("Bearer nonsense", "Basic abc", "Bearer ", secret):
        answer = client.get("/api/v1/credits/account", headers={"Authorization": wrong})
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_sign_in_leads_nowhere_outside(park: Park) -> None:
    park.firm("E01")
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        client = park.app.test_client()
        answer = client.post(
            "/identity/sign-in",
            query_string={"next": target},
            data={"login": "e01", "password": "parklink-demo"},
        )
        assert answer.status_code == 303
        assert answer.location == "/"


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "198.51.100.7"), (2, "203.0.113.9")])
def test_only_what_the_parks_own_proxies_add_says_who_asks(proxies: int, seen: str, tmp_path: Path) -> None:
    """A visitor sends a false address along; each proxy adds the one it saw at the end."""
    addresses: list[str | None] = []
    settings = settings_for(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path, proxies=proxies)
    with running(create_app(settings)) as app:
        app.before_request(lambda: addresses.append(request.remote_addr))
        app.test_client().get(
            "/healthz", headers={"X-Forwarded-For": "192.0.2.66, 203.0.113.9, 198.51.100.7"}
        )
    assert addresses == [seen]


@pytest.mark.parametrize("wrong", ["one", "-1", "10", "１"])
def test_a_number_of_proxies_that_is_none_is_refused(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARKLINK_PROXIES", wrong)
    with pytest.raises(Invalid, match="PARKLINK_PROXIES"):
        Settings.from_environment()
