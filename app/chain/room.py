"""What the chain room brings to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.chain.cli import chain_group
from app.chain.makers_cli import PROBLEMS as MAKERS_PROBLEMS  # noqa: F401
from app.chain.messages import MESSAGES
from app.rooms import Room

ROOM = Room(name="chain", title=_l("产业链"), messages=MESSAGES, cli=[chain_group])
