"""A firm says what it makes; an officer confirms or asks back; then it stands on the map at once."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa

from app.chain.makers import service as makers
from app.chain.register import service as chains
from app.chain.register.models import ChainFirm, IndustryChain, Position, Segment, SupplyLink
from app.chain.wishes.models import PositionWish
from app.chain.wishes.rules import likely_segments
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.identity import door as identity
from app.identity.door import Actor, roles

OPEN = ("waits", "asked_back")
_LARGEST = 1e9


@dataclass(frozen=True)
class Said:
    """What a firm says of itself: in words, in 10,000 yuan a year, and with whom it trades (codes)."""

    segment: str
    makes: str
    output_wan: float
    inputs: str = ""
    suppliers: tuple[str, ...] = field(default=())
    customers: tuple[str, ...] = field(default=())


def suggest(chain: IndustryChain, text: str) -> list[tuple[str, str, float]]:
    """Up to ten segments (code, name, score) that a text may mean."""
    rows = list(db.session.scalars(sa.select(Segment).where(Segment.chain_id == chain.id)))
    names = {row.code: [one for one in (row.name_zh, row.name_en) if one] for row in rows}
    firms = {maker.code: maker.score for maker in makers.search(text, 20)}
    standing = db.session.execute(
        sa.select(Segment.code, ChainFirm.code)
        .join(Position, Position.segment_id == Segment.id)
        .join(ChainFirm, ChainFirm.id == Position.firm_id)
        .where(Position.chain_id == chain.id, ChainFirm.code.in_(firms))
    )
    made_by = [(segment, firms[firm]) for segment, firm in standing]
    shown = {row.code: chains.segment_name(row) for row in rows}
    return [(code, shown[code], score) for code, score in likely_segments(text, names, made_by)]


def say(actor: Actor, chain: IndustryChain, said: Said) -> PositionWish:
    """The firm's own words; they count once an officer confirmed them."""
    if not actor.may(roles.MANAGES_OWN_FIRM):
        raise NotAllowed("chain_not_yours")
    segment = db.session.scalar(
        sa.select(Segment).where(Segment.chain_id == chain.id, Segment.code == said.segment)
    )
    wrong = []
    if segment is None:
        wrong.append(Reason("chain_unknown_segment", {"value": said.segment, "at": "segment"}))
    if not said.makes.strip():
        wrong.append(Reason("chain_wish_makes", {"at": "makes"}))
    if not 0 <= said.output_wan <= _LARGEST:
        wrong.append(Reason("chain_wish_output", {"at": "output_wan"}))
    known = set(
        db.session.scalars(
            sa.select(ChainFirm.code).where(ChainFirm.code.in_((*said.suppliers, *said.customers)))
        )
    )
    wrong += [
        Reason("chain_wish_partner", {"value": code, "at": "suppliers"})
        for code in (*said.suppliers, *said.customers)
        if code not in known
    ]
    if wrong or segment is None:
        raise Invalid("chain_wish_wrong", wrong)
    with transaction():
        old = db.session.scalar(
            locked(
                sa.select(PositionWish).where(
                    PositionWish.organisation_id == actor.organisation_id,
                    PositionWish.segment_id == segment.id,
                    PositionWish.state.in_(OPEN),
                )
            )
        )
        if old is not None:
            old.state = "withdrawn"
            db.session.flush()
        row = PositionWish(
            organisation_id=actor.organisation_id,
            chain_id=chain.id,
            segment_id=segment.id,
            makes=said.makes.strip()[:500],
            output_wan=said.output_wan,
            inputs=said.inputs.strip()[:500],
            suppliers=list(said.suppliers),
            customers=list(said.customers),
            state="waits",
            by_id=actor.member_id,
            at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        identity.audit(actor, "chain.wish_said", "position", row.id, segment=segment.code)
        firm = identity.organisation_of(actor)
        identity.notify_role(roles.INVESTMENT_STAFF, "chain_wish_waits", "/chain/wishes", name=firm.name_zh)
        return row


def ask_back(actor: Actor, wish_id: int, question: str) -> PositionWish:
    """An officer wants to know more; the firm says it anew."""
    if not question.strip():
        raise Invalid("reason_required")
    with transaction():
        row = _open(wish_id)
        row.state, row.question = "asked_back", question.strip()[:500]
        row.decided_by_id, row.decided_at = actor.member_id, clock.now()
        identity.audit(actor, "chain.wish_asked_back", "position", row.id, question)
        identity.notify_organisation(
            row.organisation_id, "chain_wish_asked_back", "/chain/say", question=row.question
        )
        return row


def confirm(actor: Actor, wish_id: int) -> PositionWish:
    """The firm stands on the map at once, with the supply rows it named where the other side is known."""
    with transaction():
        row = _open(wish_id)
        chain = chains.lock_chain(row.chain_id)
        segment = db.session.get_one(Segment, row.segment_id)
        stand(actor, chain, segment, _firm(row.organisation_id), row.output_wan, row.makes)
        firm = _firm(row.organisation_id)
        for code in row.customers:
            _link(actor, chain, segment.id, firm.id, chains.get_firm(code).id)
        for code in row.suppliers:
            _bought(actor, chain, segment, firm, chains.get_firm(code))
        row.state, row.decided_by_id, row.decided_at = "confirmed", actor.member_id, clock.now()
        chains.changed(chain)
        identity.audit(actor, "chain.wish_confirmed", "position", row.id, segment=segment.code)
        identity.notify_organisation(row.organisation_id, "chain_wish_confirmed", f"/chain/firms/{firm.code}")
        return row


def add_position(
    actor: Actor, chain_code: str, firm_code: str, segment_code: str, output_wan: float, products: str
) -> None:
    """An officer writes one position down, or corrects one."""
    with transaction():
        chain = chains.lock_chain(chains.get_chain(chain_code).id)
        segment = _segment(chain, segment_code)
        organisation = identity.get_enterprise(firm_code)
        stand(actor, chain, segment, _firm(organisation.id), output_wan, products)
        chains.changed(chain)
        identity.audit(actor, "chain.position_written", "position", segment.id, firm=organisation.code)


def add_supply(
    actor: Actor, chain_code: str, supplier: str, customer: str, segment_code: str, value_wan: float
) -> None:
    """An officer writes one supply row down, or corrects one."""
    if supplier == customer:
        raise Invalid("chain_wish_partner", value=customer)
    with transaction():
        chain = chains.lock_chain(chains.get_chain(chain_code).id)
        segment = _segment(chain, segment_code)
        _link(actor, chain, segment.id, chains.get_firm(supplier).id, chains.get_firm(customer).id, value_wan)
        chains.changed(chain)
        identity.audit(
            actor, "chain.supply_written", "supply_link", segment.id, supplier=supplier, customer=customer
        )


def stand(
    actor: Actor, chain: IndustryChain, segment: Segment, firm: ChainFirm, output_wan: float, products: str
) -> None:
    """Put a firm on a segment, confirmed by who does it."""
    if not 0 <= output_wan <= _LARGEST:
        raise Invalid("chain_wish_output", at="output_wan")
    now = clock.now()
    row = db.session.scalar(
        sa.select(Position).where(Position.segment_id == segment.id, Position.firm_id == firm.id)
    )
    if row is None:
        row = Position(
            chain_id=chain.id, segment_id=segment.id, firm_id=firm.id, source=firm.code, updated_at=now
        )
        db.session.add(row)
    row.output_wan, row.products, row.in_park, row.updated_at = output_wan, products.strip()[:500], True, now
    row.confirmed_at, row.confirmed_by = now, actor.member_id or None
    db.session.flush()


def _segment(chain: IndustryChain, code: str) -> Segment:
    found = db.session.scalar(sa.select(Segment).where(Segment.chain_id == chain.id, Segment.code == code))
    if found is None:
        raise Invalid("chain_unknown_segment", value=code)
    return found


def _firm(organisation_id: int) -> ChainFirm:
    found = db.session.scalar(sa.select(ChainFirm).where(ChainFirm.organisation_id == organisation_id))
    if found is None:
        organisation = identity.get_organisation(organisation_id)
        found = db.session.scalar(
            sa.select(ChainFirm).where(
                ChainFirm.code == organisation.code, ChainFirm.organisation_id.is_(None)
            )
        )
        if found is None:
            found = ChainFirm(code=organisation.code, name=organisation.name_zh)
            db.session.add(found)
        found.organisation_id = organisation_id
        db.session.flush()
    return found


def _bought(
    actor: Actor, chain: IndustryChain, segment: Segment, firm: ChainFirm, supplier: ChainFirm
) -> None:
    """What a supplier sells is what it makes; of one that stands nowhere nothing is written."""
    made = db.session.scalars(
        sa.select(Position.segment_id).where(
            Position.firm_id == supplier.id, Position.chain_id == chain.id, Position.segment_id != segment.id
        )
    ).all()
    for segment_id in made[:1]:
        _link(actor, chain, segment_id, supplier.id, firm.id)


def _link(
    actor: Actor,
    chain: IndustryChain,
    segment_id: int,
    supplier_id: int,
    customer_id: int,
    value_wan: float = 0.0,
) -> None:
    if supplier_id == customer_id:
        return
    where = (
        SupplyLink.supplier_id == supplier_id,
        SupplyLink.customer_id == customer_id,
        SupplyLink.segment_id == segment_id,
    )
    row = db.session.scalar(sa.select(SupplyLink).where(*where))
    now = clock.now()
    if row is None:
        row = SupplyLink(
            chain_id=chain.id,
            supplier_id=supplier_id,
            customer_id=customer_id,
            segment_id=segment_id,
            value_wan=value_wan,
            source="said",
        )
        db.session.add(row)
    elif value_wan:
        row.value_wan = value_wan
    row.updated_at, row.confirmed_at, row.confirmed_by = now, now, actor.member_id or None
    db.session.flush()


def _open(wish_id: int) -> PositionWish:
    row = db.session.scalar(locked(sa.select(PositionWish).where(PositionWish.id == wish_id)))
    if row is None:
        raise NotFound("chain_wish_not_found")
    if row.state not in OPEN:
        raise Conflict("chain_wish_decided")
    return row


def waiting() -> list[tuple[PositionWish, Segment]]:
    """What firms say and nobody has looked at yet, the oldest first."""
    query = (
        sa.select(PositionWish, Segment)
        .join(Segment, Segment.id == PositionWish.segment_id)
        .where(PositionWish.state == "waits")
        .order_by(PositionWish.id)
        .limit(100)
    )
    return [(wish, segment) for wish, segment in db.session.execute(query)]


def own(organisation_id: int) -> list[tuple[PositionWish, Segment]]:
    """What this firm has said, the newest first."""
    query = (
        sa.select(PositionWish, Segment)
        .join(Segment, Segment.id == PositionWish.segment_id)
        .where(PositionWish.organisation_id == organisation_id)
        .order_by(PositionWish.id.desc())
        .limit(20)
    )
    return [(wish, segment) for wish, segment in db.session.execute(query)]
