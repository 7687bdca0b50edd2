"""Who acts in the demo: the administrators of the demo firms and the park's staff."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager

from app.hall import clock
from app.identity import door as identity
from app.identity.door import Actor


class Cast:
    """Finds organisations by code and acts as their first member."""

    def __init__(self) -> None:
        self._actors: dict[str, Actor] = {}

    def id(self, code: str) -> int:
        found = identity.find_organisation(code)
        assert found is not None, code
        return found.id

    def of(self, code: str) -> Actor:
        """Return the first member of an organisation as an actor."""
        if code not in self._actors:
            member = identity.members_of(self.id(code))[0]
            self._actors[code] = Actor(member.id, member.organisation_id, member.name, member.roles)
        return self._actors[code]

    def staff(self, role: str) -> Actor:
        """Return the member of the park with this role."""
        if role not in self._actors:
            member = identity.members_of(self.id("PARK"), [role])[0]
            self._actors[role] = Actor(member.id, member.organisation_id, member.name, member.roles)
        return self._actors[role]


def ago(days: int, hour: int = 10, minute: int = 0) -> AbstractContextManager[None]:
    """Live through a moment so many days before today."""
    return clock.as_of(clock.at(clock.today() - dt.timedelta(days=days), hour, minute))
