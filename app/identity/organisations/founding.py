"""The very first step outside the demo: the park itself and one administrator."""

from __future__ import annotations

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict
from app.identity.actor import SYSTEM
from app.identity.audit.service import audit
from app.identity.members.links import first_link
from app.identity.members.service import add_member
from app.identity.organisations.models import Organisation
from app.identity.roles import PARK_ADMIN


def found_park(name_zh: str, name_en: str, login: str, name: str) -> str:
    """Make the park in an empty database; answers the secret of the administrator's password link."""
    with transaction():
        if db.session.scalar(sa.select(sa.func.count()).select_from(Organisation)):
            raise Conflict("park_founded_already")
        row = Organisation(code="PARK", kind="park", name_zh=name_zh, name_en=name_en, created_at=clock.now())
        db.session.add(row)
        db.session.flush()
        member = add_member(row.id, login, name, "", [PARK_ADMIN])
        audit(SYSTEM, "park.founded", "organisation", row.id)
        return first_link(member)
