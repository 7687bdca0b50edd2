"""Versions of the codebook as pages show them: the text, its tests, and how many sentences it would read anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.errors import Reason
from app.hall.text import language
from app.insight.scores.store import dimension_rows
from app.insight.themes.bench import texts_of_newest
from app.insight.themes.models import CodebookVersion
from app.insight.themes.queries import find_in_force, read_book
from app.insight.themes.rules import Reader, Theme, marks


@dataclass(frozen=True)
class Tried:
    """One test of a book: the text, the themes it names, those that were found."""

    text: str
    expected: Sequence[str]
    got: Sequence[str]

    @property
    def passed(self) -> bool:
        return set(self.expected) == set(self.got)


@dataclass(frozen=True)
class Looked:
    """A codebook looked into: what is wrong, its themes, its tests, sentences whose themes would change."""

    faults: Sequence[Reason]
    themes: Sequence[Theme]
    tests: Sequence[Tried]
    changed: int = 0
    read: int = 0


def list_books() -> list[CodebookVersion]:
    """The newest first."""
    query = sa.select(CodebookVersion).order_by(CodebookVersion.id.desc()).limit(50)
    return list(db.session.scalars(query))


def get_book(version_id: int) -> CodebookVersion | None:
    return db.session.get(CodebookVersion, version_id)


def faults_of(text: str) -> list[Reason]:
    """Everything wrong with the file itself, with line and column."""
    book = read_book(text)
    faults = [
        Reason(
            "policy_fault_at",
            {"line": one.line, "column": one.column, "words": language.message(one.code, one.params)},
        )
        for one in book.problems
    ]
    if not faults:
        known = {row.code for row in dimension_rows()}
        strange = sorted({one.dimension for one in book.themes} - known)
        faults += [Reason("insight_unknown_dimension", {"value": one}) for one in strange]
        if not book.tests:
            faults.append(Reason("insight_codebook_no_tests"))
    return faults


def look_into(text: str) -> Looked:
    """Run the tests of a text; nothing is stored."""
    faults, book = faults_of(text), read_book(text)
    if book.problems:
        return Looked(faults, (), ())
    tests = [
        Tried(one.text, one.themes, sorted({mark.theme for mark in marks(one.text, book.themes)}))
        for one in book.tests
    ]
    changed, read = _changed(text, book.themes)
    return Looked(faults, book.themes, tests, changed, read)


def _changed(text: str, themes: Sequence[Theme]) -> tuple[int, int]:
    """Of the newest sentences, how many would have other themes than the book in force gives them."""
    now = find_in_force()
    if now is None or now.text == text:
        return 0, 0
    texts, new, old = texts_of_newest(), Reader(themes), Reader(read_book(now.text).themes)
    changed = sum(_themes(one, new) != _themes(one, old) for one in texts)
    return changed, len(texts)


def _themes(text: str, reader: Reader) -> set[str]:
    return {mark.theme for mark in reader.marks(text)}
