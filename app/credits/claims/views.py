"""An enterprise's claims, from the deed to the proof; the reviewer's desk; the rules as everybody reads them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.credits import limits
from app.credits.claims import earn_rules, files, review
from app.credits.claims import service as claims
from app.credits.claims.models import Claim, EarnRule
from app.credits.claims.rules import needs_other_reviewer, open_decisions
from app.credits.claims.schemas import ClaimForm
from app.credits.claims.words import CAP_PERIODS, CLAIM_STATES, CLAIM_STEPS, EVIDENCE_KINDS, ORIGINS
from app.credits.ledger import accounts
from app.credits.pages import bp
from app.credits.schemas import ReasonForm
from app.hall import clock
from app.hall.db.transaction import transaction
from app.hall.errors import NotAllowed
from app.hall.files import uploads
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only, signed_in
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import roles


def words() -> dict[str, object]:
    """What every template about claims needs."""
    return {
        "states": CLAIM_STATES,
        "step_names": CLAIM_STEPS,
        "evidence_kinds": EVIDENCE_KINDS,
        "claim_number": claims.claim_number,
        "rule_title": earn_rules.title_of,
        "rule_text": earn_rules.description_of,
        "waited": waited,
    }


def waited(since: dt.datetime | None) -> str:
    """For how long a claim has lain on the reviewers' desk."""
    if since is None:
        return ""
    hours = int((clock.now() - since).total_seconds() // 3600)
    if hours < 1:
        return _("刚刚提交")
    if hours < 48:
        return _("已等待 %(count)s 小时", count=hours)
    return _("已等待 %(count)s 天", count=hours // 24)


@bp.get("/claims")
@signed_in
def claim_list() -> ResponseReturnValue:
    actor = current_actor()
    listing = Listing.from_request(
        {"id": Claim.id, "occurred_on": Claim.occurred_on, "credits": Claim.credits, "state": Claim.state},
        "id",
        ("state",),
        desc=True,
    )
    query = claims.own_claims(actor.organisation_id, listing.filters["state"], listing.q)
    page = listing.page(query, Claim.id)
    return render_template(
        "credits/claims/claims.html",
        page=page,
        listing=listing,
        rules=claims.rules_of(page.items),
        may_submit=actor.may(roles.CLAIMS_FOR_THE_FIRM),
        **words(),
    )


@bp.get("/claims/new")
@signed_in
def claim_new() -> ResponseReturnValue:
    """First step: which deed."""
    if not current_actor().may(roles.CLAIMS_FOR_THE_FIRM):
        raise NotAllowed("only_enterprise_admin")
    return render_template(
        "credits/claims/claim_rules.html", rules=earn_rules.rules_on(clock.today()), **words()
    )


@bp.route("/claims/new/<rule_code>", methods=["GET", "POST"])
@signed_in
def claim_create(rule_code: str) -> ResponseReturnValue:
    """Second step: the proof; with files, stored as draft or handed in at once."""
    actor = current_actor()
    if not actor.may(roles.CLAIMS_FOR_THE_FIRM):
        raise NotAllowed("only_enterprise_admin")
    rule = earn_rules.rule_on(rule_code, clock.today())
    form = ClaimForm()
    if form.validate_on_submit():
        with refusals_to(form), transaction():
            claim = claims.draft_claim(actor, rule_code, *_typed(form, rule))
            return _finish(claim, form)
    elif request.method == "GET":
        form.occurred_on.data = clock.today()
    return render_template(
        "credits/claims/claim_form.html", form=form, rule=rule, claim=None, **words()
    ), form_status(form)


@bp.route("/claims/<int:claim_id>/edit", methods=["GET", "POST"])
@signed_in
def claim_edit(claim_id: int) -> ResponseReturnValue:
    actor = current_actor()
    claim = claims.get_claim(actor, claim_id)
    if claim.organisation_id != actor.organisation_id or not actor.may(roles.CLAIMS_FOR_THE_FIRM):
        raise NotAllowed("only_enterprise_admin")
    claims.require_state(claim, *claims.EDITABLE)
    rule = earn_rules.rule_on(claim.rule_code, claim.occurred_on)
    form = ClaimForm()
    if form.validate_on_submit():
        with refusals_to(form), transaction():
            return _finish(claims.change_claim(actor, claim_id, claim.rule_code, *_typed(form, rule)), form)
    elif request.method == "GET":
        form.occurred_on.data, form.note.data = claim.occurred_on, claim.note
        form.number.data = next((one.value for one in claim.evidence if one.kind == rule.evidence_kind), "")
        form.url.data = next((one.value for one in claim.evidence if one.kind == "url"), "")
    return render_template(
        "credits/claims/claim_form.html", form=form, rule=rule, claim=claim, **words()
    ), form_status(form)


def _typed(form: ClaimForm, rule: EarnRule) -> tuple[dt.date, list[tuple[str, str]], str]:
    evidence = [(rule.evidence_kind, form.number.data or "")]
    if form.url.data:
        evidence.append(("url", form.url.data))
    return form.occurred_on.data or clock.today(), evidence, form.note.data or ""


def _finish(claim: Claim, form: ClaimForm) -> Any:
    """Files, then hand in where asked; all of it in the caller's transaction, so a refusal leaves nothing half done."""
    actor = current_actor()
    for upload in form.files.data or ():
        if upload and upload.filename:
            files.attach(actor, claim.id, upload.filename, upload.stream.read(limits.EVIDENCE_BYTES + 1))
    if request.form.get("submit_now"):
        claims.submit_claim(actor, claim.id)
        flash_ok(_("申报已提交，审核结果会在通知中告知。"))
    else:
        flash_ok(_("草稿已保存。"))
    return redirect(url_for("credits.claim_page", claim_id=claim.id), 303)


@bp.get("/claims/<int:claim_id>")
@signed_in
def claim_page(claim_id: int) -> ResponseReturnValue:
    actor = current_actor()
    claim = claims.get_claim(actor, claim_id)
    if claim.organisation_id != actor.organisation_id and actor.may(roles.COMPARES_EVIDENCE):
        return redirect(url_for("credits.review_page", claim_id=claim_id))
    return render_template(
        "credits/claims/claim.html",
        claim=claim,
        rule=claims.rules_of([claim]).get(claim.earn_rule_id),
        form=ReasonForm(),
        mine=actor.may(roles.CLAIMS_FOR_THE_FIRM) and claim.organisation_id == actor.organisation_id,
        **words(),
    )


@bp.post("/claims/<int:claim_id>/submit")
@signed_in
def claim_submit(claim_id: int) -> ResponseReturnValue:
    claims.submit_claim(current_actor(), claim_id)
    flash_ok(_("申报已提交，审核结果会在通知中告知。"))
    return redirect(url_for("credits.claim_page", claim_id=claim_id), 303)


@bp.post("/claims/<int:claim_id>/withdraw")
@signed_in
def claim_withdraw(claim_id: int) -> ResponseReturnValue:
    claims.withdraw_claim(current_actor(), claim_id)
    flash_ok(_("申报已撤回。"))
    return redirect(url_for("credits.claim_page", claim_id=claim_id), 303)


@bp.post("/claims/<int:claim_id>/appeal")
@signed_in
def claim_appeal(claim_id: int) -> ResponseReturnValue:
    claims.appeal_claim(current_actor(), claim_id, ReasonForm().reason.data or "")
    flash_ok(_("申诉已提交，将由另一位审核员处理。"))
    return redirect(url_for("credits.claim_page", claim_id=claim_id), 303)


@bp.post("/claims/<int:claim_id>/files/<int:file_id>/remove")
@signed_in
def claim_file_remove(claim_id: int, file_id: int) -> ResponseReturnValue:
    files.detach(current_actor(), claim_id, file_id)
    return redirect(url_for("credits.claim_edit", claim_id=claim_id), 303)


@bp.get("/claims/<int:claim_id>/files/<int:file_id>")
@signed_in
def claim_file(claim_id: int, file_id: int) -> ResponseReturnValue:
    """The bytes as they were uploaded; a browser may show them, never run them."""
    row, data = files.read_file(current_actor(), claim_id, file_id)
    name = f"evidence-{row.id}.{row.name.rsplit('.', 1)[-1]}"
    return uploads.shown(data, row.media_type, name, row.sha256)


DONE = {
    "approve": review.approve_claim,
    "return": review.return_claim,
    "reject": review.reject_claim,
    "revoke": review.revoke_claim,
}


@bp.get("/review")
@only(roles.SEES_ALL_CLAIMS)
def review_queue() -> ResponseReturnValue:
    listing = Listing.from_request(
        {"submitted_at": Claim.submitted_at, "occurred_on": Claim.occurred_on, "id": Claim.id},
        "submitted_at",
        ("state",),
    )
    page = listing.page(claims.review_queue(listing.filters["state"], listing.q), Claim.id)
    return render_template(
        "credits/claims/review.html",
        page=page,
        listing=listing,
        rules=claims.rules_of(page.items),
        firms=identity.organisations_by_id(row.organisation_id for row in page.items),
        since=claims.waiting_since(page.items),
        **words(),
    )


@bp.get("/review/<int:claim_id>")
@only(roles.SEES_ALL_CLAIMS)
def review_page(claim_id: int) -> ResponseReturnValue:
    actor = current_actor()
    now = review.situation_of(actor, claim_id)
    claim = now.claim
    rule = claims.rules_of([claim]).get(claim.earn_rule_id)
    earned = earn_rules.earned_by(claim.organisation_id, claim.rule_code, claim.id)
    return render_template(
        "credits/claims/review_page.html",
        claim=claim,
        rule=rule,
        form=ReasonForm(),
        appeal=now.appeal,
        since=claims.waiting_since([claim]),
        organisation=identity.get_organisation(claim.organisation_id),
        earned=earned,
        summary=accounts.account_summary(claim.organisation_id),
        beside=(others := claims.beside(claim_id)),
        firms=identity.organisations_by_id(other.organisation_id for _value, other in others),
        may=open_decisions(now.case, now.reviewer),
        needs_other=needs_other_reviewer(now.case, now.reviewer),
        **words(),
    )


@bp.post("/review/<int:claim_id>/<any(approve, return, reject, revoke):decision>")
@only(roles.REVIEWS_CLAIMS)
def review_decide(claim_id: int, decision: str) -> ResponseReturnValue:
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
    return redirect(url_for("credits.review_next", after=claim_id), 303)


@bp.get("/review/next")
@only(roles.SEES_ALL_CLAIMS)
def review_next() -> ResponseReturnValue:
    """The one that has waited longest of those this reviewer may decide; the list when none is left."""
    following = claims.next_waiting(current_actor(), whole(request.args.get("after", "")) or 0)
    if following is None:
        return redirect(url_for("credits.review_queue"), 303)
    return redirect(url_for("credits.review_page", claim_id=following.id), 303)


def rule_words() -> dict[str, object]:
    """What the pages of the rules need."""
    return {
        "rule_title": earn_rules.title_of,
        "rule_text": earn_rules.description_of,
        "evidence_kinds": EVIDENCE_KINDS,
        "cap_periods": CAP_PERIODS,
        "origins": ORIGINS,
    }


@bp.get("/rules")
@signed_in
def rule_list() -> ResponseReturnValue:
    """What earns how much: for everybody."""
    actor = current_actor()
    return render_template(
        "credits/claims/rules.html",
        rules=earn_rules.rules_on(clock.today()),
        may_edit=actor.may(roles.PROPOSES_CREDIT_CHANGES),
        may_claim=actor.may(roles.CLAIMS_FOR_THE_FIRM),
        **rule_words(),
    )


@bp.get("/rules/<code>")
@signed_in
def rule_page(code: str) -> ResponseReturnValue:
    actor = current_actor()
    found = earn_rules.versions(code)
    return render_template(
        "credits/claims/rule.html",
        versions=found,
        rule=found[0],
        may_edit=actor.may(roles.PROPOSES_CREDIT_CHANGES),
        **rule_words(),
    )
