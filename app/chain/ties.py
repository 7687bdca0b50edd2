"""What the chain knows of an organisation, and does when it is joined or leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.chain.register import facts
from app.chain.register import service as chains
from app.chain.register.models import ChainFirm, IndustryChain, Position, Segment, SupplyLink
from app.chain.weak_links.rules import assess
from app.chain.weak_links.service import assessment
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.counting import how_many
from app.hall.text import language, units
from app.identity import door as identity
from app.identity.door import (
    Actor,
    Elsewhere,
    FirstStep,
    Line,
    Move,
    OpenThing,
    Pointer,
    Ties,
    move_back,
    move_rows,
    register_elsewhere,
    register_ties,
)

POSITIONS = Pointer("position", "firm_id")
LINKS = (Pointer("supply_link", "supplier_id"), Pointer("supply_link", "customer_id"))


def firm_of(organisation_id: int) -> ChainFirm | None:
    """The chain's firm of an organisation."""
    return db.session.scalar(sa.select(ChainFirm).where(ChainFirm.organisation_id == organisation_id))


def lines(_actor: Actor, organisation_id: int) -> Sequence[Line]:
    """Where the firm stands, and with how many firms of the park it trades."""
    firm = firm_of(organisation_id)
    if firm is None:
        return ()
    rows = db.session.execute(
        sa.select(Position, Segment)
        .join(Segment, Segment.id == Position.segment_id)
        .where(Position.firm_id == firm.id)
        .order_by(Position.output_wan.desc())
        .limit(10)
    ).all()
    found = [
        Line(
            chains.segment_name(segment),
            _("年产值 %(amount)s 万元", amount=units.wan_figure(position.output_wan, language.lang())),
            url_for("chain.firm", code=firm.code),
        )
        for position, segment in rows
    ]
    sells, buys = db.session.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(sa.case((SupplyLink.supplier_id == firm.id, 1), else_=0)), 0),
            sa.func.coalesce(sa.func.sum(sa.case((SupplyLink.customer_id == firm.id, 1), else_=0)), 0),
        ).where(sa.or_(SupplyLink.supplier_id == firm.id, SupplyLink.customer_id == firm.id))
    ).one()
    found.append(Line(_("供货关系"), _("客户 %(sells)s 家，供应商 %(buys)s 家", sells=sells, buys=buys)))
    return found


def open_things(organisation_id: int, _day: dt.date) -> Sequence[OpenThing]:
    """The positions that end, with the hole they leave before it happens."""
    firm = firm_of(organisation_id)
    if firm is None:
        return ()
    ids = list(
        db.session.scalars(
            sa.select(Position.chain_id)
            .where(Position.firm_id == firm.id, Position.in_park.is_(True))
            .order_by(Position.id)
        )
    )
    found = []
    for chain in db.session.scalars(sa.select(IndustryChain).where(IndustryChain.id.in_(ids))):
        before = assessment(chain).total_shortfall_wan
        after = assess(facts.without_firms(chains.chain_facts(chain), [firm.code])).total_shortfall_wan
        found.append(
            OpenThing(
                _("产业链位置（%(chain)s）", chain=chains.chain_name(chain)),
                ids.count(chain.id),
                _(
                    "当天结束；缺口由 %(before)s 变为 %(after)s 万元",
                    before=units.wan_figure(before, language.lang()),
                    after=units.wan_figure(after, language.lang()),
                ),
                url_for("chain.firm", code=firm.code),
            )
        )
    return found


def left(organisation_id: int, _day: dt.date) -> None:
    """Positions end; the rows stay as those of a firm outside."""
    firm = firm_of(organisation_id)
    if firm is None:
        return
    for chain in _chains_of(firm):
        locked = chains.lock_chain(chain.id)
        db.session.execute(
            sa.update(Position)
            .where(Position.firm_id == firm.id, Position.chain_id == chain.id)
            .values(in_park=False, updated_at=clock.now())
        )
        chains.changed(locked)


def _chains_of(firm: ChainFirm) -> list[IndustryChain]:
    ids = sa.select(Position.chain_id).where(Position.firm_id == firm.id)
    query = sa.select(IndustryChain).where(IndustryChain.id.in_(ids)).order_by(IndustryChain.id)
    return list(db.session.scalars(query))


def joined(_actor: Actor, move: Move) -> None:
    """Positions and supply rows follow; where both stood on a segment the target's row counts, the other ends."""
    one, into = firm_of(move.from_id), firm_of(move.into_id)
    if one is None:
        return
    if into is None:
        into = ChainFirm(
            code=identity.get_organisation(move.into_id).code, name=one.name, organisation_id=move.into_id
        )
        db.session.add(into)
        db.session.flush()
    touched = _chains_of(one)
    firms = Move(move.join_id, one.id, into.id)
    for pointer in (POSITIONS, *LINKS):
        move_rows(pointer, firms)
    db.session.execute(sa.update(Position).where(Position.firm_id == one.id).values(in_park=False))
    for chain in touched:
        chains.changed(chains.lock_chain(chain.id))


def parted(_actor: Actor, move: Move) -> None:
    """What followed goes home, what had ended stands again."""
    one, into = firm_of(move.from_id), firm_of(move.into_id)
    if one is None or into is None:
        return
    firms = Move(move.join_id, one.id, into.id)
    for pointer in (POSITIONS, *LINKS):
        move_back(pointer, firms)
    db.session.execute(sa.update(Position).where(Position.firm_id == one.id).values(in_park=True))
    for chain in _chains_of(one):
        chains.changed(chains.lock_chain(chain.id))


def steps(organisation_id: int) -> Sequence[FirstStep]:
    """A position on the chain."""
    some = how_many(Position.firm_id == ChainFirm.id, ChainFirm.organisation_id == organisation_id)
    return (FirstStep("position", some, url_for("chain.say_page")),)


def firms_elsewhere() -> Sequence[Elsewhere]:
    """Firms that chain data name and that have no row among the organisations."""
    rows = db.session.execute(
        sa.select(ChainFirm.code, ChainFirm.name)
        .where(ChainFirm.organisation_id.is_(None))
        .order_by(ChainFirm.id)
    )
    return [Elsewhere(code, name) for code, name in rows]


def register() -> None:
    register_elsewhere(firms_elsewhere)
    register_ties(
        "chain",
        Ties(
            _l("产业链"),
            lines=lines,
            open_things=open_things,
            joined=joined,
            parted=parted,
            steps=steps,
            left=left,
        ),
    )
