"""Keeps the table of names like what the rooms say; only what changed is written, a portion at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.rooms import Name, rooms
from app.hall.search.models import SearchGram, SearchName
from app.hall.search.rules import grams_of

AT_ONCE = 400
Thing = TypeVar("Thing")


def mark_of(name: Name) -> str:
    parts = (
        name.title,
        name.subtitle,
        name.url,
        *sorted(name.seen_by),
        str(name.organisation_id),
        *name.words,
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def refresh() -> int:
    """Bring the table to what the rooms say now; answers how many names were written or dropped."""
    return write(one for room in rooms() for one in room.names())


def write(names: Iterable[Name]) -> int:
    wanted = {(one.kind, one.ref): (one, mark_of(one)) for one in names}
    query = sa.select(SearchName.kind, SearchName.ref, SearchName.id, SearchName.mark)
    known = {(row.kind, row.ref): (row.id, row.mark) for row in db.session.execute(query)}
    fresh = [one for key, (one, mark) in wanted.items() if known.get(key, (0, ""))[1] != mark]
    gone = [number for key, (number, mark) in known.items() if key not in wanted or wanted[key][1] != mark]
    for part in _portions(gone):
        with transaction() as session:
            session.execute(sa.delete(SearchGram).where(SearchGram.name_id.in_(part)))
            session.execute(sa.delete(SearchName).where(SearchName.id.in_(part)))
    for some in _portions(fresh):
        _add([(one, grams_of(one.title, *one.words)) for one in some])
    return len(fresh) + len(gone)


def _portions(things: Sequence[Thing]) -> Iterator[list[Thing]]:
    left = iter(things)
    while part := list(islice(left, AT_ONCE)):
        yield part


def _add(some: Sequence[tuple[Name, list[str]]]) -> None:
    """The bigrams were cut before: the lock is held for writing only."""
    rows = [
        {
            "kind": one.kind,
            "ref": one.ref,
            "title": one.title,
            "subtitle": one.subtitle,
            "url": one.url,
            "seen_by": " ".join(sorted(one.seen_by)),
            "organisation_id": one.organisation_id,
            "mark": mark_of(one),
        }
        for one, _grams in some
    ]
    with transaction() as session:
        ids = session.scalars(
            sa.insert(SearchName).returning(SearchName.id, sort_by_parameter_order=True), rows
        )
        grams = [
            {"gram": gram, "name_id": number}
            for number, (_one, grams) in zip(ids, some, strict=True)
            for gram in grams
        ]
        session.execute(sa.insert(SearchGram), grams)
