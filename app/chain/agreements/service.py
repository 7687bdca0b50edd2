"""Asking, agreeing, and a no that stays a no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import aliased

from app.chain.agreements.models import MatchDecision
from app.chain.limits import LARGEST_DEAL_WAN
from app.chain.partners.rules import CUSTOMERS, SUPPLIERS, Meant
from app.chain.partners.service import find_partner
from app.chain.register import service as chains
from app.chain.register.models import ChainFirm, IndustryChain, Segment, SupplyLink
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity import door as identity
from app.identity.door import roles


def _may_act(actor: identity.Actor, firm: ChainFirm) -> None:
    own = firm.organisation_id is not None and firm.organisation_id == actor.organisation_id
    if not (actor.may(roles.EDITS_CHAINS) or (own and actor.may(roles.MANAGES_OWN_FIRM))):
        raise NotAllowed("chain_not_yours")


def ask(
    actor: identity.Actor,
    chain: IndustryChain,
    firm: ChainFirm,
    meant: Meant,
    value_wan: float,
) -> MatchDecision:
    """One firm would like to trade. Staff who know that both agreed note the agreement at once."""
    _may_act(actor, firm)
    if not 0 < value_wan <= LARGEST_DEAL_WAN:
        raise Invalid("chain_match_needs_value")
    with transaction():
        match = find_partner(actor, chain, firm, meant)
        other = chains.get_firm(match.enterprise)
        supplier, customer = (other, firm) if meant.side == SUPPLIERS else (firm, other)
        found = _decision(supplier.id, customer.id, chains.get_segment(chain, meant.segment).id)
        now = clock.now()
        if found is None:
            found = MatchDecision(
                chain_id=chain.id,
                supplier_id=supplier.id,
                customer_id=customer.id,
                segment_id=chains.get_segment(chain, meant.segment).id,
                state="asked",
                value_wan=value_wan,
                asked_by_firm_id=firm.id,
                asked_by=actor.member_id,
                asked_at=now,
                reason="",
                decided_name="",
            )
            db.session.add(found)
            db.session.flush()
            identity.audit(actor, "chain.match_asked", "match_decision", found.id)
        elif found.state != "asked":
            raise Conflict("chain_match_decided")
        elif found.asked_by_firm_id == firm.id and not actor.may(roles.EDITS_CHAINS):
            raise Conflict("chain_match_already_asked")
        both = actor.may(roles.EDITS_CHAINS) or found.asked_by_firm_id != firm.id
        if both:
            found.value_wan = value_wan if actor.may(roles.EDITS_CHAINS) else found.value_wan
            _agree(actor, chain, found)
        elif other.organisation_id:
            identity.notify_organisation(
                other.organisation_id,
                "chain_match_asks_you",
                url_for("chain.my_matches"),
                roles=(roles.ENTERPRISE_ADMIN,),
            )
        return found


def _decision(supplier_id: int, customer_id: int, segment_id: int) -> MatchDecision | None:
    return db.session.scalar(
        sa.select(MatchDecision).where(
            MatchDecision.supplier_id == supplier_id,
            MatchDecision.customer_id == customer_id,
            MatchDecision.segment_id == segment_id,
        )
    )


def _agree(actor: identity.Actor, chain: IndustryChain, row: MatchDecision) -> None:
    chain = chains.lock_chain(chain.id)
    now = clock.now()
    row.state, row.decided_by, row.decided_name, row.decided_at = "agreed", actor.member_id, actor.name, now
    db.session.add(
        SupplyLink(
            chain_id=chain.id,
            supplier_id=row.supplier_id,
            customer_id=row.customer_id,
            segment_id=row.segment_id,
            value_wan=row.value_wan,
            source=f"match {row.id}",
            confirmed_by=actor.member_id,
            confirmed_at=now,
            updated_at=now,
        )
    )
    db.session.flush()
    chains.changed(chain)
    identity.audit(actor, "chain.match_agreed", "match_decision", row.id, value_wan=row.value_wan)
    for firm in db.session.scalars(
        sa.select(ChainFirm).where(ChainFirm.id.in_((row.supplier_id, row.customer_id)))
    ):
        if firm.organisation_id:
            identity.notify_organisation(
                firm.organisation_id, "chain_match_agreed", url_for("chain.my_matches")
            )


def get_decision(actor: identity.Actor, decision_id: int) -> tuple[MatchDecision, ChainFirm]:
    """A decision the actor has a part in, and which firm it speaks for (staff: the one that was asked)."""
    row = db.session.get(MatchDecision, decision_id)
    if row is None:
        raise NotFound("chain_match_not_found")
    firms = db.session.scalars(
        sa.select(ChainFirm)
        .where(ChainFirm.id.in_((row.supplier_id, row.customer_id)))
        .order_by(ChainFirm.id)
    ).all()
    for firm in firms:
        if firm.organisation_id == actor.organisation_id:
            return row, firm
    if actor.may(roles.EDITS_CHAINS):
        return row, next(firm for firm in firms if firm.id != row.asked_by_firm_id)
    raise NotFound("chain_match_not_found")


def agree(actor: identity.Actor, chain: IndustryChain, decision_id: int) -> MatchDecision:
    """The other side says yes: both see each other's name, and the link counts."""
    with transaction():
        row, firm = get_decision(actor, decision_id)
        _may_act(actor, firm)
        if row.state != "asked":
            raise Conflict("chain_match_decided")
        if row.asked_by_firm_id == firm.id and not actor.may(roles.EDITS_CHAINS):
            raise Conflict("chain_match_already_asked")
        _agree(actor, chain, row)
        return row


def decline(
    actor: identity.Actor,
    chain: IndustryChain,
    firm: ChainFirm,
    meant: Meant,
    reason: str = "",
) -> MatchDecision:
    """No, and for good: the pair is not proposed again, whatever its score becomes."""
    _may_act(actor, firm)
    with transaction():
        match = find_partner(actor, chain, firm, meant)
        other = chains.get_firm(match.enterprise)
        supplier, customer = (other, firm) if meant.side == SUPPLIERS else (firm, other)
        segment_id = chains.get_segment(chain, meant.segment).id
        row = _decision(supplier.id, customer.id, segment_id)
        if row is not None and row.state != "asked":
            raise Conflict("chain_match_decided")
        now = clock.now()
        if row is None:
            row = MatchDecision(
                chain_id=chain.id,
                supplier_id=supplier.id,
                customer_id=customer.id,
                segment_id=segment_id,
                state="declined",
                value_wan=0.0,
                asked_at=now,
                reason="",
                decided_name="",
            )
            db.session.add(row)
        _refuse(actor, row, reason)
        return row


def _refuse(actor: identity.Actor, row: MatchDecision, reason: str) -> None:
    row.state, row.decided_by, row.decided_at, row.reason = (
        "declined",
        actor.member_id,
        clock.now(),
        reason[:300],
    )
    db.session.flush()
    identity.audit(actor, "chain.match_declined", "match_decision", row.id, reason=reason)


def decline_asked(actor: identity.Actor, decision_id: int, reason: str = "") -> MatchDecision:
    with transaction():
        row, firm = get_decision(actor, decision_id)
        _may_act(actor, firm)
        if row.state != "asked":
            raise Conflict("chain_match_decided")
        _refuse(actor, row, reason)
        return row


@dataclass(frozen=True)
class Told:
    """A decision as one firm sees it."""

    id: int
    state: str
    side: str
    name: str
    segment: str
    value_wan: float
    asked_by_me: bool
    decided_by: str
    decided_at: Any


def decisions(actor: identity.Actor, chain: IndustryChain, firm: ChainFirm) -> list[Told]:
    """Everything asked, agreed and declined for a firm; the other's name only once both agreed (or for staff)."""
    supplier, customer = aliased(ChainFirm), aliased(ChainFirm)
    query = (
        sa.select(MatchDecision, supplier, customer, Segment)
        .join(supplier, supplier.id == MatchDecision.supplier_id)
        .join(customer, customer.id == MatchDecision.customer_id)
        .join(Segment, Segment.id == MatchDecision.segment_id)
        .where(MatchDecision.chain_id == chain.id, sa.or_(supplier.id == firm.id, customer.id == firm.id))
        .order_by(MatchDecision.id.desc())
    )
    rows = db.session.execute(query).all()
    names = chains.firm_names([f for _row, a, b, _s in rows for f in (a, b)])
    told = []
    for row, a, b, segment in rows:
        other, side = (b, CUSTOMERS) if a.id == firm.id else (a, SUPPLIERS)
        open_name = row.state == "agreed" or actor.may(roles.SEES_NAMES_IN_MATCHES)
        name = names[other.id] if open_name else _("未公开的企业")
        told.append(
            Told(
                row.id,
                row.state,
                side,
                name,
                chains.segment_name(segment),
                row.value_wan,
                row.asked_by_firm_id == firm.id,
                row.decided_name if row.state == "agreed" else "",
                row.decided_at,
            )
        )
    return told
