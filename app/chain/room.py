"""What the chain room brings to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.chain import models  # noqa: F401
from app.chain.api import api
from app.chain.cli import chain_group
from app.chain.messages import MESSAGES
from app.rooms import Room


def _load_demo() -> None:
    from app.chain.demo import load

    load()


ROOM = Room(
    name="chain",
    title=_l("产业链"),
    apis=[api],
    messages=MESSAGES,
    cli=[chain_group],
    demo=_load_demo,
    jobs_module="app.chain.jobs",
)
