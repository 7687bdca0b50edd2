"""Credits over the API, files: the statement as PDF and Excel, the scans behind a claim."""

from __future__ import annotations

from typing import Any

from flask import request
from pydantic import Field

from app import clock
from app.api import ApiModel, Day, PageQuery, PartQuery, idempotent, listed, listed_part
from app.credits.api import ClaimBody, IdPath, api, claim_json
from app.credits.models import EvidenceFile
from app.credits.service import accounts, claims, evidence_files, pictures, venues
from app.credits.statement_files import statement_file
from app.identity import service as identity
from app.web import current_actor, download, roles, signed_in


class StatementQuery(ApiModel):
    enterprise: str = Field("", max_length=40)
    kind: str = Field("", pattern="^(|earned|used|held)$")
    q: str = Field("", max_length=100)
    since: Day | None = None
    until: Day | None = None


class FilePath(IdPath):
    file: int = Field(ge=1, le=2**62)


class PicturePath(ApiModel):
    picture: str = Field(pattern=r"^[0-9a-f]{64}$")


class NameQuery(ApiModel):
    name: str = Field("evidence", max_length=200)


@api.get("/statement.pdf")
@signed_in
def statement_pdf(query: StatementQuery) -> Any:
    """The statement with Chinese type embedded."""
    return _statement(query, "pdf")


@api.get("/statement.xlsx")
@signed_in
def statement_xlsx(query: StatementQuery) -> Any:
    return _statement(query, "xlsx")


def _statement(query: StatementQuery, kind: str) -> Any:
    organisation_id = accounts.readable_organisation(current_actor(), query.enterprise)
    wanted = (query.kind, query.q, query.since, query.until)
    return download(*statement_file(organisation_id, wanted, kind))


@api.post("/claims/<int:id>/change")
@signed_in
@idempotent
def change_claim(path: IdPath, body: ClaimBody) -> Any:
    """Change a draft or a returned claim as a whole."""
    evidence = [(one.kind, one.value) for one in body.evidence]
    actor = current_actor()
    claims.change_claim(actor, path.id, body.rule, body.occurred_on, evidence, body.note)
    return claim_json(claims.get_claim(actor, path.id))


@api.get("/claims/<int:id>/files")
@signed_in
def list_files(path: IdPath, query: PartQuery) -> Any:
    claim = claims.get_claim(current_actor(), path.id)
    return listed_part([_file(one) for one in claim.files], query)


@api.post("/claims/<int:id>/files")
@signed_in
@idempotent
def add_file(path: IdPath, query: NameQuery) -> Any:
    """The body is the file itself: PDF, PNG or JPEG by its content, at most 8 MB; the same content twice is one file."""
    return _file(evidence_files.attach(current_actor(), path.id, query.name, request.get_data())), 201


@api.get("/claims/<int:id>/files/<int:file>")
@signed_in
def read_file(path: FilePath) -> Any:
    row, data = evidence_files.read_file(current_actor(), path.id, path.file)
    return download(data, row.name, row.media_type)


@api.post("/reward-pictures")
@roles(*pictures.EDITORS)
@idempotent
def add_picture() -> Any:
    """The body is the file itself: PNG, JPEG or WebP by its content, at most 3 MB. A proposed reward names the answer."""
    return {"picture": pictures.put(current_actor(), request.get_data())}, 201


@api.get("/reward-pictures/<picture>")
@signed_in
def read_picture(path: PicturePath) -> Any:
    media_type, extension, data = pictures.read(current_actor(), path.picture)
    return download(data, f"reward.{extension}", media_type)


@api.get("/venues")
@signed_in
def list_venues(query: PageQuery) -> Any:
    """Places allocated now or later: one's own; for the park's staff everybody's."""
    rows = venues.allocations(current_actor(), clock.today())
    firms = identity.organisations_by_id(one.organisation_id for one in rows)
    items = [
        {"place": one.place, "enterprise": firms[one.organisation_id].code, "redemption": one.redemption_id,
         "first_on": one.first_on.isoformat(), "last_on": one.last_on.isoformat()}
        for one in rows[query.offset : query.offset + query.limit]
    ]  # fmt: skip
    return listed(items, len(rows))


def _file(row: EvidenceFile) -> dict[str, Any]:
    return {
        "id": row.id, "name": row.name, "media_type": row.media_type, "size_bytes": row.size_bytes, "sha256": row.sha256,
    }  # fmt: skip
