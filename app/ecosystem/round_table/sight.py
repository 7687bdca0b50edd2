"""What of the table's papers a reader may know: the weakness of one firm is not everybody's (`domain.md` §5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from flask_babel import gettext as _

from app.chain import door as chain
from app.ecosystem import sight
from app.ecosystem.committee import service as committee
from app.ecosystem.committee.models import CommitteeSeat
from app.ecosystem.round_table import rules, words
from app.identity.door import Actor, roles


class Subject(Protocol):
    """A proposed or a stored item of the agenda."""

    @property
    def kind(self) -> str: ...

    @property
    def params(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Part:
    """A subject that was taken into another one."""

    kind: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Reader:
    """Who reads: the people who prepare the table, a seat at it, or any member."""

    actor: Actor
    prepares: bool
    sits: bool

    def shows(self, item: Subject) -> bool:
        """Say whether the reader may know what an item is about."""
        if self.prepares or not rules.names_few(item.kind, item.params, chain.LEAST_FIRMS):
            return True
        return item.kind == "overdue" and self.knows_lateness(item.params.get("owner", 0))

    def knows_lateness(self, owner_id: int) -> bool:
        """Say whether the reader may know that this organisation is late with a resolution."""
        return self.prepares or self.sits or owner_id == self.actor.organisation_id

    def title(self, item: Subject, own: str = "") -> str:
        """Return what an item is about, or that it is not this reader's to know."""
        if not self.shows(item):
            return _("涉及个别单位的议题，仅对有权查看的人员显示")
        return words.agenda_title(item.kind, item.params, own)

    def merged(self, item: Subject) -> list[str]:
        """Return what was taken into this subject, each as this reader may know it."""
        parts = item.params.get("merged", ()) if self.shows(item) else ()
        return [self.title(Part(one["kind"], one["params"]), one["title"]) for one in parts]

    def speaker(self, item: Subject) -> str:
        """Return who speaks to a subject, for whoever may know what it is about."""
        return str(item.params.get("speaker", "")) if self.shows(item) else ""

    def note(self, item: Subject) -> str:
        """Return what speaks for an item; the size of a gap only where it is not one firm's."""
        if not self.shows(item):
            return ""
        return words.agenda_note(
            item.kind, item.params, sight.reads_strength_of(self.actor, item.params.get("firms"))
        )


def reader_of(actor: Actor, seats: Iterable[CommitteeSeat] | None = None) -> Reader:
    """Return how this member reads the table, whose `seats` may have been read already."""
    prepares = sight.reads_one_firms_strength(actor) or actor.may(roles.RUNS_COMMITTEE)
    return Reader(actor, prepares, prepares or committee.has_seat(actor, seats))
