"""Names of members for timelines: who wrote, who signed."""

from __future__ import annotations

from collections.abc import Iterable

from app.identity.service.people import get_member


def names(ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of members by id."""
    return {id_: get_member(id_).name for id_ in sorted({id_ for id_ in ids if id_})}
