"""A room is one entry: two files make a room, and the whole house knows it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import app as package
from app import create_app
from app.hall.rooms import load_rooms, room_folders
from tests.conftest import running, settings_for
from tests.factories import Park

ENTRY = '''"""What the garden brings to the house."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from app.hall.rooms import Hit, NavItem, Room, Todo
from app.hall.web.guards import signed_in
from app.identity.door import Actor

bp = Blueprint("garden", __name__, url_prefix="/garden")


@bp.get("/")
@signed_in
def beds() -> str:
    return "beds of the garden"


def todos(actor: Actor) -> list[Todo]:
    return [Todo("浇水 water the beds", "/garden/")]


def search(actor: Actor, q: str) -> list[Hit]:
    return [Hit("garden", "玫瑰 rose", "", "/garden/")] if q == "rose" else []


ROOM = Room(
    name="garden",
    title=_l("花园"),
    may_call=frozenset({"identity", "ecosystem"}),
    blueprints=[bp],
    nav=[NavItem("garden.beds", "plant", "花园 garden", "services")],
    todos=todos,
    search=search,
    messages={"garden_dry": "太干了 too dry"},
)
'''


@pytest.fixture
def garden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    folder = tmp_path / "more" / "garden"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text('"""A room that only this test knows."""\n', "utf-8")
    (folder / "room.py").write_text(ENTRY, "utf-8")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder.parent)])
    yield "garden"
    for name in [one for one in sys.modules if one.startswith("app.garden")]:
        del sys.modules[name]


def test_two_files_make_a_room(garden: str, database_url: str, tmp_path: Path) -> None:
    assert garden in room_folders()
    order = [room.name for room in load_rooms()]
    assert order.index(garden) > order.index("ecosystem"), "a room stands above those that it calls"
    with running(create_app(settings_for(database_url, tmp_path))) as app:
        _walk(app)


def _walk(app: Flask) -> None:
    park = Park(app)
    park.firm("E1")
    page = park.browse("e1")
    assert page.get("/garden/").text == "beds of the garden"
    home = page.get("/").text
    assert "花园 garden" in home, "its line in the navigation"
    assert "浇水 water the beds" in home, "what waits there"
    assert "玫瑰 rose" in page.get("/identity/search?q=rose").text
