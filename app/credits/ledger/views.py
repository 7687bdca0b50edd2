"""The account with its statement, and the audit of the ledger with its seals and closed months."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.credits.ledger import accounts, last_audit, seals
from app.credits.ledger import statement as lines
from app.credits.ledger.months import months_of
from app.credits.ledger.schemas import MonthForm
from app.credits.ledger.statement_files import line_label, statement_file
from app.credits.ledger.words import invariant_sentence
from app.credits.pages import bp
from app.credits.rewards import catalogue as rewards
from app.credits.rewards.models import Reward
from app.credits.rewards.words import CATEGORIES
from app.hall import clock
from app.hall.db.base import db
from app.hall.text import language, units
from app.hall.web.answers import download, flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only, signed_in
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import Actor, roles

ICONS = {
    "earn": "award",
    "redeem": "gift",
    "expire": "hourglass",
    "reverse": "arrow-back-up",
    "adjust": "adjustments",
    "recover": "arrow-back-up",
}


def line_icon(line: lines.StatementLine) -> str:
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
def account() -> ResponseReturnValue:
    actor = current_actor()
    if not request.args.get("enterprise") and actor.may(roles.SEES_ALL_CREDITS):
        return redirect(url_for("credits.park_overview"))
    organisation_id, code = whose(actor)
    listing = Listing.from_request({"cost": Reward.cost_credits}, "cost", ("category", "kind"))
    summary = accounts.account_summary(organisation_id)
    query = rewards.current(clock.today())
    total = lines.count(query)
    if listing.filters["category"] in CATEGORIES:
        query = query.where(Reward.category == listing.filters["category"])
    rows = list(
        db.session.scalars(query.order_by(Reward.issued.desc(), Reward.cost_credits, Reward.id).limit(8))
    )
    statement = lines.statement(
        lines.statement_query(organisation_id, listing.filters["kind"] or "moved"), 1, 9
    )
    organisation = identity.get_organisation(organisation_id)
    return render_template(
        "credits/ledger/account.html",
        organisation=organisation,
        code=code,
        summary=summary,
        months=summary.months,
        offers=rewards.offers(organisation, summary.available_credits, rows),
        total=total,
        statement=statement,
        listing=listing,
        categories=CATEGORIES,
        line_icon=line_icon,
        line_label=line_label,
        can_redeem=actor.may(roles.REDEEMS_FOR_THE_FIRM),
    )


@bp.app_template_filter("credits_month")
def month_name(month: dt.date) -> str:
    return units.MONTHS_EN[month.month - 1] if language.lang() == "en" else f"{month.month}月"


@bp.app_template_filter("credits_day")
def day_name(day: dt.date) -> str:
    """A day as the balance card says it: 12月31日, 31 Dec."""
    if language.lang() == "en":
        return f"{day.day} {units.MONTHS_EN[day.month - 1]} "
    return f"{day.month}月{day.day}日"


def _wanted() -> tuple[str, str, dt.date | None, dt.date | None]:
    args = request.args
    kind = args.get("kind", "") if args.get("kind") in ("earned", "used", "held") else ""
    return kind, args.get("q", "")[:100], clock.read_day(args.get("since")), clock.read_day(args.get("until"))


@bp.get("/statement")
@signed_in
def statement() -> ResponseReturnValue:
    organisation_id, code = whose(current_actor())
    listing = Listing.from_request({"seq": Reward.id}, "seq", ("kind", "since", "until"))
    page = lines.statement(
        lines.statement_query(organisation_id, *_wanted()), listing.page_no, listing.per_page
    )
    return render_template(
        "credits/ledger/statement.html",
        organisation=identity.get_organisation(organisation_id),
        code=code,
        page=page,
        listing=listing,
        line_icon=line_icon,
        line_label=line_label,
    )


@bp.get("/statement.<any(pdf, xlsx):suffix>")
@signed_in
def statement_download(suffix: str) -> ResponseReturnValue:
    organisation_id, _code = whose(current_actor())
    return download(*statement_file(organisation_id, _wanted(), suffix))


@bp.get("/audit")
@only(roles.AUDITS_LEDGER)
def audit_page() -> ResponseReturnValue:
    """What the last audit found and when, the seals, the closed months."""
    return _audit_page(MonthForm())


@bp.get("/audit/found")
@only(roles.AUDITS_LEDGER)
def audit_found() -> ResponseReturnValue:
    """Whether the audit that was asked for has ended; then the page is told to load itself again."""
    standing = last_audit.standing()
    reply = make_response(render_template("credits/ledger/audit_waiting.html", standing=standing))
    if standing.waiting_since is None:
        reply.headers["HX-Refresh"] = "true"
    return reply


@bp.post("/audit/prove")
@only(roles.AUDITS_LEDGER)
def audit_prove() -> ResponseReturnValue:
    """Have the ledger proved in the background, unless that is on its way."""
    if not last_audit.ask():
        flash_ok(_("核对正在进行，或刚刚做完，没有再开始一次。"))
    return redirect(url_for("credits.audit_page"), 303)


def _audit_page(form: MonthForm) -> Any:
    page = render_template(
        "credits/ledger/audit.html",
        standing=last_audit.standing(),
        sentence=invariant_sentence,
        seals=seals.list_seals(20),
        by_mail=seals.leaves_by_mail(),
        periods=seals.list_periods(),
        form=form,
        may_close=current_actor().may(roles.CLOSES_PERIODS),
    )
    return page, form_status(form)


@bp.post("/audit/close")
@only(roles.CLOSES_PERIODS)
def month_close() -> ResponseReturnValue:
    form = MonthForm()
    if form.validate_on_submit():
        with refusals_to(form):
            seals.close_month(current_actor(), form.month.data or "", form.reason.data or "")
            flash_ok(_("该月份已关账。"))
            return redirect(url_for("credits.audit_page"), 303)
    return _audit_page(form)


@bp.post("/audit/seal")
@only(roles.AUDITS_LEDGER)
def seal_now() -> ResponseReturnValue:
    seal = seals.take_seal(current_actor())
    flash_ok(_("已封存，请把哈希保存在系统之外。") if seal else _("没有新的转账需要封存。"))
    return redirect(url_for("credits.audit_page"), 303)


@bp.get("/audit/seals/<int:seal_id>")
@only(roles.SEES_ALL_CREDITS)
def seal_page(seal_id: int) -> Any:
    """One seal to be printed or saved, with the months it covers."""
    seal = seals.get_seal(seal_id)
    return render_template(
        "credits/ledger/seal.html",
        seal=seal,
        as_found=seal.sealed_by == seals.UPGRADE,
        months=months_of(seal.up_to_id),
    )


@bp.get("/audit/seals.txt")
@only(roles.SEES_ALL_CREDITS)
def seals_file() -> ResponseReturnValue:
    """The seals as a file to be kept outside the database: mailed, printed, posted."""
    lines = [
        f"{one.id}\t{one.up_to_id}\t{one.count}\t{one.total}\t{units.moment(one.sealed_at)}\t{one.previous or '-'}\t{one.hash}"
        for one in reversed(seals.list_seals(10_000))
    ]
    text = "\n".join(["seal\tup_to\tcount\ttotal\tsealed_at\tprevious\thash", *lines, ""])
    return download(text.encode(), f"seals-{clock.today():%Y%m%d}.txt", "text/plain; charset=utf-8")
