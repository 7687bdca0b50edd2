"""The seam to whoever keeps `park_only` authors: this room asks for deeds and never learns a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from app.hall.errors import Conflict

if TYPE_CHECKING:
    from app.identity.door import Actor


@dataclass(frozen=True)
class Author:
    """Who said it; handed on at once and kept nowhere in this room."""

    organisation_id: int
    member_id: int | None


class ReporterKeeper(Protocol):
    """What the room above does with authors; it alone reads them."""

    def keep(self, problem_id: int, author: Author) -> None:
        """Keep who reported the problem, inside the running transaction."""

    def problems_of(self, organisation_id: int) -> frozenset[int]:
        """Ids of the problems this firm reported without being named."""

    def is_author(self, problem_id: int, organisation_id: int) -> bool:
        """Whether this firm is one of the problem's authors."""

    def tell(self, problem_id: int, code: str, url: str, params: Mapping[str, Any]) -> None:
        """Deliver a message to all authors, inside the running transaction."""

    def merged(self, problem_id: int, into_id: int) -> None:
        """All authors of one problem are authors of another from now on."""


_keepers: list[ReporterKeeper] = []  # at most one


def register_reporter_keeper(keeper: ReporterKeeper) -> None:
    """Called once by the room above when the application is made; the last one counts."""
    _keepers[:] = [keeper]


def has_keeper() -> bool:
    return bool(_keepers)


def keep(problem_id: int, author: Author) -> None:
    if not _keepers:
        raise Conflict("problem_nobody_keeps_authors")
    _keepers[0].keep(problem_id, author)


def problems_of(organisation_id: int) -> frozenset[int]:
    return _keepers[0].problems_of(organisation_id) if _keepers else frozenset()


def is_author(problem_id: int, actor: Actor) -> bool:
    return bool(_keepers) and _keepers[0].is_author(problem_id, actor.organisation_id)


def tell(problem_id: int, code: str, url: str, params: Mapping[str, Any]) -> None:
    if _keepers:
        _keepers[0].tell(problem_id, code, url, params)


def merged(problem_id: int, into_id: int) -> None:
    if _keepers:
        _keepers[0].merged(problem_id, into_id)
