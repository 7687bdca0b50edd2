"""Industry packs: what firms of an industry usually need first, kept as rows that the park edits."""

from __future__ import annotations

import dataclasses

import sqlalchemy as sa

from app.ecosystem import sight
from app.ecosystem.packs.models import IndustryPack
from app.ecosystem.packs.rules import ANY, NOTHING, Line, Needs
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import NotFound
from app.hall.text import language
from app.identity import door as identity
from app.identity.door import Actor


def all_industries() -> list[IndustryPack]:
    """Return the industry packs by code, the one for every other industry last."""
    rows = db.session.scalars(sa.select(IndustryPack).order_by(IndustryPack.code)).all()
    return sorted(rows, key=lambda row: (row.code == ANY, row.code))


def names() -> dict[str, str]:
    """Return what industries are called in the reader's language, by the code a pack carries."""
    english = language.lang() == "en"
    found = {row.code: (row.name_en if english else "") or row.name_zh for row in all_industries()}
    return {code: name for code, name in found.items() if code != ANY} | {"": found.get(ANY, "")}


def of_industry(code: str) -> Needs:
    """Return what firms of this industry need first; what every firm needs where it has no pack of its own."""
    rows = db.session.scalars(sa.select(IndustryPack).where(IndustryPack.code.in_((code, ANY)))).all()
    found = {row.code: row for row in rows}
    row = found.get(code) or found.get(ANY)
    return NOTHING if row is None else needs_of(row)


def needs_of(row: IndustryPack) -> Needs:
    return Needs(tuple(row.resource_words), tuple(row.offer_tags), tuple(Line(**line) for line in row.lines))


def find(code: str) -> IndustryPack:
    row = db.session.scalar(sa.select(IndustryPack).where(IndustryPack.code == code))
    if row is None:
        raise NotFound("industry_pack_not_found")
    return row


def save(actor: Actor, code: str, name_zh: str, name_en: str, wanted: Needs) -> IndustryPack:
    """Write an industry pack; packs built from now on follow it, those already built stay as they are."""
    sight.must_match(actor)
    with transaction() as session:
        row = session.scalar(locked(sa.select(IndustryPack).where(IndustryPack.code == code)))
        if row is None:
            row = IndustryPack(code=code)
            session.add(row)
        row.name_zh, row.name_en = name_zh.strip(), name_en.strip()
        row.resource_words, row.offer_tags = list(wanted.resources), list(wanted.offers)
        row.lines = [dataclasses.asdict(line) for line in wanted.lines]
        row.updated_at = clock.now()
        session.flush()
        identity.audit(actor, "industry_pack.saved", "industry_pack", row.id, code=code)
        return row
