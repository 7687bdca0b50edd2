"""The park's side over the API: what is issued and owed, proposals of four eyes."""

from __future__ import annotations

from collections.abc import Mapping

from app.credits.ledger.statement import count
from app.credits.pages import api
from app.credits.park import reports, shapes
from app.credits.park import service as proposals
from app.credits.park.models import Proposal
from app.credits.park.schemas import AdjustmentBody, ProposalQuery, RewardBody, RuleBody
from app.credits.schemas import IdPath, ReasonBody
from app.hall.api.blueprint import listed
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.db.base import db
from app.hall.web.guards import current_actor, only
from app.identity.door import roles


@api.get("/park")
@only(roles.SEES_ALL_CREDITS)
def park() -> shapes.ParkCredits:
    """Issued, redeemed and outstanding credits, how long they still live, and what earns and spends most."""
    figures = reports.park_figures()
    return {
        "issued_credits": figures.issued,
        "redeemed_credits": figures.redeemed,
        "expired_credits": figures.expired,
        "outstanding_credits": figures.outstanding,
        "held_credits": figures.held,
        "adjusted_credits": figures.adjusted,
        "owed_credits": figures.owed,
        "ageing": [{"within_days": days, "credits": credits} for days, credits in reports.ageing()],
        "months": [
            {"month": f"{one.month:%Y-%m}", "issued_credits": one.earned, "redeemed_credits": one.used}
            for one in reports.months()
        ],
        "top_rules": [_share(one) for one in reports.top_rules()],
        "top_rewards": [_share(one) for one in reports.top_rewards()],
    }


def _share(one: reports.Share) -> shapes.CreditsShare:
    return {"code": one.url_key, "title": one.label, "count": one.count, "credits": one.credits}


@api.get("/proposals")
@only(roles.SEES_ALL_CREDITS)
def list_proposals(query: ProposalQuery) -> Listed[shapes.Proposal]:
    """Changes of rules, rewards and balances, newest first."""
    statement = proposals.list_query(query.state, query.kind)
    rows = db.session.scalars(
        statement.order_by(Proposal.id.desc()).limit(query.limit).offset(query.offset)
    ).all()
    people = proposals.names(rows)
    return listed([_proposal_out(one, people) for one in rows], count(statement))


@api.get("/proposals/<int:id>")
@only(roles.SEES_ALL_CREDITS)
def read_proposal(path: IdPath) -> shapes.Proposal:
    return _proposal(proposals.get_proposal(current_actor(), path.id))


@api.post("/proposals/rules")
@only(roles.PROPOSES_CREDIT_CHANGES)
@idempotent
def propose_rule(body: RuleBody) -> tuple[shapes.Proposal, int]:
    return _proposal(proposals.propose_rule(current_actor(), body.code, body.values(), body.reason)), 201


@api.post("/proposals/rewards")
@only(roles.PROPOSES_CREDIT_CHANGES)
@idempotent
def propose_reward(body: RewardBody) -> tuple[shapes.Proposal, int]:
    return _proposal(proposals.propose_reward(current_actor(), body.code, body.values(), body.reason)), 201


@api.post("/proposals/adjustments")
@only(roles.PROPOSES_CREDIT_CHANGES)
@idempotent
def propose_adjustment(body: AdjustmentBody) -> tuple[shapes.Proposal, int]:
    row = proposals.propose_adjustment(
        current_actor(), body.enterprise, body.credits, body.reason, body.lifetime_days
    )
    return _proposal(row), 201


@api.post("/proposals/<int:id>/approve")
@only(roles.PROPOSES_CREDIT_CHANGES)
@idempotent
def approve_proposal(path: IdPath, body: ReasonBody) -> shapes.Proposal:
    """The second pair of eyes: carried out at once."""
    return _proposal(proposals.decide_proposal(current_actor(), path.id, True, body.reason))


@api.post("/proposals/<int:id>/reject")
@only(roles.PROPOSES_CREDIT_CHANGES)
@idempotent
def reject_proposal(path: IdPath, body: ReasonBody) -> shapes.Proposal:
    return _proposal(proposals.decide_proposal(current_actor(), path.id, False, body.reason))


def _proposal(row: Proposal) -> shapes.Proposal:
    return _proposal_out(row, proposals.names([row]))


def _proposal_out(row: Proposal, people: Mapping[int, str]) -> shapes.Proposal:
    return {
        "id": row.id,
        "kind": row.kind,
        "subject": row.subject,
        "values": row.payload,
        "reason": row.reason,
        "state": row.state,
        "proposed_by": people.get(row.proposed_by, ""),
        "proposed_at": row.proposed_at.isoformat(),
        "decided_by": people.get(row.decided_by or 0, ""),
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
        "decision_reason": row.decision_reason,
    }
