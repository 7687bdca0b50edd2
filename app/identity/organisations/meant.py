"""Which organisation a sheet means: by its code, or by a name that only one bears."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.text.normalise import comparable
from app.identity.organisations.directory import organisations_by_id
from app.identity.organisations.models import Organisation


def organisation_codes(words: Iterable[str]) -> dict[str, str]:
    """The code behind each word that names exactly one organisation; other words are not in the answer."""
    wanted = {word: _folded(word) for word in words}
    found: dict[str, set[str]] = {}
    query = sa.select(Organisation.code, Organisation.name_zh, Organisation.name_en)
    for code, *names in db.session.execute(query):
        for name in (code, *names):
            if name:
                found.setdefault(_folded(name), set()).add(code)
    return {word: next(iter(found[key])) for word, key in wanted.items() if len(found.get(key, ())) == 1}


def _folded(text: str) -> str:
    return "".join(comparable(text).split())


def codes_by_id(ids: Iterable[int]) -> dict[int, str]:
    """The code of each organisation."""
    return {number: info.code for number, info in organisations_by_id(ids).items()}
