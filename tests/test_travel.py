"""Answers travel light: compressed, with a CSRF token that looks different each time, files kept for good."""

from __future__ import annotations

import gzip
import re

import brotli
import pytest
from flask import Flask

from app.hall.web.compression import masked, unmasked, way_for
from app.identity.sessions.passwords import DEMO_PASSWORD
from tests.factories import Park


@pytest.mark.parametrize(("accepted", "unpack"), [("br, gzip", brotli.decompress), ("gzip", gzip.decompress)])
def test_pages_and_files_are_compressed_as_the_browser_wishes(
    app: Flask, accepted: str, unpack: object
) -> None:
    client = app.test_client()
    plain = client.get("/static/app/app.js", buffered=True)
    packed = client.get("/static/app/app.js", headers={"Accept-Encoding": accepted}, buffered=True)
    assert callable(unpack)
    assert unpack(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    assert packed.headers["Content-Encoding"] == way_for(accepted)
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert "Accept-Encoding" in packed.headers["Vary"]
    page = client.get("/identity/sign-in", headers={"Accept-Encoding": accepted})
    assert "登录" in unpack(page.data).decode()
    picture = client.get("/static/app/icon-192.png", headers={"Accept-Encoding": accepted}, buffered=True)
    assert "Content-Encoding" not in picture.headers


def test_a_head_and_an_unchanged_file_have_no_body(app: Flask) -> None:
    client = app.test_client()
    asked = {"Accept-Encoding": "br"}
    assert client.head("/static/app/app.js", headers=asked, buffered=True).data == b""
    tag = client.get("/static/app/app.js", buffered=True).headers["ETag"]
    again = client.get("/static/app/app.js", headers={**asked, "If-None-Match": tag}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")


def test_the_token_of_each_answer_is_another_and_each_opens(park: Park) -> None:
    park.app.config["WTF_CSRF_ENABLED"] = True
    park.firm("E01")
    client = park.app.test_client()
    tokens = []
    for _visit in range(2):
        tokens += re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/identity/sign-in").text)
    assert len(set(tokens)) == len(tokens) == 2
    sent = {"login": "e01", "password": DEMO_PASSWORD}
    told = unmasked(tokens[0])
    wrong = (
        told[:-5] + ("y" if told[-5] == "x" else "x") + told[-4:]
    )  # the last sign has bits that count for nothing
    forged = {**sent, "csrf_token": masked(wrong)}
    assert client.post("/identity/sign-in", data=forged).status_code == 400
    assert client.post("/identity/sign-in", data={**sent, "csrf_token": tokens[0]}).status_code == 303


def test_static_addresses_change_with_the_content_and_are_kept_for_good(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/identity/sign-in").text
    addresses = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page))
    assert len(addresses) > 10
    for address in addresses:
        assert re.match(r"/static/v-[0-9a-f]{12}/", address)
        answer = client.get(address, buffered=True)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get("/static/app/../../config.py").status_code == 404
