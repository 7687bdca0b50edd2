"""Partners a firm does not have yet: who may see them how far, asking, agreeing, and a no that stays a no."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import aliased

from app import clock, language
from app.chain.matching import CUSTOMERS, SUPPLIERS, Market, Match, Profile
from app.chain.models import ChainFirm, IndustryChain, MatchDecision, Position, Segment, SupplyLink
from app.chain.service import chains, wording
from app.db import db, transaction
from app.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.identity import service as identity

SEES_NAMES = ("investment_staff", "park_admin", "committee_secretary")
# Reasons that say something of the other firm alone are for staff; the rest rests on the reader's own rows.
_OWN = {
    SUPPLIERS: {
        "chain_match_input",
        "chain_match_open",
        "chain_match_second_source",
        "chain_match_no_source",
    },
    CUSTOMERS: set[str](),
}


@dataclass(frozen=True)
class Shown:
    """A match as this reader may see it; `handle` names the partner in forms without giving it away."""

    match: Match
    handle: str
    name: str
    masked: bool
    score: float
    value_wan: float | None
    reasons: tuple[str, ...]
    state: str
    asked_by_me: bool


def market(chain: IndustryChain) -> Market:
    """The park's supply and demand with the weights learnt from it, once per data version."""

    def read() -> Market:
        rows = db.session.execute(
            sa.select(ChainFirm.code, Segment.code, Position.capacity_wan, Position.products)
            .join(Position, Position.firm_id == ChainFirm.id)
            .join(Segment, Segment.id == Position.segment_id)
            .where(Position.chain_id == chain.id)
            .order_by(Position.id)
        ).all()
        found: dict[str, tuple[dict[str, float], list[str]]] = {}
        for firm, segment, capacity, products in rows:
            capacities, words = found.setdefault(firm, ({}, []))
            if capacity is not None:
                capacities[segment] = capacity
            words.append(products)
        profiles = {firm: Profile(caps, " ".join(words)) for firm, (caps, words) in found.items()}
        return Market(chains.chain_facts(chain), profiles)

    return chains.kept("market", chain, "", read)


def declined_pairs(chain: IndustryChain) -> set[tuple[str, str]]:
    supplier, customer = aliased(ChainFirm), aliased(ChainFirm)
    query = (
        sa.select(supplier.code, customer.code)
        .join_from(MatchDecision, supplier, supplier.id == MatchDecision.supplier_id)
        .join(customer, customer.id == MatchDecision.customer_id)
        .where(MatchDecision.chain_id == chain.id, MatchDecision.state == "declined")
    )
    found = {(a, b) for a, b in db.session.execute(query)}
    return found | {(b, a) for a, b in found}


def found_matches(chain: IndustryChain, firm: ChainFirm, side: str) -> list[Match]:
    """Candidates whoever asks; `list_matches` decides how much of them is shown."""
    if side not in (SUPPLIERS, CUSTOMERS):
        raise Invalid("chain_bad_side")
    return market(chain).matches(firm.code, side, declined_pairs(chain))


def handle_of(firm: ChainFirm, other: str, segment: str) -> str:
    """A name for the partner that only this server can trace back, different for every asking firm."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"match {firm.code} {other} {segment}".encode(), hashlib.sha256).hexdigest()[:16]


def list_matches(actor: identity.Actor, chain: IndustryChain, firm: ChainFirm, side: str) -> list[Shown]:
    """Partners for `firm` as the actor may see them: names only for staff, and after both said yes."""
    if not chains.may_see_firm(actor, firm):
        raise NotFound("chain_firm_not_found", code=firm.code)
    open_name = actor.has(*SEES_NAMES)
    facts_now = chains.chain_facts(chain)
    names, firms = facts_now.names(language.lang()), facts_now.firm_names()
    states = _states(chain, firm, side)
    shown = []
    found = found_matches(chain, firm, side)
    if not open_name:  # neither the score nor the order may say anything of the partner's own figures
        found.sort(key=lambda m: (-round(m.open_score, 9), handle_of(firm, m.enterprise, m.segment)))
    for n, match in enumerate(found, start=1):
        state, by_me = states.get((match.enterprise, match.segment), ("", False))
        reasons = match.reasons
        if not open_name:
            reasons = tuple(r for r in reasons if r.code in _OWN[side]) + _guarded(match, side)
        texts = tuple(wording.sentences([_named_target(reason, names) for reason in reasons], names))
        shown.append(
            Shown(
                match,
                match.enterprise if open_name else handle_of(firm, match.enterprise, match.segment),
                firms.get(match.enterprise, match.enterprise)
                if open_name
                else (
                    _("供应商 %(number)s", number=n) if side == SUPPLIERS else _("客户 %(number)s", number=n)
                ),
                not open_name,
                match.score if open_name else match.open_score,
                match.value_wan if open_name else None,
                texts,
                state,
                by_me,
            )
        )
    return shown


def _named_target(reason: Reason, names: dict[str, str]) -> Reason:
    if "target" not in reason.params:
        return reason
    return Reason(
        reason.code, {**reason.params, "target": names.get(reason.params["target"], reason.params["target"])}
    )


def _guarded(match: Match, side: str) -> tuple[Reason, ...]:
    """What may be said of a stranger: which input joins the two, not how much it makes."""
    first = next((r for r in match.reasons if r.code == "chain_match_input"), None)
    if first is None or side == SUPPLIERS:
        return ()
    return (Reason("chain_match_uses", {"segment": match.segment, "target": first.params["target"]}),)


def _states(chain: IndustryChain, firm: ChainFirm, side: str) -> dict[tuple[str, str], tuple[str, bool]]:
    mine, theirs = (
        (MatchDecision.customer_id, MatchDecision.supplier_id)
        if side == SUPPLIERS
        else (MatchDecision.supplier_id, MatchDecision.customer_id)
    )
    query = (
        sa.select(ChainFirm.code, Segment.code, MatchDecision.state, MatchDecision.asked_by_firm_id)
        .join_from(MatchDecision, ChainFirm, ChainFirm.id == theirs)
        .join(Segment, Segment.id == MatchDecision.segment_id)
        .where(MatchDecision.chain_id == chain.id, mine == firm.id)
    )
    return {(code, segment): (state, by == firm.id) for code, segment, state, by in db.session.execute(query)}


def find_partner(
    actor: identity.Actor, chain: IndustryChain, firm: ChainFirm, side: str, handle: str, segment: str
) -> Match:
    """The match behind a handle (or a code, for staff); only what is still proposed."""
    for match in found_matches(chain, firm, side):
        names = {handle_of(firm, match.enterprise, match.segment)}
        if actor.has(*SEES_NAMES):
            names.add(match.enterprise)
        if handle in names and match.segment == segment:
            return match
    raise NotFound("chain_match_not_found")


def _may_act(actor: identity.Actor, firm: ChainFirm) -> None:
    own = firm.organisation_id is not None and firm.organisation_id == actor.organisation_id
    if not (actor.has(*chains.EDITORS) or (own and actor.has("enterprise_admin"))):
        raise NotAllowed("chain_not_yours")


def ask(
    actor: identity.Actor,
    chain: IndustryChain,
    firm: ChainFirm,
    side: str,
    handle: str,
    segment: str,
    value_wan: float,
) -> MatchDecision:
    """One firm would like to trade. Staff who know that both agreed note the agreement at once."""
    _may_act(actor, firm)
    if not 0 < value_wan <= 1e9:
        raise Invalid("chain_match_needs_value")
    with transaction():
        match = find_partner(actor, chain, firm, side, handle, segment)
        other = chains.get_firm(match.enterprise)
        supplier, customer = (other, firm) if side == SUPPLIERS else (firm, other)
        found = _decision(supplier.id, customer.id, chains.get_segment(chain, segment).id)
        now = clock.now()
        if found is None:
            found = MatchDecision(
                chain_id=chain.id, supplier_id=supplier.id, customer_id=customer.id,
                segment_id=chains.get_segment(chain, segment).id, state="asked", value_wan=value_wan,
                asked_by_firm_id=firm.id, asked_by=actor.member_id, asked_at=now, reason="", decided_name="",
            )  # fmt: skip
            db.session.add(found)
            db.session.flush()
            identity.audit(actor, "chain.match_asked", "match_decision", found.id)
        elif found.state != "asked":
            raise Conflict("chain_match_decided")
        elif found.asked_by_firm_id == firm.id and not actor.has(*chains.EDITORS):
            raise Conflict("chain_match_already_asked")
        both = actor.has(*chains.EDITORS) or found.asked_by_firm_id != firm.id
        if both:
            found.value_wan = value_wan if actor.has(*chains.EDITORS) else found.value_wan
            _agree(actor, chain, found)
        elif other.organisation_id:
            identity.notify_organisation(
                other.organisation_id,
                "chain_match_asks_you",
                url_for("chain.my_matches"),
                roles=("enterprise_admin",),
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
    if actor.has(*chains.EDITORS):
        return row, next(firm for firm in firms if firm.id != row.asked_by_firm_id)
    raise NotFound("chain_match_not_found")


def agree(actor: identity.Actor, chain: IndustryChain, decision_id: int) -> MatchDecision:
    """The other side says yes: both see each other's name, and the link counts."""
    with transaction():
        row, firm = get_decision(actor, decision_id)
        _may_act(actor, firm)
        if row.state != "asked":
            raise Conflict("chain_match_decided")
        if row.asked_by_firm_id == firm.id and not actor.has(*chains.EDITORS):
            raise Conflict("chain_match_already_asked")
        _agree(actor, chain, row)
        return row


def decline(
    actor: identity.Actor,
    chain: IndustryChain,
    firm: ChainFirm,
    side: str,
    handle: str,
    segment: str,
    reason: str = "",
) -> MatchDecision:
    """No, and for good: the pair is not proposed again, whatever its score becomes."""
    _may_act(actor, firm)
    with transaction():
        match = find_partner(actor, chain, firm, side, handle, segment)
        other = chains.get_firm(match.enterprise)
        supplier, customer = (other, firm) if side == SUPPLIERS else (firm, other)
        segment_id = chains.get_segment(chain, segment).id
        row = _decision(supplier.id, customer.id, segment_id)
        if row is not None and row.state != "asked":
            raise Conflict("chain_match_decided")
        now = clock.now()
        if row is None:
            row = MatchDecision(
                chain_id=chain.id, supplier_id=supplier.id, customer_id=customer.id, segment_id=segment_id,
                state="declined", value_wan=0.0, asked_at=now, reason="", decided_name="",
            )  # fmt: skip
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
        open_name = row.state == "agreed" or actor.has(*SEES_NAMES)
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
