"""Codebooks come into force by four eyes; sentences are read by the one in force; people correct and double-code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid, NotAllowed, NotFound, Reason
from app.hall.text import language
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.insight.alerts import service as alerts
from app.insight.scores.store import dimension_rows
from app.insight.themes.models import CodebookVersion, MentionRow, SaidRow
from app.insight.themes.queries import find_in_force, read_book
from app.insight.themes.rules import Mark, Reader, Theme
from app.insight.versions import service as versions

CHUNK = 500
READ = "insight.read_sentences"
EXAMPLE = """format: parklink-codebook/1
version: 1
themes:
  - id: canteen
    dimension: living
    name: {zh: 食堂, en: canteen}
    any: ["食堂"]
tests:
  - {text: "食堂菜太咸", themes: [canteen]}
  - {text: "本月没有反馈", themes: []}
"""
Fetch = Callable[[Sequence[str]], Mapping[str, str]]
_readers: dict[str, Fetch] = {}


def register_reader(source: str, reader: Fetch) -> None:
    """Sentences of this source stay where they were said; `reader` fetches the shown text of these keys."""
    _readers[source] = reader


@dataclass(frozen=True, slots=True)
class Said:
    """Where a sentence stands; `text` only where nobody else keeps it."""

    source: str
    key: str
    month: int
    organisation_id: int | None
    text: str | None = None


def propose(actor: Actor, text: str) -> CodebookVersion:
    """A new version of the codebook: sound, later than the last, its own tests passed."""
    if not actor.may(roles.PROPOSES_INSIGHT_CHANGES):
        raise NotAllowed("insight_analysts_only")
    text = text.replace("\r\n", "\n").rstrip("\n") + "\n"
    book = read_book(text)
    reasons = [_place(one) for one in book.problems]
    known = {row.code for row in dimension_rows()}
    strange = sorted({one.dimension for one in book.themes} - known) if not book.problems else []
    reasons += [Reason("insight_unknown_dimension", {"value": one}) for one in strange]
    if not book.problems and not book.tests:
        reasons.append(Reason("insight_codebook_no_tests"))
    failing = [] if book.problems else [one.text for one in book.tests if one.fails(book.themes)]
    reasons += [Reason("insight_test_fails", {"text": one[:60]}) for one in failing]
    last = db.session.scalar(sa.select(sa.func.max(CodebookVersion.version))) or 0
    if not book.problems and book.version <= last:
        reasons.append(Reason("insight_codebook_not_later", {"version": last}))
    if reasons:
        raise Invalid("insight_codebook_refused", reasons)
    with transaction() as session:
        row = CodebookVersion(
            version=book.version,
            state="proposed",
            text=text,
            proposed_by_id=actor.member_id,
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        identity.audit(actor, "insight_codebook.proposed", "insight_codebook", row.id, version=book.version)
        return row


def _place(one: Any) -> Reason:
    words = language.message(one.code, one.params)
    return Reason("policy_fault_at", {"line": one.line, "column": one.column, "words": words})


def decide(actor: Actor, version_id: int, approve: bool) -> CodebookVersion:
    """Once a codebook is in force every sentence is read again."""
    row = versions.decide(actor, CodebookVersion, version_id, approve)
    if approve:
        read_sentences()
    return row


def keep(sentences: Sequence[Said]) -> None:
    """Note where sentences stand, each once, and read them by the codebook in force."""
    if not sentences:
        return
    known = _known(sentences)
    fresh = [one for one in sentences if (one.source, one.key) not in known]
    with transaction() as session:
        if fresh:
            session.execute(
                sa.insert(SaidRow),
                [
                    {
                        "source": one.source,
                        "key": one.key,
                        "month": one.month,
                        "organisation_id": one.organisation_id,
                        "text": one.text,
                        "read_version": 0,
                    }
                    for one in {(s.source, s.key): s for s in fresh}.values()
                ],
            )
    read_sentences()


def _known(sentences: Sequence[Said]) -> set[tuple[str, str]]:
    found = set()
    for source in {one.source for one in sentences}:
        keys = [one.key for one in sentences if one.source == source]
        for start in range(0, len(keys), CHUNK):
            query = sa.select(SaidRow.key).where(
                SaidRow.source == source, SaidRow.key.in_(keys[start : start + CHUNK])
            )
            found |= {(source, key) for key in db.session.scalars(query)}
    return found


def texts_of(rows: Iterable[SaidRow]) -> dict[int, str]:
    """The shown text of sentences, fetched where they were said."""
    found, elsewhere = {}, dict[str, dict[str, int]]()
    for row in rows:
        if row.text is not None:
            found[row.id] = row.text
        else:
            elsewhere.setdefault(row.source, {})[row.key] = row.id
    for source, keys in elsewhere.items():
        reader = _readers.get(source)
        if reader is not None:
            found |= {keys[key]: text for key, text in reader(list(keys)).items() if key in keys}
    return found


def read_sentences() -> int:
    """Read what the codebook in force has not read yet; think first, then write; answers how many."""
    book = find_in_force()
    if book is None:
        return 0
    themes, version, done = read_book(book.text).themes, book.version, 0
    reader = Reader(themes)
    touched: set[str] = set()
    while True:
        query = sa.select(SaidRow).where(SaidRow.read_version != version).order_by(SaidRow.id).limit(CHUNK)
        rows = list(db.session.scalars(query))
        if not rows:
            break
        texts = texts_of(rows)
        made = [
            _mention(row, theme, found, version)
            for row in rows
            for theme, found in _first(texts.get(row.id, ""), themes, reader)
        ]
        with transaction() as session:
            ids = [row.id for row in rows]
            session.execute(
                sa.delete(MentionRow).where(
                    MentionRow.said_id.in_(ids), MentionRow.version == version, MentionRow.origin == "rule"
                )
            )
            made = _without_those_of_people(made, ids, version)
            if made:
                session.execute(sa.insert(MentionRow), made)
            session.execute(sa.update(SaidRow).where(SaidRow.id.in_(ids)).values(read_version=version))
        touched |= {str(one["dimension"]) for one in made}
        done += len(rows)
    alerts.refresh(touched, ())
    return done


def _first(text: str, themes: Sequence[Theme], reader: Reader) -> list[tuple[Theme, Mark]]:
    """Each theme of a text with its first mark."""
    by_code = {theme.code: theme for theme in themes}
    found: dict[str, Mark] = {}
    for mark in reader.marks(text):
        found.setdefault(mark.theme, mark)
    return [(by_code[code], mark) for code, mark in found.items()]


def _mention(row: SaidRow, theme: Theme, mark: Mark, version: int) -> dict[str, object]:
    return {
        "said_id": row.id,
        "organisation_id": row.organisation_id,
        "month": row.month,
        "dimension": theme.dimension,
        "theme": theme.code,
        "version": version,
        "start": mark.start,
        "end": mark.end,
        "pattern": mark.pattern,
        "origin": "rule",
        "struck": False,
        "at": clock.now(),
    }


def _without_those_of_people(
    made: list[dict[str, object]], ids: Sequence[int], version: int
) -> list[dict[str, object]]:
    query = sa.select(MentionRow.said_id, MentionRow.theme).where(
        MentionRow.said_id.in_(ids), MentionRow.version == version
    )
    taken = {(said, theme) for said, theme in db.session.execute(query)}
    return [one for one in made if (one["said_id"], one["theme"]) not in taken]


def mark_by_hand(actor: Actor, said_id: int, theme: str, present: bool) -> MentionRow:
    """A person adds a theme to a sentence, or strikes one; it stays marked as a person's."""
    if not actor.may(roles.CODES_SENTENCES):
        raise NotAllowed("insight_analysts_only")
    book = find_in_force()
    known = {one.code: one for one in read_book(book.text).themes} if book else {}
    if book is None or theme not in known:
        raise Invalid("insight_theme_unknown", value=theme)
    with transaction() as session:
        said = session.get(SaidRow, said_id)
        if said is None:
            raise NotFound("insight_said_not_found")
        row = session.scalar(
            sa.select(MentionRow).where(
                MentionRow.said_id == said_id, MentionRow.theme == theme, MentionRow.version == book.version
            )
        )
        if row is None:
            row = MentionRow(
                said_id=said_id,
                organisation_id=said.organisation_id,
                month=said.month,
                dimension=known[theme].dimension,
                theme=theme,
                version=book.version,
            )
            session.add(row)
        row.origin, row.struck = "person", not present
        row.member_id, row.at = actor.member_id, clock.now()
        session.flush()
        identity.audit(actor, "insight_mention.corrected", "insight_said", said_id, theme=theme)
        alerts.refresh([row.dimension], ())
        return row
