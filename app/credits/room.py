"""What the credits room brings to the house."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.credits import (
    api_files,  # noqa: F401  (these two add their calls to the same blueprint)
    api_park,  # noqa: F401
    cli,
    demo,
)
from app.credits.api import api
from app.credits.messages import MESSAGES
from app.credits.service import accounts, claims, proposals, redemptions, register_fulfilment, rewards, venues
from app.credits.views import bp
from app.rooms import Figure, Hit, NavItem, Room, Todo

FIRM = frozenset({"enterprise_admin", "enterprise_member"})
PARK = frozenset({"park_admin", "credit_reviewer", "auditor"})


def _review_badge(actor: Any) -> int:
    return claims.count_waiting() if actor.has("credit_reviewer") else 0


def _redemption_badge(actor: Any) -> int:
    return redemptions.count_waiting() if actor.has("park_admin") else 0


def _todos(actor: Any) -> Iterator[Todo]:
    waiting = _review_badge(actor)
    if waiting:
        yield Todo(_("积分申报等待审核"), url_for("credits.review_queue"), waiting, "checks")
    waiting = _redemption_badge(actor)
    if waiting:
        yield Todo(
            _("兑换等待审批或兑现"), url_for("credits.redemption_list", state="requested"), waiting, "gift"
        )
    if actor.has(*proposals.EDITORS):
        waiting = proposals.count_waiting(actor)
        if waiting:
            yield Todo(
                _("提案等待您复核"), url_for("credits.proposal_list", state="proposed"), waiting, "checklist"
            )
    if actor.has("enterprise_admin"):
        waiting = claims.count_returned(actor.organisation_id)
        if waiting:
            yield Todo(
                _("申报被退回，等待补充"),
                url_for("credits.claim_list", state="returned"),
                waiting,
                "arrow-back-up",
            )


def _figures(actor: Any) -> Iterator[Figure]:
    if actor.has(*FIRM):
        summary = accounts.account_summary(actor.organisation_id)
        note = _("冻结 %(held)s", held=f"{summary.held_credits:,}") if summary.held_credits else ""
        yield Figure(
            "coins",
            _("可用积分"),
            f"{summary.available_credits:,}",
            _("积分"),
            url_for("credits.account"),
            note,
        )


def _search(actor: Any, q: str) -> Iterator[Hit]:
    for row in rewards.search(q):
        yield Hit(
            _("权益"),
            rewards.name_of(row),
            rewards.description_of(row),
            url_for("credits.reward_page", code=row.code),
        )


def _balance(actor: Any) -> int | None:
    return accounts.available_credits(actor.organisation_id) if actor.has(*FIRM) else None


ROOM = Room(
    name="credits",
    title=_l("创新积分"),
    blueprints=[bp],
    apis=[api],
    nav=[
        NavItem("credits.account", "coins", _l("积分中心"), "credits", FIRM, bottom=True, short=_l("积分")),
        NavItem("credits.reward_list", "gift", _l("积分商城"), "credits"),
        NavItem("credits.claim_list", "award", _l("我的申报"), "credits", FIRM),
        NavItem(
            "credits.redemption_list",
            "clipboard-list",
            _l("兑换"),
            "credits",
            FIRM | PARK,
            badge=_redemption_badge,
        ),
        NavItem("credits.venue_list", "building", _l("场地分配"), "park", PARK),
        NavItem("credits.rule_list", "list-details", _l("积分规则"), "credits"),
        NavItem("credits.park_overview", "chart-bar", _l("积分总览"), "park", PARK),
        NavItem("credits.review_queue", "checks", _l("申报审核"), "park", PARK, badge=_review_badge),
        NavItem("credits.proposal_list", "checklist", _l("复核提案"), "park", PARK),
        NavItem("credits.audit_page", "shield-check", _l("账本审计"), "park", {"auditor", "park_admin"}),
    ],
    todos=_todos,
    figures=_figures,
    search=_search,
    balance=_balance,
    messages=MESSAGES,
    cli=[cli.group],
    demo=demo.load,
    jobs_module="app.credits.jobs",
    on_start=lambda: register_fulfilment("venue", venues.allocate),
)
