"""Papers of a prospect: judged by their content, bounded, read and written by who keeps the pipeline."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from app.chain.prospects import queries
from app.chain.prospects.models import Prospect, ProspectFile
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotFound
from app.hall.files.pictures import check_picture
from app.hall.files.uploads import MEGABYTE, clean_name, sniff, store
from app.hall.limits import MOST_PIXELS
from app.identity import door as identity

LARGEST = 10 * MEGABYTE
MOST = 20


def _path(stored_as: str) -> Path:
    return Path(current_app.instance_path) / "prospect-files" / stored_as[:2] / stored_as


def files_of(row: Prospect) -> list[ProspectFile]:
    query = sa.select(ProspectFile).where(ProspectFile.prospect_id == row.id).order_by(ProspectFile.id)
    return list(db.session.scalars(query))


def attach(actor: identity.Actor, code: str, name: str, data: bytes) -> ProspectFile:
    """Keep a paper or a picture; the same content twice is one file."""
    found = sniff(data)
    if found is None:
        raise Invalid("chain_file_type")
    media_type, extension = found
    if len(data) > LARGEST:
        raise Invalid("chain_file_size", limit=LARGEST // MEGABYTE)
    if media_type.startswith("image/"):
        check_picture(data, LARGEST, MOST_PIXELS)
    digest, stored_as = hashlib.sha256(data).hexdigest(), secrets.token_hex(16)
    try:
        with transaction() as session:
            row = session.scalars(
                locked(sa.select(Prospect).where(Prospect.id == queries.get_prospect(code).id))
            ).one()
            known = files_of(row)
            same = next((one for one in known if one.sha256 == digest), None)
            if same is not None:
                return same
            if len(known) >= MOST:
                raise Conflict("chain_file_many", limit=MOST)
            one = ProspectFile(
                prospect_id=row.id,
                name=clean_name(name, extension),
                media_type=media_type,
                size_bytes=len(data),
                sha256=digest,
                stored_as=stored_as,
                uploaded_by=actor.member_id,
                uploaded_at=clock.now(),
            )
            store(_path(stored_as), data)
            session.add(one)
            session.flush()
            row.touched_at = clock.now()
            identity.audit(actor, "chain.prospect_filed", "prospect", row.id, sha256=digest)
            return one
    except BaseException:
        _path(stored_as).unlink(missing_ok=True)
        raise


def _row(code: str, file_id: int) -> ProspectFile:
    one = db.session.get(ProspectFile, file_id)
    if one is None or one.prospect_id != queries.get_prospect(code).id:
        raise NotFound("chain_file_not_found")
    return one


def read(code: str, file_id: int) -> tuple[ProspectFile, bytes]:
    one = _row(code, file_id)
    try:
        return one, _path(one.stored_as).read_bytes()
    except OSError:
        raise NotFound("chain_file_not_found") from None


def detach(actor: identity.Actor, code: str, file_id: int) -> None:
    """Take a file away; its bytes go once the row is gone for good."""
    with transaction() as session:
        one = _row(code, file_id)
        stored_as, digest = one.stored_as, one.sha256
        identity.audit(actor, "chain.prospect_unfiled", "prospect", one.prospect_id, sha256=digest)
        session.delete(one)
    _path(stored_as).unlink(missing_ok=True)
