"""One firm on one printable page, and its own say on its position until staff confirm it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.chain.exchange.cells import read_cell
from app.chain.firms.models import PositionCorrection
from app.chain.firms.schemas import Correction
from app.chain.knock_out.service import supply_network
from app.chain.orders import service as orders
from app.chain.register import service as chains
from app.chain.register.models import ChainFirm, IndustryChain, Position, Segment
from app.chain.weak_links.service import assessment, coefficients_of
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound
from app.hall.files.cells import BadCell
from app.hall.text import language
from app.identity import door as identity
from app.identity.door import roles


def dossier(chain: IndustryChain, firm: ChainFirm, staff: bool) -> dict[str, Any]:
    """Positions, inputs with their coverage, partners, what hangs on it, and what nobody has answered yet."""
    found = chains.chain_facts(chain)
    names, firm_names = found.names(language.lang()), found.firm_names()
    findings = {row.segment: row for row in assessment(chain).findings}
    rows: Sequence[tuple[Position, Segment]] = db.session.execute(
        sa.select(Position, Segment)
        .join(Segment, Segment.id == Position.segment_id)
        .where(Position.firm_id == firm.id, Position.chain_id == chain.id)
        .order_by(Position.id)
    ).all()
    corrections = {
        c.position_id: c
        for c in db.session.scalars(
            sa.select(PositionCorrection).where(
                PositionCorrection.position_id.in_([p.id for p, _s in rows]),
                PositionCorrection.state == "proposed",
            )
        )
    }
    mine = {segment.code: position for position, segment in rows}
    buys = [s for s in found.supplies if s.customer == firm.code]
    sells = [s for s in found.supplies if s.supplier == firm.code]
    inputs = inputs_of(chain, firm.code, mine, staff)
    questions = questions_of(rows, inputs, bool(sells))
    network = supply_network(chain)
    origins = coefficients_of(chain)
    return {
        "name": chains.firm_names([firm])[firm.id],
        "positions": [(p, s, chains.segment_name(s), corrections.get(p.id)) for p, s in rows],
        "inputs": [row | {"origin": origins.get((row["segment"], row["target"]))} for row in inputs],
        "buys": sorted(
            ((s, firm_names.get(s.supplier, s.supplier)) for s in buys), key=lambda r: -r[0].value_wan
        ),
        "sells": sorted(
            ((s, firm_names.get(s.customer, s.customer)) for s in sells), key=lambda r: -r[0].value_wan
        ),
        "questions": questions,
        "outcome": network.outcome(firm.code) if staff and firm.code in network else None,
        "orders": orders.orders_of(chain, firm),
        "gaps": gaps_of(chain, mine, inputs) if staff else [],
        "single": [names[c] for c in mine if staff and len(findings[c].enterprises) == 1],
    }


def inputs_of(
    chain: IndustryChain, code: str, mine: Mapping[str, Position], staff: bool
) -> list[dict[str, Any]]:
    """What the firm needs for what it makes, how much of it, and how many of the park supply it."""
    found = chains.chain_facts(chain)
    names = found.names(language.lang())
    findings = {row.segment: row for row in assessment(chain).findings}
    bought: dict[str, float] = {}
    sources: dict[str, set[str]] = {}
    for sale in found.supplies:
        if sale.customer == code:
            bought[sale.segment] = bought.get(sale.segment, 0.0) + sale.value_wan
            sources.setdefault(sale.segment, set()).add(sale.supplier)
    return [
        {
            "segment": need.source,
            "target": need.target,
            "name": names[need.source],
            "coefficient": need.coefficient,
            "need_wan": need.coefficient * mine[need.target].output_wan,
            "bought_wan": bought.get(need.source, 0.0),
            "suppliers": len(sources.get(need.source, ())),
            "coverage": findings[need.source].coverage_ratio if staff else None,
        }
        for need in sorted(found.inputs, key=lambda i: (-i.coefficient, i.source))
        if need.target in mine
    ]


def questions_of(
    rows: Sequence[tuple[Position, Segment]], inputs: Sequence[dict[str, Any]], sells: bool
) -> list[tuple[str, str]]:
    """What nobody has answered yet, as a code and the segment it is about."""
    questions = []
    for position, segment in rows:
        if position.capacity_wan is None:
            questions.append(("capacity", chains.segment_name(segment)))
        if position.confirmed_at is None:
            questions.append(("unconfirmed", chains.segment_name(segment)))
    questions += [
        ("no_supplier", row["name"]) for row in inputs if not row["suppliers"] and row["need_wan"] > 0
    ]
    questions += [("one_supplier", row["name"]) for row in inputs if row["suppliers"] == 1]
    if rows and not sells:
        questions.append(("no_customer", ""))
    return questions


def gaps_of(
    chain: IndustryChain, mine: Mapping[str, Position], inputs: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The park's gaps that touch the firm: on what it makes, then on what it needs; worst first."""
    names = chains.chain_facts(chain).names(language.lang())
    findings = {row.segment: row for row in assessment(chain).findings}
    touched = [(code, "makes") for code in mine] + [(row["segment"], "needs") for row in inputs]
    rows = [
        {"segment": code, "name": names[code], "how": how, "finding": findings[code]}
        for code, how in dict(reversed(touched)).items()
        if findings[code].shortfall_wan > 0
    ]
    return sorted(rows, key=lambda row: (-row["finding"].shortfall_wan, row["segment"]))


def _number(text: str, blank: bool) -> float | None:
    if blank and not text.strip():
        return None
    try:
        return float(read_cell("amount", text, False))
    except BadCell as wrong:
        raise Invalid(wrong.code, **wrong.params) from None


def propose(
    actor: identity.Actor,
    firm: ChainFirm,
    position_id: int,
    said: Correction,
) -> PositionCorrection:
    """A firm corrects its own row; it counts once staff confirmed it."""
    own = firm.organisation_id is not None and firm.organisation_id == actor.organisation_id
    if not (own and actor.may(roles.MANAGES_OWN_FIRM)):
        raise NotAllowed("chain_not_yours")
    output_wan, capacity_wan = _number(said.output, False), _number(said.capacity, True)
    with transaction():
        position = db.session.get(Position, position_id)
        if position is None or position.firm_id != firm.id:
            raise NotFound("chain_firm_not_found", code=firm.code)
        chains.lock_chain(position.chain_id)
        open_one = db.session.scalar(
            sa.select(PositionCorrection.id).where(
                PositionCorrection.position_id == position_id, PositionCorrection.state == "proposed"
            )
        )
        if open_one is not None:
            raise Conflict("chain_correction_open")
        row = PositionCorrection(
            position_id=position_id,
            output_wan=output_wan or 0.0,
            capacity_wan=capacity_wan,
            products=said.products.strip()[:500],
            note=said.note.strip()[:500],
            state="proposed",
            proposed_by=actor.member_id,
            proposed_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        identity.audit(actor, "chain.correction_proposed", "position", position_id)
        identity.notify_role(
            roles.INVESTMENT_STAFF,
            "chain_correction_waits",
            f"/chain/firms/{firm.code}",
            name=firm.name or firm.code,
        )
        return row


def decide(actor: identity.Actor, correction_id: int, confirm: bool) -> str:
    """Staff confirm or send back; answers the firm's code."""
    with transaction():
        row = db.session.scalar(
            locked(sa.select(PositionCorrection).where(PositionCorrection.id == correction_id))
        )
        if row is None or row.state != "proposed":
            raise NotFound("chain_correction_not_found")
        position = db.session.get_one(Position, row.position_id)
        chain = chains.lock_chain(position.chain_id)
        now = clock.now()
        row.state = "confirmed" if confirm else "rejected"
        row.decided_by, row.decided_at = actor.member_id, now
        firm = db.session.get_one(ChainFirm, position.firm_id)
        if confirm:
            position.output_wan, position.capacity_wan = row.output_wan, row.capacity_wan
            position.products, position.source, position.updated_at = row.products, firm.code, now
            position.confirmed_at, position.confirmed_by = now, actor.member_id
            chains.changed(chain)
        identity.audit(actor, f"chain.correction_{row.state}", "position", position.id)
        if firm.organisation_id:
            identity.notify_organisation(
                firm.organisation_id, f"chain_correction_{row.state}", f"/chain/firms/{firm.code}"
            )
        return firm.code


def open_corrections() -> int:
    query = (
        sa.select(sa.func.count())
        .select_from(PositionCorrection)
        .where(PositionCorrection.state == "proposed")
    )
    return db.session.scalar(query) or 0


def waiting_corrections() -> list[tuple[str, str, str]]:
    """Code and name of the firms whose corrections wait, and the segment each is about."""
    query = (
        sa.select(ChainFirm, Segment)
        .join(Position, Position.firm_id == ChainFirm.id)
        .join(Segment, Segment.id == Position.segment_id)
        .join(PositionCorrection, PositionCorrection.position_id == Position.id)
        .where(PositionCorrection.state == "proposed")
        .order_by(PositionCorrection.id)
        .limit(50)
    )
    rows = db.session.execute(query).all()
    names = chains.firm_names([firm for firm, _segment in rows])
    return [(firm.code, names[firm.id], chains.segment_name(segment)) for firm, segment in rows]
