"""What the voice room brings to the house."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from app.hall.rooms import Door, Hit, Room, Section, Todo
from app.identity.door import Actor
from app.voice.cli import voice_group
from app.voice.demo import load
from app.voice.feedback.feature import FEATURE as FEEDBACK
from app.voice.gatherings.feature import FEATURE as GATHERINGS
from app.voice.messages import MESSAGES
from app.voice.pages import api, bp, sheet_api, sheet_bp
from app.voice.people.feature import FEATURE as PEOPLE
from app.voice.surveys.feature import FEATURE as SURVEYS
from app.voice.visits.feature import FEATURE as VISITS

# One line a feature: its pages and calls are there with it, in this order in the navigation and in the demo.
FEATURES = (
    VISITS,
    FEEDBACK,
    GATHERINGS,
    SURVEYS,
    PEOPLE,
)


def todos(actor: Actor) -> Iterator[Todo]:
    for one in FEATURES:
        yield from one.todos(actor)


def sections(actor: Actor) -> Iterator[Section]:
    for one in FEATURES:
        yield from one.sections(actor)


def search(actor: Actor, q: str) -> Iterator[Hit]:
    for one in FEATURES:
        yield from one.search(actor, q)


def doors(actor: Actor, kind: str, number: int) -> Iterator[Door]:
    for one in FEATURES:
        yield from one.doors(actor, kind, number)


def demo() -> None:
    load()
    for one in FEATURES:
        if one.demo is not None:
            one.demo()


def on_start() -> None:
    for one in FEATURES:
        if one.on_start is not None:
            one.on_start()


ROOM = Room(
    name="voice",
    title=_l("回访"),
    icon="message-circle",
    may_call=frozenset(
        {"identity", "credits", "chain", "sharing", "policy", "upkeep", "ecosystem", "problems"}
    ),
    blueprints=[bp, sheet_bp],
    apis=[api, sheet_api],
    nav=[item for one in FEATURES for item in one.nav],
    todos=todos,
    sections=sections,
    search=search,
    doors=doors,
    messages={**MESSAGES, **{code: text for one in FEATURES for code, text in one.messages.items()}},
    cli=[voice_group],
    demo=demo,
    jobs_module="app.voice.jobs",
    on_start=on_start,
)
