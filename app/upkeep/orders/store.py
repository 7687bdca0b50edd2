"""Photographs and documents: judged by their content, photographs written anew after the commit."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import after_commit, transaction
from app.hall.errors import Conflict, Invalid, NotFound
from app.hall.files import pictures, uploads
from app.hall.jobs import emit, on_thinking
from app.identity import door as identity
from app.identity.door import Actor
from app.upkeep import limits
from app.upkeep.machines import access
from app.upkeep.machines.models import Machine, UpkeepFile
from app.upkeep.orders.service import get_order

KIND = "upkeep.photo"


def _path(key: str, ready: bool) -> Path:
    folder = Path(current_app.instance_path) / "upkeep-files" / ("ready" if ready else "raw")
    return folder / key[:2] / key


def add_photo(actor: Actor, machine: Machine, order_id: int | None, data: bytes, name: str = "") -> str:
    """A photograph of a machine or of one of its orders; answers its key."""
    identity.check_not_withdrawn(actor, identity.PHOTOGRAPHS)
    pictures.check_picture(data, limits.PHOTO_BYTES, limits.PHOTO_PIXELS)
    key = secrets.token_hex(16)
    uploads.store(_path(key, False), data)
    with transaction():
        _room_for_one(machine, order_id)
        db.session.add(_row(actor, machine, key, "photo", uploads.clean_name(name, "jpg"), order_id))
        emit(KIND, {"key": key})
    return key


def add_order_photo(actor: Actor, order_id: int, data: bytes, name: str = "") -> str:
    order, machine = get_order(actor, order_id)
    return add_photo(actor, machine, order.id, data, name)


def add_document(actor: Actor, machine_id: int, data: bytes, name: str) -> str:
    """A manual, a certificate, a drawing (PDF), or a photograph."""
    machine = access.get_machine(actor, machine_id)
    kind = uploads.sniff(data)
    if kind is not None and kind[0].startswith("image/"):
        return add_photo(actor, machine, None, data, name)
    if kind is None or len(data) > limits.DOCUMENT_BYTES:
        raise Invalid("upkeep_file_refused", limit=limits.DOCUMENT_BYTES // uploads.MEGABYTE)
    key = secrets.token_hex(16)
    uploads.store(_path(key, True), data)
    with transaction():
        _room_for_one(machine, None)
        row = _row(actor, machine, key, "document", uploads.clean_name(name, kind[1]), None)
        row.media_type, row.state = kind[0], "ready"
        db.session.add(row)
    return key


def _row(actor: Actor, machine: Machine, key: str, kind: str, name: str, order_id: int | None) -> UpkeepFile:
    return UpkeepFile(
        key=key,
        machine_id=machine.id,
        order_id=order_id,
        kind=kind,
        name=name,
        media_type="image/jpeg",
        state="raw",
        member_id=actor.member_id or None,
        created_at=clock.now(),
    )


def _room_for_one(machine: Machine, order_id: int | None) -> None:
    most = limits.FILES if order_id is None else limits.PHOTOS
    number = db.session.scalar(
        sa.select(sa.func.count()).where(
            UpkeepFile.machine_id == machine.id, UpkeepFile.order_id.is_not_distinct_from(order_id)
        )
    )
    if (number or 0) >= most:
        raise Conflict("upkeep_files_many", limit=most)


@on_thinking(KIND)
def write_anew(payload: dict[str, str]) -> Callable[[], None]:
    """Turn the raw file into one without place and camera, with nothing locked; safe to do twice."""
    key = payload["key"]
    if db.session.scalar(sa.select(UpkeepFile.state).where(UpkeepFile.key == key)) != "raw":
        return _nothing
    try:
        anew = pictures.written_anew(_path(key, False).read_bytes(), limits.PHOTO_EDGE)
        uploads.store(_path(key, True), anew)
        state = "ready"
    except Invalid:
        state = "refused"

    def note() -> None:
        db.session.execute(sa.update(UpkeepFile).where(UpkeepFile.key == key).values(state=state))
        after_commit(lambda: _path(key, False).unlink(missing_ok=True))

    return note


def _nothing() -> None:
    pass


def remove(actor: Actor, key: str) -> UpkeepFile:
    """Take a file of a machine away; photographs of an order that is over stay."""
    with transaction() as session:
        row = _get(actor, key)
        if row.order_id is not None:
            order, _machine = get_order(actor, row.order_id)
            if order.ended_at is not None:
                raise Conflict("upkeep_file_stays")
        session.delete(row)
        after_commit(lambda: _path(key, True).unlink(missing_ok=True))
        return row


def read(actor: Actor, key: str) -> tuple[UpkeepFile, bytes]:
    """The bytes, for who keeps the machine."""
    row = _get(actor, key)
    with contextlib.suppress(OSError):
        if row.state == "ready":
            return row, _path(key, True).read_bytes()
    raise NotFound("upkeep_file_not_found")


def _get(actor: Actor, key: str) -> UpkeepFile:
    row = db.session.scalar(sa.select(UpkeepFile).where(UpkeepFile.key == key))
    machine = db.session.get(Machine, row.machine_id) if row is not None else None
    if row is None or machine is None or not access.keeps(actor, machine):
        raise NotFound("upkeep_file_not_found")
    return row


def files_of(machine_id: int, order_id: int | None = None) -> list[UpkeepFile]:
    """Files of a machine that belong to no order, or those of one order."""
    query = sa.select(UpkeepFile).where(
        UpkeepFile.machine_id == machine_id,
        UpkeepFile.order_id.is_not_distinct_from(order_id),
        UpkeepFile.state != "refused",
    )
    return list(db.session.scalars(query.order_by(UpkeepFile.id)))
