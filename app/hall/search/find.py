"""Asks the table of names: two statements for each way to read what was typed, whatever the number of names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.search.models import SearchGram, SearchName
from app.hall.search.rules import asked, misses, plain, rarest

MOST = 40
CANDIDATES = 4000


@dataclass(frozen=True)
class Found:
    kind: str
    title: str
    subtitle: str
    url: str
    shared: int  # bigrams in common with what was typed


def find(text: str, roles: Collection[str], organisation_id: int, most: int = MOST) -> list[Found]:
    """What this reader may find under this text, the best fit first."""
    allowed = _allowed(roles)
    found: dict[str, Found] = {}
    for way in asked(text):
        for one in _by_grams(way, allowed, organisation_id, most):
            found.setdefault(one.url, one)
    if len(plain(text)) == 1:
        for one in _by_first(plain(text), allowed, organisation_id, most):
            found.setdefault(one.url, one)
    return sorted(found.values(), key=lambda one: (-one.shared, len(one.title), one.title, one.url))[:most]


def _allowed(roles: Collection[str]) -> list[str]:
    """The sets of readers to which these roles belong."""
    sets = db.session.scalars(sa.select(SearchName.seen_by).distinct())
    return [one for one in sets if not one or not set(one.split()).isdisjoint(roles)]


def _shown(allowed: Sequence[str], organisation_id: int) -> sa.ColumnElement[bool]:
    return sa.or_(SearchName.seen_by.in_(allowed), SearchName.organisation_id == organisation_id)


def _by_grams(grams: list[str], allowed: Sequence[str], organisation_id: int, most: int) -> list[Found]:
    need = len(grams) - misses(grams)
    counted = (
        sa.select(SearchGram.gram, sa.func.count().label("names"))
        .where(SearchGram.gram.in_(grams))
        .group_by(SearchGram.gram)
    )
    sizes = {row.gram: int(row.names) for row in db.session.execute(counted)}
    if len(sizes) < need:
        return []
    first = rarest(grams, sizes)
    candidates = sa.select(SearchGram.name_id).where(SearchGram.gram.in_(first)).distinct().limit(CANDIDATES)
    shared = sa.func.count().label("shared")
    fitting = (
        sa.select(SearchGram.name_id, shared)
        .where(SearchGram.gram.in_(grams), SearchGram.name_id.in_(candidates))
        .group_by(SearchGram.name_id)
        .having(shared >= need)
        .subquery()
    )
    query = (
        sa.select(SearchName, fitting.c.shared)
        .join(fitting, fitting.c.name_id == SearchName.id)
        .where(_shown(allowed, organisation_id))
        .order_by(fitting.c.shared.desc(), sa.func.length(SearchName.title), SearchName.id)
        .limit(most)
    )
    return [_found(row, count) for row, count in db.session.execute(query)]


def _by_first(letter: str, allowed: Sequence[str], organisation_id: int, most: int) -> list[Found]:
    ids = (
        sa.select(SearchGram.name_id)
        .where(SearchGram.gram >= letter, SearchGram.gram < letter + "\U0010ffff")
        .distinct()
        .limit(CANDIDATES)
    )
    query = sa.select(SearchName).where(SearchName.id.in_(ids), _shown(allowed, organisation_id))
    rows = db.session.scalars(query.order_by(sa.func.length(SearchName.title), SearchName.id).limit(most))
    return [_found(row, 1) for row in rows]


def _found(row: SearchName, shared: int) -> Found:
    return Found(row.kind, row.title, row.subtitle, row.url, shared)
