"""What the sharing room brings to the house."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import units
from app.credits.service import register_fulfilment
from app.rooms import Figure, Hit, NavItem, Room, Todo
from app.sharing import (
    api_planning,  # noqa: F401  (adds its calls to the same blueprint)
    service,
)
from app.sharing.api import api
from app.sharing.cli import sharing
from app.sharing.messages import KIND_NAMES, MESSAGES
from app.sharing.round_messages import MESSAGES as ROUND_MESSAGES
from app.sharing.upkeep_messages import MESSAGES as UPKEEP_MESSAGES
from app.sharing.views import bp

OWNERS = frozenset({"enterprise_admin", "steward", "university_office", "park_admin"})


def _badge(actor: Any) -> int:
    counts = service.pending_counts(actor)
    return counts.to_decide + counts.disputes


def _todos(actor: Any) -> Iterator[Todo]:
    counts = service.pending_counts(actor)
    if counts.to_decide:
        yield Todo(_("预约申请待审批"), url_for("sharing.desk"), counts.to_decide, "calendar-check")
    if counts.disputes:
        yield Todo(
            _("费用异议待处理"),
            url_for("sharing.desk", tab="bookings", state="disputed"),
            counts.disputes,
            "receipt",
        )
    if counts.offers:
        yield Todo(
            _("候补名额待确认"), url_for("sharing.bookings", tab="waitlist"), counts.offers, "hourglass"
        )


def _figures(actor: Any) -> Iterator[Figure]:
    ahead, minutes = service.bookings_ahead(actor)
    yield Figure(
        "calendar-check", _("未来七天的预约"), str(ahead), _("场"), url_for("sharing.bookings"),
        _("%(hours)s 小时", hours=units.hours(minutes)),
    )  # fmt: skip


def _search(actor: Any, q: str) -> Iterator[Hit]:
    found, _total = service.find(service.Search(q=q), 8)
    for item in found:
        row = item.resource
        place = " · ".join(x for x in (row.model, f"{row.building} {row.place}".strip()) if x)
        yield Hit(str(KIND_NAMES[row.kind]), row.name, place, url_for("sharing.resource", resource_id=row.id))


def _load_demo() -> None:
    from app.sharing import demo

    demo.load()


ROOM = Room(
    name="sharing",
    title=_l("资源共享"),
    blueprints=[bp],
    apis=[api],
    nav=[
        NavItem("sharing.resources", "packages", _l("共享资源"), "sharing"),
        NavItem(
            "sharing.timeline", "calendar-time", _l("仪器预约"), "sharing", bottom=True, short=_l("预约")
        ),
        NavItem("sharing.bookings", "calendar-check", _l("我的预约"), "sharing"),
        NavItem("sharing.wishes", "wand", _l("弹性申请"), "sharing"),
        NavItem("sharing.desk", "clipboard-check", _l("所有者工作台"), "sharing", OWNERS, badge=_badge),
        NavItem("sharing.lending", "certificate", _l("许可与人才合作"), "sharing"),
        NavItem("sharing.utilisation", "gauge", _l("利用率报告"), "sharing"),
        NavItem("sharing.park_terms", "scale", _l("共享条款"), "park", frozenset({"park_admin", "auditor"})),
    ],
    todos=_todos,
    figures=_figures,
    search=_search,
    messages={**ROUND_MESSAGES, **UPKEEP_MESSAGES, **MESSAGES},
    cli=[sharing],
    demo=_load_demo,
    jobs_module="app.sharing.jobs",
    on_start=lambda: register_fulfilment("instrument_voucher", service.issue_vouchers),
)
