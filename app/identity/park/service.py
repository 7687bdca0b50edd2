"""Setting the park's own identity; read by pages, papers and letters through `app.hall.park`."""

from __future__ import annotations

import base64
import dataclasses

from app.hall import park
from app.hall.db.transaction import after_commit, transaction
from app.hall.errors import Invalid
from app.hall.files.pictures import as_mark, check_picture
from app.identity.actor import Actor
from app.identity.audit.service import audit

LARGEST_MARK = 1024 * 1024
MOST_PIXELS = 4_000_000
WIDE, HIGH = 480, 160


def read_mark(data: bytes) -> str:
    """A picture as the mark is kept: a small PNG with nothing in it but its pixels."""
    check_picture(data, LARGEST_MARK, MOST_PIXELS)
    return base64.b64encode(as_mark(data, WIDE, HIGH)).decode("ascii")


def set_identity(actor: Actor, values: park.Kept, without_mark: bool = False) -> None:
    """Keep the park's identity; an empty mark keeps the one there is unless it is to go."""
    if values.name_en and not values.name_zh:
        raise Invalid("park_name_needed", at="name_zh")
    before = park.kept()
    mark = "" if without_mark else values.mark_png or before.mark_png
    after = dataclasses.replace(values, mark_png=mark)
    changed = [
        one.name
        for one in dataclasses.fields(park.Kept)
        if getattr(before, one.name) != getattr(after, one.name)
    ]
    with transaction():
        park.keep(after)
        audit(actor, "park.identity", "park", "", changed=changed)
        after_commit(lambda: park.remember(after))
