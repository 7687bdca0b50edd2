"""What the room's forms send, read once: days, numbers, keys, an entry."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid

from flask import request

from app.hall import clock
from app.hall.errors import Invalid, Reason
from app.hall.text.numbers import whole
from app.hall.web.guards import current_actor
from app.voice import limits
from app.voice.feedback import photos as store
from app.voice.feedback.service import Entry


def text(name: str) -> str:
    return request.form.get(name, "").strip()


def number(name: str) -> int | None:
    """A number that may be left out; what is no number is refused at its field."""
    typed = text(name)
    if not typed:
        return None
    found = whole(typed)
    if found is None:
        raise Invalid("voice_number_wrong", [Reason("voice_number_wrong", {"at": name})])
    return found


def day(name: str) -> dt.date | None:
    """A day that may be left out."""
    typed = text(name)
    if not typed:
        return None
    found = clock.read_day(typed)
    if found is None:
        raise Invalid("visit_day_wrong", [Reason("visit_day_wrong", {"at": name})])
    return found


def needed_day(name: str) -> dt.date:
    found = day(name)
    if found is None:
        raise Invalid("visit_day_wrong", [Reason("visit_day_wrong", {"at": name})])
    return found


def client_id() -> str:
    """The key the page gave its form: sent twice, the entry is kept once."""
    try:
        return str(uuid.UUID(request.form.get("client_id", "")))
    except ValueError:
        return str(uuid.uuid4())


def photos(client: str) -> tuple[str, ...]:
    """The pictures of a form, kept ahead of its remark; the same picture sent twice is kept once."""
    actor = current_actor()
    found = []
    for sent in request.files.getlist("photo")[: limits.PHOTOS + 1]:
        data = sent.read(limits.PHOTO_BYTES + 1)
        sent.close()
        if data:
            own = hashlib.sha256(data).hexdigest()
            found.append(store.take(actor, store.written(actor, data), f"{client}:{own}"))
    return tuple(dict.fromkeys(found))


def entry(channel: str, enterprise: str = "", visit: int | None = None) -> Entry:
    """A remark as a form of a page sends it."""
    client = client_id()
    return Entry(
        client_id=client,
        text=text("text"),
        channel=channel,
        heard_on=day("heard_on"),
        enterprise=enterprise or text("enterprise"),
        visibility=text("visibility") or "named",
        hesitation=bool(request.form.get("hesitation")),
        probe=text("probe"),
        promise=text("promise"),
        visit=visit,
        photos=photos(client),
    )
