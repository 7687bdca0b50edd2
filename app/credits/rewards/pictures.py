"""Pictures of rewards: kept under their digest outside the web root, shown once two people have agreed to them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from app.credits.limits import PICTURE_BYTES
from app.credits.rewards.models import Reward
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid, NotAllowed, NotFound
from app.hall.files import uploads
from app.hall.files.pictures import check_picture
from app.hall.limits import MOST_PIXELS
from app.hall.text import language
from app.identity import door as identity
from app.identity.door import Actor, roles


def _path(digest: str) -> Path:
    return Path(current_app.instance_path) / "reward-pictures" / digest[:2] / digest


def put(actor: Actor, data: bytes) -> str:
    """Keep a picture and answer its digest, by which a proposal names it; the same content twice is one file."""
    if not actor.may(roles.PROPOSES_CREDIT_CHANGES):
        raise NotAllowed("only_park_staff")
    if not data:
        raise Invalid("file_empty")
    if len(data) > PICTURE_BYTES:
        raise Invalid("file_too_big", limit=PICTURE_BYTES // uploads.MEGABYTE)
    kind = uploads.sniff(data)
    if kind is None or not kind[0].startswith("image/"):
        raise Invalid("picture_type_refused")
    check_picture(data, PICTURE_BYTES, MOST_PIXELS)
    digest = hashlib.sha256(data).hexdigest()
    with transaction():
        if not is_kept(digest):
            uploads.store(_path(digest), data)
            identity.audit(actor, "reward.picture_uploaded", "reward", None, sha256=digest)
    return digest


def is_kept(digest: str) -> bool:
    return len(digest) == 64 and digest.isalnum() and _path(digest).is_file()


def read(actor: Actor, digest: str) -> tuple[str, str, bytes]:
    """Media type, extension and bytes: of a reward's picture for every member, of a proposed one for the park's staff."""
    used = db.session.scalar(sa.select(Reward.id).where(Reward.picture == digest).limit(1))
    if not is_kept(digest) or (used is None and not actor.may(roles.SEES_PROPOSALS)):
        raise NotFound("picture_not_found")
    data = _path(digest).read_bytes()
    kind = uploads.sniff(data)
    if kind is None:
        raise NotFound("picture_not_found")
    return *kind, data


def alt_of(reward: Reward) -> str:
    """What is to be seen on the picture, in the reader's language."""
    return (reward.picture_en if language.lang() == "en" else "") or reward.picture_zh
