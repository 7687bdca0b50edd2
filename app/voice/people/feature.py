"""What specialists and channels bring to the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.hall.rooms import NavItem
from app.identity.door import roles
from app.voice.feature import Feature
from app.voice.people import api as calls
from app.voice.people import views

PARTS = (calls, views)
FEATURE = Feature(
    nav=(
        NavItem(
            "voice.people_page",
            "users",
            _l("企业服务专员"),
            "today",
            roles.SEES_SPECIALISTS,
            subject=_l("回访"),
        ),
        NavItem(
            "voice.channels_page",
            "chart-bar",
            _l("渠道比较"),
            "today",
            roles.SEES_CHANNELS,
            subject=_l("回访"),
        ),
    ),
)
