"""Who makes it: the product search over the firms and prospects the park knows, kept until their products change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.chain.limits import LONGEST_QUERY
from app.chain.makers import words as makers_wording
from app.chain.prospects.models import Prospect
from app.chain.register.models import ChainFirm, Position
from app.hall.db.base import db
from app.hall.text import language
from app.identity import door as identity

if TYPE_CHECKING:
    from app.chain.makers.rules import Index


APART = re.compile(r"[、，,；;／/\n]+")
_kept: dict[str, tuple[int, Index]] = {}


@dataclass(frozen=True)
class Maker:
    """A firm that makes something like it, in the park or not, and why we think so."""

    code: str
    name: str
    prospect: bool
    in_park: bool
    score: float
    reason: str
    products: str


@dataclass(frozen=True)
class _Firm:
    code: str
    name: str
    products: str
    prospect: bool
    in_park: bool


def search(text: str, top: int = 10) -> list[Maker]:
    """The firms that best match a free text; those without any evidence are left out."""
    firms = {firm.code: firm for firm in _firms()}
    text = text.strip()[:LONGEST_QUERY]
    if not text or not firms:
        return []
    found = []
    for candidate in _index(list(firms.values())).rank(text, top):
        if candidate.score <= 0:
            continue
        firm = firms[candidate.enterprise]
        found.append(
            Maker(
                firm.code,
                firm.name,
                firm.prospect,
                firm.in_park,
                candidate.score,
                makers_wording.reason(candidate),
                firm.products,
            )
        )
    return found


def _firms() -> list[_Firm]:
    english = language.lang() == "en"
    rows = db.session.execute(
        sa.select(ChainFirm.code, ChainFirm.name, Position.products, Position.in_park)
        .join(Position, Position.firm_id == ChainFirm.id)
        .where(Position.products != "")
        .order_by(ChainFirm.code, Position.id)
    ).all()
    made: dict[str, _Firm] = {}
    names = {
        code: found.name for code, found in identity.organisations_by_code(row[0] for row in rows).items()
    }
    for code, own_name, products, in_park in rows:
        known = made.get(code)
        all_products = f"{known.products}、{products}" if known else products
        made[code] = _Firm(code, names.get(code, own_name), all_products, False, in_park)
    prospects = db.session.scalars(
        sa.select(Prospect).where(Prospect.products != "", Prospect.state.not_in(("landed", "lost")))
    )
    for row in prospects:
        made.setdefault(
            row.code, _Firm(row.code, (english and row.name_en) or row.name_zh, row.products, True, False)
        )
    return list(made.values())


def _index(firms: list[_Firm]) -> Index:
    """Built anew only when a product or name changed; one is kept per language."""
    from app.chain.makers.facts import CatalogueRow, Enterprise
    from app.chain.makers.rules import build  # numpy and scipy: a second of every start

    state = hash(tuple((firm.code, firm.name, firm.products) for firm in firms))
    kept = _kept.get(language.lang())
    if kept is None or kept[0] != state:
        rows = [
            CatalogueRow(firm.code, product.strip())
            for firm in firms
            for product in APART.split(firm.products)
            if product.strip()
        ]
        kept = (state, build(rows, [Enterprise(firm.code, firm.name) for firm in firms]))
        _kept[language.lang()] = kept
    return kept[1]
