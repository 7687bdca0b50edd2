"""Posts that were masked before their writer had a new name, or before the masking learned a spelling: masked again."""

from __future__ import annotations

import sqlalchemy as sa

from app.ecosystem import sight
from app.ecosystem.market.models import Post
from app.ecosystem.market.rules import OPEN_STATES
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.text import masking

AT_ONCE = 200
SHOWN = {"shown_title": "title", "shown_description": "description", "shown_product": "product"}


def mask_again() -> int:
    """Compare what others read with what they would read today; answers how many posts changed.

    The masking is done before anything is locked; a post that was written meanwhile keeps its newer text.
    """
    names: dict[int, list[str]] = {}
    fresh: dict[int, dict[str, str]] = {}
    texts: dict[int, tuple[str, ...]] = {}
    for row in db.session.scalars(sa.select(Post).where(Post.state.in_(OPEN_STATES)).order_by(Post.id)):
        if row.organisation_id not in names:
            names[row.organisation_id] = sight.known_names(row.organisation_id)
        known = names[row.organisation_id]
        made = {shown: masking.mask(getattr(row, plain) or "", known) for shown, plain in SHOWN.items()}
        if any((getattr(row, shown) or "") != text for shown, text in made.items()):
            fresh[row.id] = made
            texts[row.id] = tuple(getattr(row, plain) or "" for plain in SHOWN.values())
    ids = sorted(fresh)[:AT_ONCE]
    if not ids:
        return 0
    with transaction() as session:
        for row in session.scalars(locked(sa.select(Post).where(Post.id.in_(ids)))):
            if tuple(getattr(row, plain) or "" for plain in SHOWN.values()) == texts[row.id]:
                for shown, text in fresh[row.id].items():
                    setattr(row, shown, text)
    return len(ids)
