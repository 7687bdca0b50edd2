"""Who is called so: each column by itself answers what all of them, joined and folded, would."""

from __future__ import annotations

import random

import sqlalchemy as sa
from flask import Flask

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.paging import paginate, part
from app.hall.db.transaction import transaction
from app.hall.text.normalise import escape_like
from app.identity.organisations.directory import called, first_called
from app.identity.organisations.models import Enterprise, FormerName, Organisation
from tests.factories import Park

SIGNS = "江澜电芯aAkKéÉßİK１Ａ9%_\\ .·（"


def joined(q: str) -> sa.ColumnElement[bool]:
    """All columns of a firm as one text, folded: the meaning of a search."""
    like = f"%{escape_like(q.lower())}%"
    names = Organisation.name_zh + "\n" + Organisation.name_en + "\n" + Organisation.short_name
    text = sa.func.lower(names + "\n" + Organisation.code + "\n" + Organisation.credit_code)
    earlier = sa.func.lower(FormerName.name_zh + "\n" + FormerName.name_en)
    former = sa.select(FormerName.organisation_id).where(earlier.like(like, escape="\\"))
    return sa.or_(text.like(like, escape="\\"), Organisation.id.in_(former))


def test_a_search_answers_what_all_names_together_hold(app: Flask) -> None:
    dice = random.Random(1613)

    def word(most: int) -> str:
        return "".join(dice.choices(SIGNS, k=dice.randint(0, most)))

    with app.app_context():
        with transaction() as session:
            for n in range(60):
                firm = Enterprise(code=f"e{n}K", kind="enterprise", created_at=clock.now())
                firm.name_zh, firm.name_en = word(6), word(5)
                firm.short_name, firm.credit_code = word(3), word(4)
                session.add(firm)
            session.flush()
            for number in dice.sample(list(session.scalars(sa.select(Organisation.id))), 20):
                former = FormerName(organisation_id=number, name_zh=word(5), name_en=word(3))
                former.name_key, former.until_at = "", clock.now()
                session.add(former)
        met = 0
        for q in (*SIGNS, "江澜", "E4", "e40k", "４", *(word(3) or "a" for _n in range(120))):
            ordered = sa.select(Organisation.code).order_by(Organisation.code)
            right = list(db.session.scalars(ordered.where(joined(q))))
            assert list(db.session.scalars(ordered.where(called(q)))) == right, q
            assert [one.code for one in first_called(q, 8)] == right[:8]
            met += bool(right)
        assert met > 60


def test_every_page_and_part_knows_the_size_of_the_whole(park: Park) -> None:
    codes = [f"E{n:02d}" for n in range(11)]
    for code in codes:
        park.firm(code)
    query = sa.select(Organisation.code).order_by(Organisation.code)
    with park.app.app_context():
        for size in (0, 4, 5, 11):
            some = query.where(Organisation.code.in_(codes[:size]))
            for number in (-3, 0, 1, 2, 3, 4, 90):
                page, held = paginate(some, number, 5), min(max(1, number), max(1, -(-size // 5)))
                rows = codes[:size][(held - 1) * 5 : held * 5]
                assert (page.items, page.total, page.page) == (rows, size, held)
            for offset in (0, 3, 5, 10, 11, 40):
                assert part(some, 5, offset) == (codes[:size][offset : offset + 5], size)
