"""The analyst's bench: sentences with their words marked, what nobody assigned yet, themes by month, new words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.db.paging import Page, paginate
from app.insight.scores.store import finished
from app.insight.themes.models import CodebookVersion, MentionRow, SaidRow
from app.insight.themes.queries import find_in_force, mentions_of, read_book
from app.insight.themes.rules import Mark, NewWord, Reader, Theme, new_words
from app.insight.themes.service import texts_of
from app.insight.themes.words import words_of

FEWEST = 5  # firms; below it a share is not shown
YEAR = 12
MOST_TEXTS = 4000  # read for new words; the newest count
EXAMPLE = 60


@dataclass(frozen=True)
class Piece:
    """A stretch of a sentence, and the theme whose words it is."""

    text: str
    theme: str = ""


@dataclass(frozen=True)
class Found:
    """One theme of a sentence: what found it, and whether a person struck it."""

    theme: str
    pattern: str
    by_person: bool
    struck: bool


@dataclass(frozen=True)
class Sentence:
    """A sentence as the bench shows it: in pieces, with its themes."""

    id: int
    source: str
    month: int
    pieces: Sequence[Piece]
    found: Sequence[Found]

    @property
    def themes(self) -> frozenset[str]:
        return frozenset(one.theme for one in self.found if not one.struck)


@dataclass(frozen=True)
class Share:
    """Firms that named a theme of those that named any of its dimension, this month and the month before."""

    theme: str
    dimension: str
    firms: int
    of: int
    before: int
    of_before: int

    @property
    def points(self) -> float | None:
        """The change of the share in points; nothing where one side is of fewer than five firms."""
        if self.of < FEWEST or self.of_before < FEWEST:
            return None
        return 100 * self.firms / self.of - 100 * self.before / self.of_before


Book = CodebookVersion | None


def themes_of(book: Book) -> Sequence[Theme]:
    return () if book is None else read_book(book.text).themes


def themes_in_force() -> Sequence[Theme]:
    return themes_of(find_in_force())


def pieces(text: str, found: Iterable[Mark]) -> list[Piece]:
    """A sentence cut at the places of its words; where two themes share words the first one has them.

    >>> [one.text for one in pieces("菜太咸了", [Mark("canteen", 1, 3, "太咸", "太咸")])]
    ['菜', '太咸', '了']
    """
    cut: list[Piece] = []
    here = 0
    for mark in sorted(found, key=lambda one: (one.start, -one.end)):
        if mark.start < here:
            continue
        cut += [Piece(text[here : mark.start]), Piece(text[mark.start : mark.end], mark.theme)]
        here = mark.end
    return [one for one in (*cut, Piece(text[here:])) if one.text]


@dataclass(frozen=True)
class Wanted:
    """Of a theme, of a month, those nobody assigned, those a person corrected."""

    theme: str = ""
    month: int | None = None
    state: str = ""


def sentences(book: Book, wanted: Wanted, page: int, per_page: int) -> Page:
    """Sentences, the newest month first."""
    version = book.version if book else 0
    query = sa.select(SaidRow).order_by(SaidRow.month.desc(), SaidRow.id.desc())
    if wanted.month is not None:
        query = query.where(SaidRow.month == wanted.month)
    mine = sa.and_(MentionRow.said_id == SaidRow.id, MentionRow.version == version)
    if wanted.theme:
        query = query.where(sa.exists().where(mine, MentionRow.theme == wanted.theme))
    if wanted.state == "unassigned":
        query = query.where(~sa.exists().where(mine, MentionRow.struck.is_(False)))
    elif wanted.state == "corrected":
        query = query.where(sa.exists().where(mine, MentionRow.origin == "person"))
    found = paginate(query, page, per_page, True)
    return Page(_shown(found.items, book), found.total, found.page, found.per_page)


def _shown(rows: Sequence[SaidRow], book: Book) -> list[Sentence]:
    texts, reader, version = texts_of(rows), Reader(themes_of(book)), book.version if book else 0
    mentions: dict[int, list[MentionRow]] = {}
    query = sa.select(MentionRow).where(
        MentionRow.said_id.in_([row.id for row in rows]), MentionRow.version == version
    )
    for one in db.session.scalars(query.order_by(MentionRow.theme)):
        mentions.setdefault(one.said_id, []).append(one)
    return [_sentence(row, texts.get(row.id, ""), mentions.get(row.id, ()), reader) for row in rows]


def _sentence(row: SaidRow, text: str, mentions: Sequence[MentionRow], reader: Reader) -> Sentence:
    standing = {one.theme for one in mentions if not one.struck}
    seen = [mark for mark in reader.marks(text) if mark.theme in standing]
    found = [Found(one.theme, one.pattern, one.origin == "person", one.struck) for one in mentions]
    return Sentence(row.id, row.source, row.month, pieces(text, seen), found)


def get_sentences(ids: Sequence[int]) -> list[Sentence]:
    """These sentences, in the order of their numbers."""
    rows = db.session.scalars(sa.select(SaidRow).where(SaidRow.id.in_(ids)).order_by(SaidRow.id)).all()
    return _shown(rows, find_in_force())


def shares(book: Book, month: int) -> list[Share]:
    """Every theme of the codebook in a month beside the month before, the most named first."""
    themes = themes_of(book)
    said = mentions_of(sorted({one.dimension for one in themes}), month - 1, month, book)

    def count(theme: Theme, when: int) -> tuple[int, int]:
        named: Mapping[str, set[str]] = said.get((theme.dimension, when), {})
        return len(named.get(theme.code, ())), len(set().union(*named.values())) if named else 0

    found = [Share(one.code, one.dimension, *count(one, month), *count(one, month - 1)) for one in themes]
    return sorted(found, key=lambda one: (-one.firms, one.theme))


def months_with_sentences() -> list[int]:
    """Months in which something was said, the newest first."""
    query = sa.select(SaidRow.month).distinct().order_by(SaidRow.month.desc()).limit(2 * YEAR)
    return list(db.session.scalars(query))


@dataclass(frozen=True)
class Word:
    """A new word with a sentence it stands in, and whether a theme has that sentence already."""

    counts: NewWord
    example: str


def words_since(month: int | None = None) -> list[Word]:
    """Words that more sentences hold from a month on than in the year before it, beyond chance."""
    since = finished() if month is None else month
    query = sa.select(SaidRow).where(SaidRow.month >= since - YEAR).order_by(SaidRow.id.desc())
    rows = list(db.session.scalars(query.limit(MOST_TEXTS)))
    texts = texts_of(rows)
    sides: tuple[list[set[str]], list[set[str]]] = ([], [])
    example: dict[str, str] = {}
    for row in rows:
        text = texts.get(row.id, "")
        words = words_of(text)
        sides[row.month < since].append(words)
        if row.month >= since:
            for word in words:
                example.setdefault(word, text)
    return [Word(one, example[one.word][:EXAMPLE]) for one in new_words(*sides)]


def count_unassigned(book: Book) -> tuple[int, int]:
    """Sentences without a theme, and all of them."""
    mine: Any = sa.and_(
        MentionRow.said_id == SaidRow.id,
        MentionRow.version == (book.version if book else 0),
        MentionRow.struck.is_(False),
    )
    query = sa.select(sa.func.count(), sa.func.sum(sa.case((sa.exists().where(mine), 0), else_=1)))
    total, without = db.session.execute(query.select_from(SaidRow)).one()
    return int(without or 0), int(total)


def texts_of_newest(limit: int = 500) -> list[str]:
    """The newest sentences, to try a codebook on."""
    rows = list(db.session.scalars(sa.select(SaidRow).order_by(SaidRow.id.desc()).limit(limit)))
    return list(texts_of(rows).values())
