"""What gatherings bring to the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.hall.rooms import NavItem
from app.identity.door import roles
from app.voice.feature import Feature
from app.voice.gatherings import api as calls
from app.voice.gatherings import demo, views

PARTS = (calls, views)
FEATURE = Feature(
    nav=(
        NavItem(
            "voice.gathering_list",
            "users",
            _l("下午茶与活动"),
            "today",
            roles.SEES_GATHERINGS,
            subject=_l("回访"),
        ),
    ),
    demo=demo.load,
)
