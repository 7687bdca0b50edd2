"""What a phone wrote without a network: done once, answered with a receipt, kept where it comes into conflict."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import current_app

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotFound
from app.hall.files import uploads
from app.hall.limits import OFFLINE_LATE
from app.hall.web.answers import sentences
from app.hall.web.offline.models import OfflineReceipt

if TYPE_CHECKING:
    from app.identity.door import Actor

ACCEPTED, KEPT, SETTLED = "accepted", "kept", "settled"
SHOWN = 50


@dataclass(frozen=True)
class Entry:
    """One thing a phone wrote: `made_at` is the phone's own clock, which decides nothing."""

    actor: Actor
    key: str
    kind: str
    body: Mapping[str, object]
    made_at: dt.datetime
    late: bool = False
    title: str = ""
    file: bytes = b""
    file_name: str = ""

    def text(self, name: str) -> str:
        """A typed field; empty where the form had none."""
        values = self.texts(name)
        return values[0] if values else ""

    def texts(self, name: str) -> list[str]:
        """All values of a field, as boxes that were ticked."""
        value = self.body.get(name)
        listed = value if isinstance(value, list) else [] if value is None else [value]
        return [str(one) for one in listed]


Handler = Callable[[Entry], Mapping[str, object]]
_handlers: dict[str, Handler] = {}
_first: dict[str, Callable[[Entry], Entry]] = {}


def on_entry(kind: str, first: Callable[[Entry], Entry] | None = None) -> Callable[[Handler], Handler]:
    """Do what entries of `kind` say; answers what the receipt tells the phone.

    `first` prepares an entry before the transaction begins: long work on its file would keep others waiting.
    """

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        if first is not None:
            _first[kind] = first
        return handler

    return register


def receive(entry: Entry) -> tuple[OfflineReceipt, bool]:
    """The receipt of an entry and whether it is new; the same entry again gets the first one.

    Raises `Conflict("offline_key_reused")` for another entry under a known key; other conflicts are kept with what the
    phone wrote. What is wrong or not allowed is raised and nothing kept: the phone still has it.
    """
    handler = _handlers.get(entry.kind)
    if handler is None:
        raise Invalid("offline_unknown_kind")
    digest = _digest(entry)
    known = _find(entry, digest)
    if known is not None:
        return known, False
    if entry.kind in _first:
        entry = _first[entry.kind](entry)
    try:
        with transaction() as session:
            known = _find(entry, digest)
            if known is not None:
                return known, False
            row = _row(entry, digest, ACCEPTED)
            session.add(row)
            session.flush()
            row.answer = dict(handler(entry))
            return row, True
    except sa.exc.IntegrityError:  # the same entry arrived twice at the same moment
        known = _find(entry, digest)
        if known is None:
            raise
        return known, False
    except Conflict as refusal:
        if refusal.code == "offline_key_reused":
            raise
        return _keep(entry, digest, sentences(refusal)), True


def _find(entry: Entry, digest: str) -> OfflineReceipt | None:
    row = db.session.scalar(
        sa.select(OfflineReceipt).where(
            OfflineReceipt.member_id == entry.actor.member_id, OfflineReceipt.key == entry.key
        )
    )
    if row is not None and row.digest != digest:
        raise Conflict("offline_key_reused")
    return row


def _row(entry: Entry, digest: str, state: str) -> OfflineReceipt:
    return OfflineReceipt(
        member_id=entry.actor.member_id,
        key=entry.key,
        kind=entry.kind,
        title=entry.title[:200],
        digest=digest,
        state=state,
        made_at=entry.made_at,
        received_at=clock.now(),
        late=entry.late,
        reasons=[],
        answer={},
    )


def _keep(entry: Entry, digest: str, reasons: list[str]) -> OfflineReceipt:
    """Both stay: what stands here, and what the phone wrote."""
    with transaction() as session:
        row = _row(entry, digest, KEPT)
        row.body, row.reasons, row.file_name = dict(entry.body), reasons, entry.file_name
        session.add(row)
        session.flush()
        if entry.file:
            uploads.store(kept_file(row.id), entry.file)
        return row


def kept_file(receipt_id: int) -> Path:
    return Path(current_app.instance_path) / "offline-kept" / str(receipt_id)


def _digest(entry: Entry) -> str:
    written = json.dumps([entry.kind, entry.body], sort_keys=True, ensure_ascii=False).encode()
    return hashlib.sha256(written + b"\0" + hashlib.sha256(entry.file).digest()).hexdigest()


def is_late(made_at: dt.datetime) -> bool:
    """Written longer ago than a month: kept all the same, and marked."""
    return made_at < clock.now() - OFFLINE_LATE


def receipts_of(actor: Actor) -> list[OfflineReceipt]:
    """The newest receipts of one member; what was kept and is not settled comes first."""
    query = sa.select(OfflineReceipt).where(OfflineReceipt.member_id == actor.member_id)
    return list(
        db.session.scalars(
            query.order_by(OfflineReceipt.state != KEPT, OfflineReceipt.received_at.desc()).limit(SHOWN)
        )
    )


def get_receipt(actor: Actor, receipt_id: int) -> OfflineReceipt:
    row = db.session.get(OfflineReceipt, receipt_id)
    if row is None or row.member_id != actor.member_id:
        raise NotFound("offline_no_receipt")
    return row


def settle(actor: Actor, receipt_id: int) -> None:
    """The member has looked at both and brought the matter in order; what the phone wrote stays readable."""
    with transaction():
        row = get_receipt(actor, receipt_id)
        if row.state == KEPT:
            row.state = SETTLED
