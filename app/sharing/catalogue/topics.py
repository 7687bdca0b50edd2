"""What is shared for each of several words at once: one statement, whatever the number of words."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from app.hall.db.base import db
from app.identity.door import Actor
from app.sharing.catalogue import records
from app.sharing.catalogue.models import Resource, ResourceWord
from app.sharing.catalogue.tokens import query_words

MOST_WORDS = 200


def resources_about(
    reader: Actor, topics: Iterable[str], kinds: tuple[str, ...]
) -> dict[str, list[Resource]]:
    """Listed resources that this reader finds and that have every word of a topic, by topic, in the order of ids."""
    wanted = {topic: set(query_words(topic)) for topic in topics}
    words = sorted(set().union(*wanted.values()))[:MOST_WORDS] if wanted else []
    if not words:
        return {topic: [] for topic in wanted}
    query = (
        sa.select(Resource, ResourceWord.word)
        .join(ResourceWord, ResourceWord.resource_id == Resource.id)
        .where(ResourceWord.word.in_(words), Resource.kind.in_(kinds), Resource.status == "listed")
        .where(records.found_by(reader))
        .order_by(Resource.id)
    )
    rows: dict[int, Resource] = {}
    held: dict[int, set[str]] = {}
    for row, word in db.session.execute(query):
        rows[row.id] = row
        held.setdefault(row.id, set()).add(word)
    return {
        topic: [rows[number] for number in rows if needed and needed <= held[number]]
        for topic, needed in wanted.items()
    }
