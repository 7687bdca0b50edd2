"""The reviewer's desk: the queue, the evidence side by side, the decision."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from app.credits.forms import ReasonForm
from app.credits.models import Claim
from app.credits.service import accounts, claims, earn_rules, review
from app.credits.views import bp
from app.credits.views.claims import words
from app.identity import service as identity
from app.web import Listing, current_actor, flash_ok, roles

READERS = ("credit_reviewer", "park_admin", "auditor")
DONE = {
    "approve": review.approve_claim,
    "return": review.return_claim,
    "reject": review.reject_claim,
    "revoke": review.revoke_claim,
}


@bp.get("/review")
@roles(*READERS)
def review_queue() -> Any:
    listing = Listing.from_request(
        {"submitted_at": Claim.submitted_at, "occurred_on": Claim.occurred_on, "id": Claim.id},
        "submitted_at",
        ("state",),
    )
    page = listing.page(claims.review_queue(listing.filters["state"], listing.q), Claim.id)
    return render_template(
        "credits/review.html", page=page, listing=listing, rules=claims.rules_of(page.items),
        firms=identity.organisations_by_id(row.organisation_id for row in page.items), **words(),
    )  # fmt: skip


@bp.get("/review/<int:claim_id>")
@roles(*READERS)
def review_page(claim_id: int) -> Any:
    actor = current_actor()
    claim = claims.get_claim(actor, claim_id)
    rule = claims.rules_of([claim]).get(claim.earn_rule_id)
    earned = earn_rules.earned_by(claim.organisation_id, claim.rule_code, claim.id)
    return render_template(
        "credits/review_page.html", claim=claim, rule=rule, form=ReasonForm(), appeal=claims.appeal_of(claim.id),
        organisation=identity.get_organisation(claim.organisation_id), earned=earned,
        summary=accounts.account_summary(claim.organisation_id), may=_may(actor, claim), **words(),
    )  # fmt: skip


def _may(actor: Any, claim: Claim) -> set[str]:
    """The decisions this reviewer may take; the service judges once more."""
    if not actor.has("credit_reviewer") or actor.organisation_id == claim.organisation_id:
        return set()
    if actor.member_id in (claim.submitted_by, claim.created_by):
        return set()
    appeal = claims.appeal_of(claim.id) if claim.state == "appealed" else None
    if appeal is not None and appeal.rejected_by == actor.member_id:
        return {"other"}
    return {
        "submitted": {"approve", "return", "reject"},
        "appealed": {"approve", "reject"},
        "approved": {"revoke"},
    }.get(claim.state, set())


@bp.post("/review/<int:claim_id>/<any(approve, return, reject, revoke):decision>")
@roles("credit_reviewer")
def review_decide(claim_id: int, decision: str) -> Any:
    DONE[decision](current_actor(), claim_id, ReasonForm().reason.data or "")
    flash_ok(
        {
            "approve": _("已通过，积分已入账。"),
            "return": _("已退回企业补充。"),
            "reject": _("已驳回。"),
            "revoke": _("已撤销认定，积分已冲正。"),
        }[decision]
    )
    if decision == "revoke":
        return redirect(url_for("credits.review_page", claim_id=claim_id), 303)
    return redirect(url_for("credits.review_queue"), 303)
