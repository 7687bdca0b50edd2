"""What this room brings to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.rooms import Room

ROOM = Room(name="chain", title=_l("产业链"))
