"""What this room brings to the house."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.ecosystem import (
    api_committee,  # noqa: F401  (these three add their calls to the same blueprint)
    api_review,  # noqa: F401
    api_table,  # noqa: F401
    demo,
    views,
)
from app.ecosystem.api import api
from app.ecosystem.messages import KINDS, MESSAGES
from app.ecosystem.nav import NAV
from app.ecosystem.service import across, committee, introductions, matches, outcomes, packs, posts, sight
from app.rooms import Door, Figure, Hit, Room, Todo

if TYPE_CHECKING:
    from app.identity.service import Actor


def todos(actor: Actor) -> Iterator[Todo]:
    """What waits for this reader."""
    if waiting := matches.count_to_answer(actor):
        yield Todo(_("撮合建议等待贵方答复"), url_for("ecosystem.matches_page"), waiting, "arrows-right-left")
    if unsigned := outcomes.count_to_confirm(actor):
        yield Todo(
            _("成效等待贵方确认"), url_for("ecosystem.introductions_page"), unsigned, "clipboard-check"
        )
    if wishes := packs.count_requests(actor):
        yield Todo(_("拟引进企业等待贵方答复"), url_for("ecosystem.pack_requests"), wishes, "building-plus")
    if late := introductions.count_overdue(actor):
        yield Todo(_("对接的下一步已过期限"), url_for("ecosystem.introductions_page"), late, "clock")
    if owed := committee.count_owed(actor):
        yield Todo(_("决议待办结"), url_for("ecosystem.committee_page", _anchor="resolutions"), owed, "gavel")
    if actor.has("committee_secretary", "park_admin") and (queue := len(posts.review_queue())):
        yield Todo(_("供需内容等待审核"), url_for("ecosystem.review"), queue, "file-check")


def figures(actor: Actor) -> Iterator[Figure]:
    """This room's key figure on the home page."""
    running = introductions.count_running(actor)
    yield Figure(
        "heart-handshake", _("进行中的对接"), str(running), _("项"), url_for("ecosystem.introductions_page")
    )


def search(actor: Actor, q: str) -> Iterator[Hit]:
    """Needs and offers as this reader may see them."""
    for row in posts.search(actor, q):
        title = row.title if posts.shows_identity(actor, row) else row.shown_title
        yield Hit(str(KINDS[row.kind]), title, row.shown_product, url_for("ecosystem.post", post_id=row.id))


def doors(actor: Actor, kind: str, number: int) -> Iterator[Door]:
    """From the page of a resource: say what is wrong with it, as evidence for the round table."""
    if kind == "resource" and actor.has(*sight.WRITERS):
        yield Door(_("反映问题或建议"), url_for("ecosystem.new_signal", resource=number), "message-report")


ROOM = Room(
    name="ecosystem",
    title=_l("生态协同"),
    blueprints=[views.bp],
    apis=[api],
    nav=NAV,
    todos=todos,
    figures=figures,
    search=search,
    doors=doors,
    messages=MESSAGES,
    demo=demo.load,
    jobs_module="app.ecosystem.jobs",
    on_start=across.register,
)
