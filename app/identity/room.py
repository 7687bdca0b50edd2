"""What the identity room brings to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.identity import cli, demo
from app.identity.messages import MESSAGES
from app.rooms import Room

ROOM = Room(
    name="identity",
    title=_l("身份"),
    messages=MESSAGES,
    cli=[cli.group],
    demo=demo.load,
    jobs_module="app.identity.jobs",
)
