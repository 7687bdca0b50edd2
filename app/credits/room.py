"""What the credits room brings to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.credits import cli, demo
from app.credits.api import api
from app.credits.messages import MESSAGES
from app.rooms import Room

ROOM = Room(
    name="credits",
    title=_l("创新积分"),
    apis=[api],
    messages=MESSAGES,
    cli=[cli.group],
    demo=demo.load,
    jobs_module="app.credits.jobs",
)
