"""A codebook file (`parklink-codebook/1`) and a file of texts to plain facts, with the place of what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.hall.files.cells import Problem, shown
from app.hall.files.sheet import Column, read_sheet
from app.hall.files.yaml_file import YamlFile, read_yaml, read_yaml_text
from app.insight.reading import read_month
from app.insight.themes.patterns import BadPattern, Pattern, read_pattern
from app.insight.themes.rules import Theme, marks

FORMAT = "parklink-codebook/1"


@dataclass(frozen=True, slots=True)
class Trial:
    """A test of the book: this text speaks of these themes and of no others."""

    text: str
    themes: tuple[str, ...]

    def fails(self, book: tuple[Theme, ...]) -> bool:
        return {one.theme for one in marks(self.text, book)} != set(self.themes)


@dataclass(frozen=True, slots=True)
class Codebook:
    """Themes in the order of the file, its version, and everything wrong."""

    version: int
    themes: tuple[Theme, ...]
    problems: tuple[Problem, ...]
    tests: tuple[Trial, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """One text somebody wrote."""

    id: str
    month: int
    text: str


def read_codebook(path: Path) -> Codebook:
    """Read and check a codebook; its problems name line and column."""
    return _codebook(read_yaml(path))


def read_codebook_text(text: str) -> Codebook:
    """The same for a text of the editor."""
    return _codebook(read_yaml_text("codebook.yaml", text))


def _codebook(book: YamlFile) -> Codebook:
    if book.problems:
        return Codebook(0, (), book.problems)
    data = book.data if isinstance(book.data, dict) else {}
    problems = []
    if data.get("format") != FORMAT:
        problems.append(book.problem(("format",), "insight_format", expected=FORMAT))
    version = data.get("version")
    if type(version) is not int or version < 1:
        problems.append(book.problem(("version",), "insight_version"))
    themes = data.get("themes")
    if not isinstance(themes, list) or not themes:
        problems.append(book.problem(("themes",), "insight_no_themes"))
        themes = []
    found, seen = [], set[str]()
    for n, entry in enumerate(themes):
        theme = _theme(book, n, entry, problems)
        if theme.code in seen:
            problems.append(book.problem(("themes", n, "id"), "insight_theme_twice", value=shown(theme.code)))
        seen.add(theme.code)
        found.append(theme)
    tests = _trials(book, data.get("tests"), seen, problems)
    return Codebook(version if type(version) is int else 0, tuple(found), tuple(problems), tests)


def _trials(book: YamlFile, entries: Any, themes: set[str], problems: list[Problem]) -> tuple[Trial, ...]:
    found = []
    for n, entry in enumerate(entries if isinstance(entries, list) else ()):
        said = entry.get("text") if isinstance(entry, dict) else None
        named = entry.get("themes") if isinstance(entry, dict) else None
        if not isinstance(said, str) or not isinstance(named, list) or not set(map(str, named)) <= themes:
            problems.append(book.problem(("tests", n), "insight_test_shape"))
            continue
        found.append(Trial(said, tuple(map(str, named))))
    return tuple(found)


def _theme(book: YamlFile, n: int, entry: Any, problems: list[Problem]) -> Theme:
    at: tuple[str | int, ...] = ("themes", n)
    if not isinstance(entry, dict):
        problems.append(book.problem(at, "insight_theme_shape"))
        return Theme(f"#{n}", "", ())
    words = {}
    for key in ("id", "dimension"):
        value = entry.get(key)
        if not isinstance(value, str) or not value.strip():
            problems.append(book.problem((*at, key), "insight_theme_key", name=key))
            value = f"#{n}"
        words[key] = value
    wanted = _patterns(book, (*at, "any"), entry.get("any"), problems)
    if not isinstance(entry.get("any"), list) or not entry["any"]:
        problems.append(book.problem((*at, "any"), "insight_theme_key", name="any"))
    forbids = _patterns(book, (*at, "not"), entry.get("not"), problems)
    names = entry.get("name")
    zh, en = (str(names.get(key, "")) for key in ("zh", "en")) if isinstance(names, dict) else ("", "")
    return Theme(words["id"], words["dimension"], wanted, forbids, zh, en)


def _patterns(
    book: YamlFile, at: tuple[str | int, ...], values: Any, problems: list[Problem]
) -> tuple[Pattern, ...]:
    if values is not None and not isinstance(values, list):
        problems.append(book.problem(at, "insight_pattern_list"))
    found = []
    for n, value in enumerate(values if isinstance(values, list) else ()):
        try:
            if not isinstance(value, str):
                raise BadPattern
            found.append(read_pattern(value))
        except BadPattern:
            problems.append(book.problem((*at, n), "insight_pattern", value=shown(str(value))))
    return tuple(found)


def read_texts(path: Path) -> tuple[list[Text], list[Problem]]:
    """`text_id, month, enterprise, text`; the text stays as it is written."""
    columns = (Column("text_id"), Column("month", read_month), Column("enterprise"), Column("text", str))
    sheet = read_sheet(path, "texts", columns, ("text_id",))
    return [Text(r["text_id"], r["month"], r["text"]) for _line, r in sheet.rows], list(sheet.problems)
