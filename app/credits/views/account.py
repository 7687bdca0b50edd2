"""The account: balance, twelve months, catalogue, statement on the screen, as PDF and as Excel."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import redirect, render_template, request, url_for

from app import clock, language, units
from app.credits.messages import CATEGORIES
from app.credits.models import Reward
from app.credits.service import accounts, pictures, rewards
from app.credits.statement_files import line_label, statement_file
from app.credits.views import bp
from app.db import db
from app.identity import service as identity
from app.identity.service import Actor
from app.web import Listing, current_actor, download, signed_in

STAFF = ("auditor", "park_admin", "credit_reviewer")
ICONS = {"earn": "award", "redeem": "gift", "expire": "hourglass", "reverse": "arrow-back-up", "adjust": "adjustments",
         "recover": "arrow-back-up"}  # fmt: skip


def line_icon(line: accounts.StatementLine) -> str:
    """The picture before a line of the statement."""
    if line.source.startswith("booking"):
        return "calendar-time"
    return ICONS.get(line.kind, "coins")


def whose(actor: Actor) -> tuple[int, str]:
    """The account this page shows, and the query value that keeps showing it."""
    code = request.args.get("enterprise", "")[:40]
    return accounts.readable_organisation(actor, code), code


@bp.get("/")
@signed_in
def account() -> Any:
    actor = current_actor()
    if not request.args.get("enterprise") and actor.has(*STAFF):
        return redirect(url_for("credits.park_overview"))
    organisation_id, code = whose(actor)
    listing = Listing.from_request({"cost": Reward.cost_credits}, "cost", ("category", "kind"))
    summary = accounts.account_summary(organisation_id)
    query = rewards.current(clock.today())
    total = accounts.count(query)
    if listing.filters["category"] in CATEGORIES:
        query = query.where(Reward.category == listing.filters["category"])
    rows = list(
        db.session.scalars(query.order_by(Reward.issued.desc(), Reward.cost_credits, Reward.id).limit(8))
    )
    statement = accounts.statement(
        accounts.statement_query(organisation_id, listing.filters["kind"] or "moved"), 1, 9
    )
    return render_template(
        "credits/account.html", organisation=identity.get_organisation(organisation_id), code=code, summary=summary,
        months=accounts.twelve_months(organisation_id), offers=rewards.offers(organisation_id, summary.available_credits, rows),
        total=total, statement=statement, listing=listing, categories=CATEGORIES, line_icon=line_icon,
        line_label=line_label, can_redeem=actor.has("enterprise_admin"),
    )  # fmt: skip


@bp.app_template_filter("credits_month")
def month_name(month: dt.date) -> str:
    return units.MONTHS_EN[month.month - 1] if language.lang() == "en" else f"{month.month}月"


@bp.app_template_filter("credits_day")
def day_name(day: dt.date) -> str:
    """A day as the balance card says it: 12月31日, 31 Dec."""
    if language.lang() == "en":
        return f"{day.day} {units.MONTHS_EN[day.month - 1]} "
    return f"{day.month}月{day.day}日"


@bp.get("/rewards")
@signed_in
def reward_list() -> Any:
    actor = current_actor()
    listing = Listing.from_request(
        {"cost": Reward.cost_credits, "popular": Reward.issued, "new": Reward.updated_at},
        "cost",
        ("category",),
        per_page=24,
    )
    query = rewards.current(clock.today())
    if listing.filters["category"] in CATEGORIES:
        query = query.where(Reward.category == listing.filters["category"])
    if listing.q:
        like = f"%{listing.q}%"
        query = query.where(
            Reward.name_zh.ilike(like) | Reward.name_en.ilike(like) | Reward.description_zh.ilike(like)
        )
    page = listing.page(query, Reward.id)
    available = accounts.available_credits(actor.organisation_id)
    return render_template(
        "credits/rewards.html", page=page, offers=rewards.offers(actor.organisation_id, available, list(page.items)),
        listing=listing, categories=CATEGORIES, available=available, can_redeem=actor.has("enterprise_admin"),
        is_firm=identity.get_organisation(actor.organisation_id).kind == "enterprise", may_edit=actor.has(*pictures.EDITORS),
    )  # fmt: skip


def _wanted() -> tuple[str, str, dt.date | None, dt.date | None]:
    args = request.args
    kind = args.get("kind", "") if args.get("kind") in ("earned", "used", "held") else ""
    return kind, args.get("q", "")[:100], clock.read_day(args.get("since")), clock.read_day(args.get("until"))


@bp.get("/statement")
@signed_in
def statement() -> Any:
    organisation_id, code = whose(current_actor())
    listing = Listing.from_request({"seq": Reward.id}, "seq", ("kind", "since", "until"))
    page = accounts.statement(
        accounts.statement_query(organisation_id, *_wanted()), listing.page_no, listing.per_page
    )
    return render_template(
        "credits/statement.html", organisation=identity.get_organisation(organisation_id), code=code, page=page,
        listing=listing, line_icon=line_icon, line_label=line_label, summary=accounts.account_summary(organisation_id),
    )  # fmt: skip


@bp.get("/statement.<any(pdf, xlsx):suffix>")
@signed_in
def statement_download(suffix: str) -> Any:
    organisation_id, _code = whose(current_actor())
    return download(*statement_file(organisation_id, _wanted(), suffix))
