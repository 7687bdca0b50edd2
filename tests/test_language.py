"""Every visible sentence can be read in both languages."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog
from babel.messages.mofile import read_mo

from app.hall.rooms import room_folders
from app.hall.text import language

ROOMS = ("hall", *room_folders())
TEMPLATES = language.APP / "templates"
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("room", ROOMS)
def test_every_sentence_has_its_english(room: str) -> None:
    wanted = {entry.id for entry in language.extract(room) if entry.id}
    catalogue = language.load(room)
    known = {entry.id for entry in catalogue if entry.id}
    assert sorted(str(one) for one in wanted - known) == [], (
        "run: python -m app.hall.text.language update " + room
    )
    assert language.untranslated(catalogue) == []


@pytest.mark.parametrize("room", ROOMS)
def test_placeholders_survive_translation(room: str) -> None:
    for entry in language.load(room):
        if entry.id and isinstance(entry.id, str):
            want = set(re.findall(r"%\((\w+)\)", entry.id))
            assert set(re.findall(r"%\((\w+)\)", str(entry.string))) == want, entry.id


def test_one_sentence_has_one_english() -> None:
    """The catalogues are merged when a page is shown: the same Chinese in two rooms must not mean two things."""
    english: dict[str, set[str]] = {}
    for room in ROOMS:
        for entry in language.load(room):
            if entry.id:
                english.setdefault(str(entry.id), set()).add(str(entry.string))
    assert {chinese: words for chinese, words in english.items() if len(words) > 1} == {}


@pytest.mark.parametrize("room", ROOMS)
def test_compiled_catalogue_is_fresh(room: str) -> None:
    path = language.catalogue_path(room)
    compiled = read_mo(io.BytesIO(path.with_suffix(".mo").read_bytes()))
    assert _sentences(compiled) == _sentences(language.load(room))


def _sentences(catalog: Catalog) -> dict[str, list[str]]:
    """Chinese → English; a sentence with a plural by its singular, whatever sequence holds its forms."""

    def forms(value: Any) -> list[str]:
        return [value] if isinstance(value, str) else list(value)

    return {forms(entry.id)[0]: forms(entry.string) for entry in catalog if entry.id}


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_no_bare_chinese_in_templates(path: Path) -> None:
    """Text outside of `_()` would reach English readers untranslated."""
    text = path.read_text("utf-8")
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.S)
    text = re.sub(r"\{[{%].*?[%}]\}", "", text, flags=re.S)
    bare = [line.strip() for line in text.splitlines() if HAN.search(line)]
    # The language switch and the brand show themselves in their own script.
    assert [line for line in bare if "园链" not in line and "中文" not in line] == []


@pytest.mark.parametrize(
    "path", sorted((language.APP / "static" / "app").rglob("*.js")), ids=lambda path: path.name
)
def test_no_chinese_in_scripts(path: Path) -> None:
    """Scripts get their sentences from the page, where they are translated."""
    code = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
    code = re.sub(r"(?m)//.*$", "", code)
    assert not HAN.search(code)
