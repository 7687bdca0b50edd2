"""Partners a firm does not have yet, and how much of them this reader may see."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import aliased

from app.chain.agreements.models import MatchDecision
from app.chain.partners.rules import CUSTOMERS, SUPPLIERS, Market, Match, Meant, Profile
from app.chain.register import service as chains
from app.chain.register import words as wording
from app.chain.register.models import ChainFirm, IndustryChain, Position, Segment
from app.hall.db.base import db
from app.hall.errors import Invalid, NotFound, Reason
from app.hall.text import language
from app.identity import door as identity
from app.identity.door import roles

# Reasons that say something of the other firm alone are for staff; the rest rests on the reader's own rows.
_OWN = {
    SUPPLIERS: {f"chain_match_{what}" for what in ("input", "open", "second_source", "no_source")},
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


def count_matches(chain: IndustryChain, firm: ChainFirm) -> int:
    """How many candidates there are on both sides; what was declined is asked once."""
    known, declined = market(chain), declined_pairs(chain)
    return sum(len(known.matches(firm.code, side, declined)) for side in (SUPPLIERS, CUSTOMERS))


def handle_of(firm: ChainFirm, other: str, segment: str) -> str:
    """A name for the partner that only this server can trace back, different for every asking firm."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"match {firm.code} {other} {segment}".encode(), hashlib.sha256).hexdigest()[:16]


def list_matches(actor: identity.Actor, chain: IndustryChain, firm: ChainFirm, side: str) -> list[Shown]:
    """Partners for `firm` as the actor may see them: names only for staff, and after both said yes."""
    if not chains.may_see_firm(actor, firm):
        raise NotFound("chain_firm_not_found", code=firm.code)
    open_name = actor.may(roles.SEES_NAMES_IN_MATCHES)
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


def find_partner(actor: identity.Actor, chain: IndustryChain, firm: ChainFirm, meant: Meant) -> Match:
    """The match behind a handle (or a code, for staff); only what is still proposed."""
    for match in found_matches(chain, firm, meant.side):
        names = {handle_of(firm, match.enterprise, match.segment)}
        if actor.may(roles.SEES_NAMES_IN_MATCHES):
            names.add(match.enterprise)
        if meant.handle in names and match.segment == meant.segment:
            return match
    raise NotFound("chain_match_not_found")
