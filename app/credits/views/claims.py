"""An enterprise's claims: choose what was done, prove it, hand it in, follow it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, uploads
from app.credits.forms import ClaimForm, ReasonForm
from app.credits.messages import CLAIM_STATES, CLAIM_STEPS, EVIDENCE_KINDS
from app.credits.models import Claim, EarnRule
from app.credits.service import claims, earn_rules, evidence_files
from app.credits.views import bp
from app.db import transaction
from app.errors import NotAllowed
from app.identity import service as identity
from app.web import Listing, current_actor, flash_ok, form_status, refusals_to, signed_in


def words() -> dict[str, Any]:
    """What every template about claims needs."""
    return {
        "states": CLAIM_STATES, "step_names": CLAIM_STEPS, "evidence_kinds": EVIDENCE_KINDS,
        "claim_number": claims.claim_number, "rule_title": earn_rules.title_of, "rule_text": earn_rules.description_of,
    }  # fmt: skip


@bp.get("/claims")
@signed_in
def claim_list() -> Any:
    actor = current_actor()
    listing = Listing.from_request(
        {"id": Claim.id, "occurred_on": Claim.occurred_on, "credits": Claim.credits, "state": Claim.state}, "id", ("state",),
        desc=True,
    )  # fmt: skip
    query = claims.own_claims(actor.organisation_id, listing.filters["state"], listing.q)
    page = listing.page(query, Claim.id)
    return render_template(
        "credits/claims.html", page=page, listing=listing, rules=claims.rules_of(page.items),
        may_submit=actor.has("enterprise_admin"), **words(),
    )  # fmt: skip


@bp.get("/claims/new")
@signed_in
def claim_new() -> Any:
    """First step: which deed."""
    if not current_actor().has("enterprise_admin"):
        raise NotAllowed("only_enterprise_admin")
    return render_template("credits/claim_rules.html", rules=earn_rules.rules_on(clock.today()), **words())


@bp.route("/claims/new/<rule_code>", methods=["GET", "POST"])
@signed_in
def claim_create(rule_code: str) -> Any:
    """Second step: the proof; with files, stored as draft or handed in at once."""
    actor = current_actor()
    if not actor.has("enterprise_admin"):
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
        "credits/claim_form.html", form=form, rule=rule, claim=None, **words()
    ), form_status(form)


@bp.route("/claims/<int:claim_id>/edit", methods=["GET", "POST"])
@signed_in
def claim_edit(claim_id: int) -> Any:
    actor = current_actor()
    claim = claims.get_claim(actor, claim_id)
    if claim.organisation_id != actor.organisation_id or not actor.has("enterprise_admin"):
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
        "credits/claim_form.html", form=form, rule=rule, claim=claim, **words()
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
            evidence_files.attach(
                actor, claim.id, upload.filename, upload.stream.read(evidence_files.MAX_BYTES + 1)
            )
    if request.form.get("submit_now"):
        claims.submit_claim(actor, claim.id)
        flash_ok(_("申报已提交，审核结果会在通知中告知。"))
    else:
        flash_ok(_("草稿已保存。"))
    return redirect(url_for("credits.claim_page", claim_id=claim.id), 303)


@bp.get("/claims/<int:claim_id>")
@signed_in
def claim_page(claim_id: int) -> Any:
    actor = current_actor()
    claim = claims.get_claim(actor, claim_id)
    if claim.organisation_id != actor.organisation_id and actor.has("credit_reviewer", "auditor"):
        return redirect(url_for("credits.review_page", claim_id=claim_id))
    return render_template(
        "credits/claim.html", claim=claim, rule=claims.rules_of([claim]).get(claim.earn_rule_id), form=ReasonForm(),
        mine=actor.has("enterprise_admin") and claim.organisation_id == actor.organisation_id,
        organisation=identity.get_organisation(claim.organisation_id), **words(),
    )  # fmt: skip


@bp.post("/claims/<int:claim_id>/submit")
@signed_in
def claim_submit(claim_id: int) -> Any:
    claims.submit_claim(current_actor(), claim_id)
    flash_ok(_("申报已提交，审核结果会在通知中告知。"))
    return redirect(url_for("credits.claim_page", claim_id=claim_id), 303)


@bp.post("/claims/<int:claim_id>/withdraw")
@signed_in
def claim_withdraw(claim_id: int) -> Any:
    claims.withdraw_claim(current_actor(), claim_id)
    flash_ok(_("申报已撤回。"))
    return redirect(url_for("credits.claim_page", claim_id=claim_id), 303)


@bp.post("/claims/<int:claim_id>/appeal")
@signed_in
def claim_appeal(claim_id: int) -> Any:
    claims.appeal_claim(current_actor(), claim_id, ReasonForm().reason.data or "")
    flash_ok(_("申诉已提交，将由另一位审核员处理。"))
    return redirect(url_for("credits.claim_page", claim_id=claim_id), 303)


@bp.post("/claims/<int:claim_id>/files/<int:file_id>/remove")
@signed_in
def claim_file_remove(claim_id: int, file_id: int) -> Any:
    evidence_files.detach(current_actor(), claim_id, file_id)
    return redirect(url_for("credits.claim_edit", claim_id=claim_id), 303)


@bp.get("/claims/<int:claim_id>/files/<int:file_id>")
@signed_in
def claim_file(claim_id: int, file_id: int) -> Any:
    """The bytes as they were uploaded; a browser may show them, never run them."""
    row, data = evidence_files.read_file(current_actor(), claim_id, file_id)
    name = f"evidence-{row.id}.{row.name.rsplit('.', 1)[-1]}"
    return uploads.shown(data, row.media_type, name, row.sha256)
