"""What the chain room brings to the house."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from app.chain import (
    api_makers,  # noqa: F401  (adds its call to the same blueprint)
    models,  # noqa: F401
)
from app.chain.api import api
from app.chain.cli import chain_group
from app.chain.messages import MESSAGES
from app.chain.service import chains
from app.chain.views import bp
from app.rooms import Figure, Hit, NavItem, Room, Todo

if TYPE_CHECKING:
    from app.identity.service import Actor

STAFF = frozenset(chains.STAFF)
PARTNERS = frozenset({"enterprise_admin", "enterprise_member", *chains.STAFF})


def _todos(actor: Actor) -> Iterable[Todo]:
    from app.chain.service import desk

    return desk.todos(actor)


def _figures(actor: Actor) -> Iterable[Figure]:
    from app.chain.service import desk

    return desk.figures(actor)


def _search(actor: Actor, q: str) -> Iterable[Hit]:
    from app.chain.service import desk

    return desk.search(actor, q)


def _load_demo() -> None:
    from app.chain.demo import load

    load()


ROOM = Room(
    name="chain",
    title=_l("产业链"),
    blueprints=[bp],
    apis=[api],
    nav=[
        NavItem("chain.index", "topology-star-3", _l("产业链图谱"), "chain", bottom=True, short=_l("图谱")),
        NavItem("chain.weak_links", "alert-triangle", _l("薄弱环节"), "chain", STAFF),
        NavItem("chain.what_if_page", "adjustments", _l("招商推演"), "chain", STAFF),
        NavItem("chain.prospect_list", "target-arrow", _l("拟引进企业"), "chain", STAFF),
        NavItem("chain.makers_page", "zoom-question", _l("谁能做"), "chain", STAFF),
        NavItem("chain.my_matches", "arrows-exchange", _l("供需撮合"), "chain", PARTNERS),
        NavItem("chain.import_page", "file-import", _l("导入与导出"), "chain", STAFF),
    ],
    todos=_todos,
    figures=_figures,
    search=_search,
    messages=MESSAGES,
    cli=[chain_group],
    demo=_load_demo,
    jobs_module="app.chain.jobs",
)
