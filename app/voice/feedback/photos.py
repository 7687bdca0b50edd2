"""Photographs of remarks: written anew before they touch the disk; neither they nor their rows say who, nor when.

Unlike a problem's, the original is never kept, not even for a moment: its place, camera and hour would name the firm.
A file's own times are set to the day's beginning, and its key is sealed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import after_commit, transaction
from app.hall.errors import Conflict, NotFound, Reason
from app.hall.files import pictures, uploads
from app.identity import door as identity
from app.identity.door import Actor
from app.voice import limits
from app.voice.feedback import keys, sight
from app.voice.feedback.models import Feedback, FeedbackPhoto


def _path(key: str) -> Path:
    return Path(current_app.instance_path) / "feedback-photos" / key[:2] / f"{key}.jpg"


def key_of(actor: Actor, client_key: str) -> str:
    """The key of a photograph, from the one its phone gave it."""
    return keys.sealed("photo", actor.member_id, client_key)


def written(actor: Actor, data: bytes) -> bytes:
    """The picture without place, camera and hour, before anything is locked or stored."""
    identity.check_not_withdrawn(actor, identity.PHOTOGRAPHS)
    pictures.check_picture(data, limits.PHOTO_BYTES, limits.PHOTO_PIXELS)
    return pictures.written_anew(data, limits.PHOTO_EDGE)


def take(actor: Actor, anew: bytes, client_key: str) -> str:
    """Keep a picture that was written anew, ahead of its remark or after it; the same one again is the first one."""
    key = key_of(actor, client_key)
    row = _find(key)
    if row is not None and row.ready:
        return key
    uploads.store(_path(key), anew)
    midnight = clock.start_of_day(clock.today()).timestamp()
    os.utime(_path(key), (midnight, midnight))
    with transaction() as session:
        row = _find(key)
        if row is None:
            session.add(FeedbackPhoto(key=key, member_id=actor.member_id, ready=True, taken_on=clock.today()))
        else:
            row.ready = True
    return key


def _find(key: str) -> FeedbackPhoto | None:
    return db.session.scalar(sa.select(FeedbackPhoto).where(FeedbackPhoto.key == key))


def check(actor: Actor, wanted: Sequence[str], may_follow: bool) -> list[Reason]:
    """What is wrong with the photographs a remark names; from a phone without a network they may come after it."""
    if len(wanted) > limits.PHOTOS:
        return [Reason("feedback_photos_many", {"at": "photos", "limit": limits.PHOTOS})]
    rows = {key: _find(key) for key in wanted}
    if any(_taken_up(actor, row) if row is not None else not may_follow for row in rows.values()):
        return [Reason("feedback_photo_unknown", {"at": "photos"})]
    return []


def _taken_up(actor: Actor, row: FeedbackPhoto) -> bool:
    return row.feedback_id is not None or row.member_id != actor.member_id


def attach(feedback: Feedback, wanted: Sequence[str]) -> None:
    """The remark takes its photographs up: from here on nothing says who took them. One that follows is awaited."""
    for key in dict.fromkeys(wanted):
        row = _find(key)
        if row is None:
            row = FeedbackPhoto(key=key, ready=False, taken_on=clock.today())
            db.session.add(row)
        row.feedback_id, row.member_id = feedback.id, None
        row.taken_on = feedback.heard_on


def of_remarks(feedback_ids: Sequence[int]) -> dict[int, list[str]]:
    """Keys of the photographs of these remarks; the caller says whose may be shown."""
    query = sa.select(FeedbackPhoto.feedback_id, FeedbackPhoto.key).where(
        FeedbackPhoto.feedback_id.in_(feedback_ids), FeedbackPhoto.ready
    )
    found: dict[int, list[str]] = {}
    for feedback_id, key in db.session.execute(query.order_by(FeedbackPhoto.id)):
        if feedback_id is not None:
            found.setdefault(feedback_id, []).append(key)
    return found


def pictures_of(feedback_id: int) -> list[bytes]:
    """The pictures of a remark, to go along with the problem that it becomes."""
    found = []
    for key in of_remarks([feedback_id]).get(feedback_id, []):
        with contextlib.suppress(OSError):
            found.append(_path(key).read_bytes())
    return found


def read(actor: Actor, key: str) -> bytes:
    """The picture for who works on its remark, and for the firm that made it; for others there is none."""
    row = _find(key)
    if row is not None and row.ready and row.feedback_id is not None and _shows(actor, row.feedback_id):
        with contextlib.suppress(OSError):
            return _path(key).read_bytes()
    raise NotFound("feedback_photo_not_found")


def _shows(actor: Actor, feedback_id: int) -> bool:
    seen = sa.select(Feedback.id).where(Feedback.id == feedback_id, sight.shows_photos(actor))
    return db.session.scalar(seen) is not None


def remove(actor: Actor, key: str) -> int:
    """Take a picture away (a face, a badge); not once the remark was answered. Answers the remark."""
    with transaction() as session:
        row = _find(key)
        where = Feedback.id == (row.feedback_id if row is not None else None)
        remark = session.scalar(sa.select(Feedback).where(where, sight.workable(actor)))
        if row is None or remark is None:
            raise NotFound("feedback_photo_not_found")
        if remark.state == "answered":
            raise Conflict("feedback_photo_stays")
        session.delete(row)
        after_commit(lambda: _path(key).unlink(missing_ok=True))
        return remark.id


def forget_unused() -> None:
    """Photographs whose remark never came, and places kept for photographs that never came."""
    before = clock.today() - dt.timedelta(days=limits.PHOTO_WAITS_DAYS)
    unused = sa.or_(FeedbackPhoto.feedback_id.is_(None), sa.not_(FeedbackPhoto.ready))
    with transaction() as session:
        query = sa.select(FeedbackPhoto).where(unused, FeedbackPhoto.taken_on < before).limit(limits.CHUNK)
        for row in session.scalars(query).all():
            _path(row.key).unlink(missing_ok=True)
            session.delete(row)
