"""Uploaded evidence: judged by its content, bounded, kept under its digest outside the web root."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.credits.models import EvidenceFile
from app.credits.service.claims import EDITABLE, get_claim, require_state
from app.db import db, transaction
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity import service as identity
from app.identity.service import Actor

MAX_BYTES = 8 * 1024 * 1024
MAX_FILES = 10
_SIGNATURES = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
)


def sniff(data: bytes) -> tuple[str, str] | None:
    """Media type and extension by what the file is, whatever it is called.

    >>> sniff(b"%PDF-1.7 ..."), sniff(b"<html>")
    (('application/pdf', 'pdf'), None)
    """
    for start, media_type, extension in _SIGNATURES:
        if data.startswith(start):
            return media_type, extension
    return None


def folder() -> Path:
    return Path(current_app.instance_path) / "evidence"


def _path(row: EvidenceFile) -> Path:
    return folder() / row.sha256[:2] / row.sha256


def attach(actor: Actor, claim_id: int, name: str, data: bytes) -> EvidenceFile:
    """Put a scan to a draft or returned claim; the same content twice is one file."""
    if not data:
        raise Invalid("file_empty")
    if len(data) > MAX_BYTES:
        raise Invalid("file_too_big", limit=MAX_BYTES // 1024 // 1024)
    kind = sniff(data)
    if kind is None:
        raise Invalid("file_type_refused")
    with transaction():
        claim = get_claim(actor, claim_id, lock=True)
        if claim.organisation_id != actor.organisation_id or not actor.has("enterprise_admin"):
            raise NotAllowed("only_enterprise_admin")
        require_state(claim, *EDITABLE)
        digest = hashlib.sha256(data).hexdigest()
        known = [one for one in claim.files if one.sha256 == digest]
        if known:
            return known[0]
        if len(claim.files) >= MAX_FILES:
            raise Conflict("too_many_files", limit=MAX_FILES)
        row = EvidenceFile(
            claim_id=claim.id, name=_clean_name(name, kind[1]), media_type=kind[0], size_bytes=len(data), sha256=digest,
            uploaded_by=actor.member_id, uploaded_at=clock.now(),
        )  # fmt: skip
        _store(_path(row), data)
        db.session.add(row)
        db.session.flush()
        identity.audit(actor, "claim.file_attached", "claim", claim.id, sha256=digest)
        return row


def _clean_name(name: str, extension: str) -> str:
    stem = re.sub(r"[^\w\- ().（）]", "_", Path(name.replace("\\", "/")).stem, flags=re.UNICODE).strip(" .")[
        :80
    ]
    return f"{stem or 'evidence'}.{extension}"


def _store(path: Path, data: bytes) -> None:
    """Whole or not at all: written beside and moved into place."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    try:
        with fresh.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Conflict("disk_full") from error


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
        claim = get_claim(actor, claim_id, lock=True)
        if claim.organisation_id != actor.organisation_id or not actor.has("enterprise_admin"):
            raise NotAllowed("only_enterprise_admin")
        require_state(claim, *EDITABLE)
        db.session.execute(
            sa.delete(EvidenceFile).where(EvidenceFile.id == file_id, EvidenceFile.claim_id == claim_id)
        )
