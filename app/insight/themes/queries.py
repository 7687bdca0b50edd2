"""Themes that firms named, by month: what alerts, leading warnings and the bench count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.text import language
from app.insight.themes.codebook import Codebook, read_codebook_text
from app.insight.themes.models import CodebookVersion, MentionRow

ByMonth = dict[tuple[str, int], dict[str, set[str]]]


def find_in_force() -> CodebookVersion | None:
    return db.session.scalar(sa.select(CodebookVersion).where(CodebookVersion.state == "in_force"))


def mentions_of(
    dimensions: Sequence[str], first: int, last: int, book: CodebookVersion | None = None
) -> ByMonth:
    """(dimension, month) to theme to the firms that named it, by the codebook in force; struck ones do not count."""
    book = book or find_in_force()
    found: ByMonth = defaultdict(lambda: defaultdict(set))
    if book is None:
        return found
    query = (
        sa.select(MentionRow.dimension, MentionRow.month, MentionRow.theme, MentionRow.organisation_id)
        .where(
            MentionRow.dimension.in_(dimensions),
            MentionRow.month.between(first, last),
            MentionRow.version == book.version,
            MentionRow.struck.is_(False),
            MentionRow.organisation_id.is_not(None),
        )
        .distinct()
    )
    for dimension, month, theme, firm in db.session.execute(query):
        found[dimension, month][theme].add(str(firm))
    return found


def names_of_themes() -> dict[str, str]:
    """What the themes of the codebook in force are called in the reader's language."""
    book = find_in_force()
    return {} if book is None else names_in(read_book(book.text))


def names_in(book: Codebook) -> dict[str, str]:
    """What the themes of a codebook are called in the reader's language."""
    english = language.lang() == "en"
    return {one.code: (one.name_en if english else one.name_zh) or one.code for one in book.themes}


def theme_name(code: str) -> str:
    """What one theme is called; a theme the codebook no longer has keeps its code."""
    return names_of_themes().get(code, code)


@lru_cache(maxsize=8)
def read_book(text: str) -> Codebook:
    """A codebook read once: versions are never edited."""
    return read_codebook_text(text)
