"""What the credits room brings to the house."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.credits import cli, demo, pages, ties
from app.credits.claims import api as claim_calls
from app.credits.claims import service as claims
from app.credits.claims import sheet as claim_sheet
from app.credits.claims import views as claim_pages
from app.credits.claims import words as claim_words
from app.credits.ledger import accounts
from app.credits.ledger import api as ledger_calls
from app.credits.ledger import views as ledger_pages
from app.credits.ledger import words as ledger_words
from app.credits.park import api as park_calls
from app.credits.park import service as proposals
from app.credits.park import starter
from app.credits.park import views as park_pages
from app.credits.park import words as park_words
from app.credits.rewards import api as reward_calls
from app.credits.rewards import catalogue as rewards
from app.credits.rewards import service as redemptions
from app.credits.rewards import venues
from app.credits.rewards import views as reward_pages
from app.credits.rewards import words as reward_words
from app.credits.rewards.fulfilment import MANUAL, register_fulfilment
from app.hall.rooms import Figure, Hit, NavItem, Room, Todo
from app.identity.door import roles

# Importing a feature's pages and calls adds them to the room's two blueprints.
ROUTES = (
    ledger_pages,
    claim_pages,
    reward_pages,
    park_pages,
    ledger_calls,
    claim_calls,
    reward_calls,
    park_calls,
)
MESSAGES = ledger_words.MESSAGES | claim_words.MESSAGES | reward_words.MESSAGES | park_words.MESSAGES


def _review_badge(actor: Any) -> int:
    return claims.count_waiting() if actor.may(roles.REVIEWS_CLAIMS) else 0


def _redemption_badge(actor: Any) -> int:
    return redemptions.count_waiting() if actor.may(roles.SEES_REDEMPTION_QUEUE) else 0


def _todos(actor: Any) -> Iterator[Todo]:
    waiting = _review_badge(actor)
    if waiting:
        yield Todo(_("积分申报等待审核"), url_for("credits.review_queue"), waiting, "checks")
    waiting = _redemption_badge(actor)
    if waiting:
        yield Todo(
            _("兑换等待审批或兑现"), url_for("credits.redemption_list", state="requested"), waiting, "gift"
        )
    if actor.may(roles.PROPOSES_CREDIT_CHANGES):
        waiting = proposals.count_waiting(actor)
        if waiting:
            yield Todo(
                _("提案等待您复核"), url_for("credits.proposal_list", state="proposed"), waiting, "checklist"
            )
    if actor.may(roles.CLAIMS_FOR_THE_FIRM):
        waiting = claims.count_returned(actor.organisation_id)
        if waiting:
            yield Todo(
                _("申报被退回，等待补充"),
                url_for("credits.claim_list", state="returned"),
                waiting,
                "arrow-back-up",
            )


def _figures(actor: Any) -> Iterator[Figure]:
    if actor.may(roles.SEES_OWN_CREDITS):
        available, held = accounts.balance(actor.organisation_id)
        note = _("冻结 %(held)s", held=f"{held:,}") if held else ""
        yield Figure(
            "coins",
            _("可用积分"),
            f"{available:,}",
            _("积分"),
            url_for("credits.account"),
            note,
        )


def _search(_actor: Any, q: str) -> Iterator[Hit]:
    for row in rewards.search(q):
        yield Hit(
            _("权益"),
            rewards.name_of(row),
            rewards.description_of(row),
            url_for("credits.reward_page", code=row.code),
        )


def _balance(actor: Any) -> int | None:
    return accounts.available_credits(actor.organisation_id) if actor.may(roles.SEES_OWN_CREDITS) else None


def _on_start() -> None:
    register_fulfilment(MANUAL, _l("人工兑现"), None)
    register_fulfilment("venue", _l("场地分配"), venues.allocate)
    ties.register()
    starter.register()


ROOM = Room(
    name="credits",
    title=_l("创新积分"),
    icon="coins",
    may_call=frozenset({"identity"}),
    blueprints=[pages.bp],
    apis=[pages.api],
    nav=[
        NavItem(
            "credits.account",
            "coins",
            _l("积分中心"),
            "credits",
            roles.SEES_OWN_CREDITS,
            subject=_l("积分中心"),
            bottom=True,
            short=_l("积分"),
        ),
        NavItem("credits.reward_list", "gift", _l("积分商城"), "credits", subject=_l("权益与兑换")),
        NavItem(
            "credits.claim_list",
            "award",
            _l("我的申报"),
            "credits",
            roles.SEES_OWN_CREDITS,
            subject=_l("积分中心"),
        ),
        NavItem(
            "credits.redemption_list",
            "clipboard-list",
            _l("兑换"),
            "credits",
            roles.SEES_OWN_CREDITS | roles.SEES_ALL_REDEMPTIONS,
            badge=_redemption_badge,
            subject=_l("权益与兑换"),
        ),
        NavItem(
            "credits.venue_list",
            "building",
            _l("场地分配"),
            "credits",
            roles.SEES_ALL_CREDITS,
            subject=_l("权益与兑换"),
        ),
        NavItem("credits.rule_list", "list-details", _l("积分规则"), "credits", subject=_l("规则与账本")),
        NavItem(
            "credits.park_overview",
            "chart-bar",
            _l("积分总览"),
            "credits",
            roles.SEES_ALL_CREDITS,
            subject=_l("规则与账本"),
        ),
        NavItem(
            "credits.review_queue",
            "checks",
            _l("申报审核"),
            "credits",
            roles.SEES_ALL_CREDITS,
            badge=_review_badge,
            subject=_l("审核与复核"),
        ),
        NavItem(
            "credits.proposal_list",
            "checklist",
            _l("复核提案"),
            "credits",
            roles.SEES_ALL_CREDITS,
            subject=_l("审核与复核"),
        ),
        NavItem(
            "credits.audit_page",
            "shield-check",
            _l("账本审计"),
            "credits",
            roles.AUDITS_LEDGER,
            subject=_l("规则与账本"),
        ),
    ],
    todos=_todos,
    figures=_figures,
    search=_search,
    balance=_balance,
    messages=MESSAGES,
    sheets=claim_sheet.SHEETS,
    cli=[cli.group],
    demo=demo.load,
    jobs_module="app.credits.jobs",
    on_start=_on_start,
)
