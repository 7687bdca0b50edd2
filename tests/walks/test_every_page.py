"""Every page a role can reach from its home opens, in both languages, and none of them is a dead end."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from tests.factories import Park

LOGINS = (
    "e01",
    "e20",
    "e04",
    "park",
    "investment",
    "reviewer",
    "secretary",
    "auditor",
    "university",
    "policy",
)
LINK = re.compile(rb'(?:href|hx-get)="(/[^"#]*)')
LIMIT = 250


def _shape(path: str) -> str:
    """Pages that differ only by a number or a query are one kind of page; a few of each are enough."""
    parts = urlsplit(path)
    names = "&".join(sorted(part.split("=")[0] for part in parts.query.split("&")))
    return re.sub(r"/(\d+|[A-Z]+\d+)(?=/|$)", "/#", parts.path) + "?" + names


def _crawl(client: FlaskClient, login: str) -> list[tuple[int, str]]:
    waiting, seen, shapes, bad = ["/"], {"/"}, {}, []
    while waiting and len(seen) < 5000:
        path = waiting.pop(0)
        answer = client.get(path, follow_redirects=False)
        if answer.status_code >= 400:
            bad.append((answer.status_code, path))
        if answer.status_code in (301, 302, 303, 308):
            targets = [answer.location.encode()]
        elif answer.mimetype == "text/html":
            targets = LINK.findall(answer.data)
        else:
            continue
        for raw in targets:
            target = raw.decode().replace("&amp;", "&")
            parts = urlsplit(target)
            if target in seen or parts.netloc or parts.path.startswith(("/static/", "/identity/language")):
                continue
            shape = _shape(target)
            if shapes.get(shape, 0) >= 2 or sum(shapes.values()) >= LIMIT:
                continue
            shapes[shape] = shapes.get(shape, 0) + 1
            seen.add(target)
            waiting.append(target)
    return bad


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("login", LOGINS)
def test_no_link_of_any_role_is_broken(demo_park: Park, login: str) -> None:
    lang = "en" if LOGINS.index(login) % 2 else "zh"
    assert _crawl(demo_park.browse(login, lang), login) == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_address_of_a_room_opens_it(demo_park: Park) -> None:
    client = demo_park.browse("e01")
    for room in ("identity", "credits", "chain", "sharing", "ecosystem", "policy", "upkeep"):
        assert client.get(f"/{room}/", follow_redirects=True).status_code == 200, room
