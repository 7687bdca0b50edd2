"""Addresses of pages and calls stay: bookmarks, QR labels and other people's scripts rely on them."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

KNOWN = (Path(__file__).resolve().parents[1] / "data" / "addresses.txt").read_text("utf-8").splitlines()


def _sample(rule: str) -> str:
    path = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule)
    path = re.sub(r"<int:\w+>", "1", path)
    return re.sub(r"<(?:\w+:)?\w+>", "x", path)


def test_every_address_of_before_answers_or_redirects(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    gone = []
    for line in KNOWN:
        method, rule = line.split(" ", 1)
        try:
            adapter.match(_sample(rule), method=method)
        except RequestRedirect:
            continue
        except HTTPException:
            gone.append(line)
    assert gone == []


def test_no_two_views_share_an_address(app: Flask) -> None:
    """The router would take one of them and never say so."""
    found: dict[tuple[str, str], list[str]] = {}
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            found.setdefault((method, re.sub(r":\w+>", ">", rule.rule)), []).append(rule.endpoint)
    assert {where: names for where, names in found.items() if len(set(names)) > 1} == {}
