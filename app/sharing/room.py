"""What the sharing room brings to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.rooms import Room
from app.sharing.api import api
from app.sharing.messages import MESSAGES

ROOM = Room(name="sharing", title=_l("资源共享"), messages=MESSAGES, apis=[api])
