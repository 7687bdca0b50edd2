"""Claims over the API: from the draft to the decision, with their files; the rules in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from flask import Response, request

from app.credits.claims import earn_rules, files, review, shapes
from app.credits.claims import service as claims
from app.credits.claims.models import Claim, Evidence, EvidenceFile
from app.credits.claims.schemas import ClaimBody, ClaimQuery, FilePath, NameQuery
from app.credits.ledger import memos
from app.credits.ledger.statement import count
from app.credits.pages import api
from app.credits.schemas import IdPath, ReasonBody
from app.hall import clock
from app.hall.api.blueprint import listed, listed_part, part_of
from app.hall.api.fields import PageQuery, PartQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import File, Listed
from app.hall.db.base import db
from app.hall.web.answers import download
from app.hall.web.guards import current_actor, only, signed_in
from app.identity import door as identity
from app.identity.door import roles


@api.get("/claims")
@signed_in
def list_claims(query: ClaimQuery) -> Listed[shapes.Claim]:
    """One's own claims; reviewers, park and auditor see what was submitted."""
    statement = claims.visible_claims(current_actor(), query.state)
    rows = db.session.scalars(statement.limit(query.limit).offset(query.offset)).all()
    firms = identity.organisations_by_id(one.organisation_id for one in rows)
    evidence = claims.evidence_of_all([one.id for one in rows])
    found = [_claim_json(one, firms[one.organisation_id], evidence.get(one.id, [])) for one in rows]
    return listed(found, count(statement))


@api.post("/claims")
@signed_in
@idempotent
def create_claim(body: ClaimBody) -> tuple[shapes.Claim, int]:
    evidence = [(one.kind, one.value) for one in body.evidence]
    claim = claims.draft_claim(current_actor(), body.rule, body.occurred_on, evidence, body.note)
    return claim_json(claims.get_claim(current_actor(), claim.id)), 201


@api.get("/claims/<int:id>")
@signed_in
def read_claim(path: IdPath) -> shapes.Claim:
    return claim_json(claims.get_claim(current_actor(), path.id))


@api.post("/claims/<int:id>/submit")
@signed_in
@idempotent
def submit_claim(path: IdPath) -> shapes.Claim:
    return claim_json(claims.submit_claim(current_actor(), path.id))


@api.post("/claims/<int:id>/approve")
@only(roles.REVIEWS_CLAIMS)
@idempotent
def approve_claim(path: IdPath, body: ReasonBody) -> shapes.Claim:
    return claim_json(review.approve_claim(current_actor(), path.id, body.reason))


@api.post("/claims/<int:id>/return")
@only(roles.REVIEWS_CLAIMS)
@idempotent
def return_claim(path: IdPath, body: ReasonBody) -> shapes.Claim:
    return claim_json(review.return_claim(current_actor(), path.id, body.reason))


@api.post("/claims/<int:id>/reject")
@only(roles.REVIEWS_CLAIMS)
@idempotent
def reject_claim(path: IdPath, body: ReasonBody) -> shapes.Claim:
    return claim_json(review.reject_claim(current_actor(), path.id, body.reason))


@api.post("/claims/<int:id>/appeal")
@signed_in
@idempotent
def appeal_claim(path: IdPath, body: ReasonBody) -> shapes.Claim:
    return claim_json(claims.appeal_claim(current_actor(), path.id, body.reason))


@api.post("/claims/<int:id>/revoke")
@only(roles.REVIEWS_CLAIMS)
@idempotent
def revoke_claim(path: IdPath, body: ReasonBody) -> shapes.Claim:
    return claim_json(review.revoke_claim(current_actor(), path.id, body.reason))


@api.post("/claims/<int:id>/withdraw")
@signed_in
@idempotent
def withdraw_claim(path: IdPath) -> shapes.Claim:
    return claim_json(claims.withdraw_claim(current_actor(), path.id))


def claim_json(claim: Claim) -> shapes.Claim:
    organisation = identity.get_organisation(claim.organisation_id)
    return _claim_json(claim, organisation, claims.evidence_of(claim.id))


def _claim_json(
    claim: Claim, organisation: identity.OrganisationInfo, evidence: Sequence[Evidence]
) -> shapes.Claim:
    return {
        "id": claim.id,
        "number": claims.claim_number(claim),
        "enterprise": organisation.code,
        "rule": claim.rule_code,
        "occurred_on": claim.occurred_on.isoformat(),
        "state": claim.state,
        "credits": claim.credits,
        "note": "\n".join(map(memos.told, claim.note.splitlines())) if claim.source_key else claim.note,
        "evidence": [{"kind": one.kind, "value": one.value} for one in evidence],
        "decision_reason": claim.decision_reason,
        "transfer": claim.transfer_id,
        "reversal": claim.reversal_id,
    }


@api.get("/rules")
@signed_in
def list_rules(query: PageQuery) -> Listed[shapes.EarnRule]:
    """The earn rules in force today."""
    rows = earn_rules.rules_on(clock.today())
    part = part_of(rows, query)
    return listed(
        [
            {
                "code": one.code,
                "version": one.version,
                "title": earn_rules.title_of(one),
                "credits": one.credits,
                "origin": one.origin,
                "evidence_kind": one.evidence_kind,
                "valid_from": one.valid_from.isoformat(),
                "valid_to": one.valid_to.isoformat() if one.valid_to else None,
                "lifetime_days": one.lifetime_days,
                "cap_period": one.cap_period,
                "cap_credits": one.cap_credits,
                "cap_claims": one.cap_claims,
            }
            for one in part
        ],
        len(rows),
    )


@api.post("/claims/<int:id>/change")
@signed_in
@idempotent
def change_claim(path: IdPath, body: ClaimBody) -> shapes.Claim:
    """Change a draft or a returned claim as a whole."""
    evidence = [(one.kind, one.value) for one in body.evidence]
    actor = current_actor()
    claims.change_claim(actor, path.id, body.rule, body.occurred_on, evidence, body.note)
    return claim_json(claims.get_claim(actor, path.id))


@api.get("/claims/<int:id>/files")
@signed_in
def list_files(path: IdPath, query: PartQuery) -> Listed[shapes.ClaimFile]:
    claim = claims.get_claim(current_actor(), path.id)
    return listed_part([_file(one) for one in claim.files], query)


@api.post("/claims/<int:id>/files")
@signed_in
@idempotent
def add_file(path: IdPath, query: NameQuery) -> tuple[shapes.ClaimFile, int]:
    """The body is the file itself: PDF, PNG or JPEG by its content, at most 8 MB; the same content twice is one file."""
    return _file(files.attach(current_actor(), path.id, query.name, request.get_data())), 201


EVIDENCE = File(("application/pdf", "image/png", "image/jpeg"))


@api.get("/claims/<int:id>/files/<int:file>")
@signed_in
def read_file(path: FilePath) -> Annotated[Response, EVIDENCE]:
    row, data = files.read_file(current_actor(), path.id, path.file)
    return download(data, row.name, row.media_type)


def _file(row: EvidenceFile) -> shapes.ClaimFile:
    return {
        "id": row.id,
        "name": row.name,
        "media_type": row.media_type,
        "size_bytes": row.size_bytes,
        "sha256": row.sha256,
    }
