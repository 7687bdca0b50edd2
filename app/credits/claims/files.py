"""Uploaded evidence: judged by its content, bounded, kept under its digest outside the web root."""

from __future__ import annotations

import hashlib
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from app.credits.claims.models import EvidenceFile
from app.credits.claims.service import EDITABLE, get_claim, own_claim, require_state
from app.credits.limits import EVIDENCE_BYTES, EVIDENCE_FILES
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotFound
from app.hall.files import uploads
from app.hall.files.pictures import check_picture
from app.hall.limits import MOST_PIXELS
from app.identity import door as identity
from app.identity.door import Actor

KINDS = ("application/pdf", "image/png", "image/jpeg")


def folder() -> Path:
    return Path(current_app.instance_path) / "evidence"


def _path(row: EvidenceFile) -> Path:
    return folder() / row.sha256[:2] / row.sha256


def attach(actor: Actor, claim_id: int, name: str, data: bytes) -> EvidenceFile:
    """Put a scan to a draft or returned claim; the same content twice is one file."""
    if not data:
        raise Invalid("file_empty")
    if len(data) > EVIDENCE_BYTES:
        raise Invalid("file_too_big", limit=EVIDENCE_BYTES // uploads.MEGABYTE)
    kind = uploads.sniff(data)
    if kind is None or kind[0] not in KINDS:
        raise Invalid("file_type_refused")
    if kind[0].startswith("image/"):
        check_picture(data, EVIDENCE_BYTES, MOST_PIXELS)
    with transaction():
        claim = own_claim(actor, claim_id)
        require_state(claim, *EDITABLE)
        digest = hashlib.sha256(data).hexdigest()
        known = [one for one in claim.files if one.sha256 == digest]
        if known:
            return known[0]
        if len(claim.files) >= EVIDENCE_FILES:
            raise Conflict("too_many_files", limit=EVIDENCE_FILES)
        row = EvidenceFile(
            claim_id=claim.id,
            name=uploads.clean_name(name, kind[1]),
            media_type=kind[0],
            size_bytes=len(data),
            sha256=digest,
            uploaded_by=actor.member_id,
            uploaded_at=clock.now(),
        )
        if not _path(row).exists():
            uploads.store(_path(row), data)
        db.session.add(row)
        db.session.flush()
        identity.audit(actor, "claim.file_attached", "claim", claim.id, sha256=digest)
        return row


def read_file(actor: Actor, claim_id: int, file_id: int) -> tuple[EvidenceFile, bytes]:
    """The bytes, for whoever may see the claim."""
    get_claim(actor, claim_id)
    row = db.session.scalar(
        sa.select(EvidenceFile).where(EvidenceFile.id == file_id, EvidenceFile.claim_id == claim_id)
    )
    if row is None or not _path(row).is_file():
        raise NotFound("file_not_found")
    return row, _path(row).read_bytes()


def detach(actor: Actor, claim_id: int, file_id: int) -> None:
    """Take a file off a draft; the bytes stay for the audit trail."""
    with transaction():
        claim = own_claim(actor, claim_id)
        require_state(claim, *EDITABLE)
        db.session.execute(
            sa.delete(EvidenceFile).where(EvidenceFile.id == file_id, EvidenceFile.claim_id == claim_id)
        )
