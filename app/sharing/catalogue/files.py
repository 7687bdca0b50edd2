"""Pictures and documents of a resource: judged by their content, bounded, kept outside the web root."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotFound
from app.hall.files.pictures import check_picture
from app.hall.files.uploads import MEGABYTE, clean_name, sniff, store
from app.hall.limits import MOST_PIXELS
from app.identity import door as identity
from app.identity.door import Actor
from app.sharing import access
from app.sharing.catalogue.models import Resource, ResourceFile
from app.sharing.catalogue.records import get_resource

MAX_BYTES = {"picture": 5 * MEGABYTE, "document": 10 * MEGABYTE}
MAX_FILES = {"picture": 6, "document": 10}
READ_AT_MOST = max(MAX_BYTES.values()) + 1
UPLOADS_AT_ONCE = sum(MAX_FILES.values())


def _path(stored_as: str) -> Path:
    """Where the bytes lie; the name is made here and never typed by anybody."""
    return Path(current_app.instance_path) / "resource-files" / stored_as[:2] / stored_as


def _judged(data: bytes) -> tuple[str, str, str]:
    found = sniff(data)
    if found is None:
        raise Invalid("resource_file_type")
    kind = "picture" if found[0].startswith("image/") else "document"
    if len(data) > MAX_BYTES[kind]:
        raise Invalid("resource_file_size", limit=MAX_BYTES[kind] // MEGABYTE)
    if kind == "picture":
        check_picture(data, MAX_BYTES[kind], MOST_PIXELS)
    return kind, *found


def _writable(actor: Actor, resource_id: int, *, lock: bool = False) -> Resource:
    """The resource, if this actor looks after it; an expert's papers would tell the name, so there are none."""
    row = get_resource(resource_id, lock=lock)
    access.require_runner_or_park(actor, row.owner_id)
    if row.kind == "talent":
        raise Conflict("resource_file_talent")
    return row


def attach(actor: Actor, resource_id: int, uploads: Iterable[tuple[str, bytes]]) -> list[ResourceFile]:
    """Put files to a resource: all of them or none; the same content twice is one file."""
    _writable(actor, resource_id)
    judged = [(name, data, _judged(data)) for name, data in uploads]
    stored: list[Path] = []
    try:
        with transaction():
            row = _writable(actor, resource_id, lock=True)
            known = {one.sha256: one for one in files_of(row.id)}
            found = []
            for name, data, (kind, media_type, extension) in judged:
                digest = hashlib.sha256(data).hexdigest()
                if digest in known:
                    found.append(known[digest])
                    continue
                if sum(one.kind == kind for one in known.values()) >= MAX_FILES[kind]:
                    raise Conflict(f"resource_file_many_{kind}", limit=MAX_FILES[kind])
                one = ResourceFile(
                    resource_id=row.id,
                    kind=kind,
                    name=clean_name(name, extension),
                    media_type=media_type,
                    size_bytes=len(data),
                    sha256=digest,
                    stored_as=secrets.token_hex(16),
                    uploaded_by=actor.member_id,
                    uploaded_at=clock.now(),
                )
                stored.append(_path(one.stored_as))
                store(stored[-1], data)
                db.session.add(one)
                db.session.flush()
                identity.audit(actor, "resource.file_attached", "resource", row.id, sha256=digest)
                known[digest] = one
                found.append(one)
            return found
    except BaseException:
        for path in stored:
            path.unlink(missing_ok=True)
        raise


def detach(actor: Actor, resource_id: int, file_id: int) -> None:
    """Take a file away; its bytes go once the row is gone for good."""
    with transaction():
        _writable(actor, resource_id, lock=True)
        row = _row(resource_id, file_id)
        stored_as, digest = row.stored_as, row.sha256
        db.session.delete(row)
        identity.audit(actor, "resource.file_removed", "resource", resource_id, sha256=digest)
    _path(stored_as).unlink(missing_ok=True)


def _row(resource_id: int, file_id: int) -> ResourceFile:
    row: ResourceFile | None = db.session.scalar(
        sa.select(ResourceFile).where(ResourceFile.id == file_id, ResourceFile.resource_id == resource_id)
    )
    if row is None:
        raise NotFound("resource_file_not_found")
    return row


def read_file(resource_id: int, file_id: int) -> tuple[ResourceFile, bytes]:
    """The bytes, for every member: the catalogue is open to all of them."""
    row = _row(resource_id, file_id)
    try:
        return row, _path(row.stored_as).read_bytes()
    except OSError:
        raise NotFound("resource_file_not_found") from None


def files_of(resource_id: int) -> list[ResourceFile]:
    """Pictures and documents in the order they came."""
    query = sa.select(ResourceFile).where(ResourceFile.resource_id == resource_id).order_by(ResourceFile.id)
    return list(db.session.scalars(query))


def card_pictures(resource_ids: Iterable[int]) -> dict[int, int]:
    """The first picture of each resource that has one."""
    query = (
        sa.select(ResourceFile.resource_id, sa.func.min(ResourceFile.id))
        .where(ResourceFile.resource_id.in_(list(resource_ids)), ResourceFile.kind == "picture")
        .group_by(ResourceFile.resource_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
