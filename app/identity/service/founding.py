"""The very first step outside the demo: the park itself and one administrator."""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.errors import Conflict
from app.identity.models import Organisation
from app.identity.service.actor import SYSTEM, Actor
from app.identity.service.audit import audit
from app.identity.service.joining import add_member, reset_link


def found_park(name_zh: str, name_en: str, login: str, name: str) -> str:
    """Make the park in an empty database; answers the secret of the administrator's password link."""
    with transaction():
        if db.session.scalar(sa.select(sa.func.count()).select_from(Organisation)):
            raise Conflict("park_founded_already")
        row = Organisation(code="PARK", kind="park", name_zh=name_zh, name_en=name_en, created_at=clock.now())
        db.session.add(row)
        db.session.flush()
        member = add_member(row.id, login, name, "", ["park_admin"])
        audit(SYSTEM, "park.founded", "organisation", row.id)
        return reset_link(Actor(member.id, row.id, name, frozenset({"park_admin"})), member.id)
