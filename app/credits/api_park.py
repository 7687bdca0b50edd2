"""Credits over the API, the park's side: what is issued and owed, four-eyes proposals, the audit, seals and closed months."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app.api import ApiModel, Day, PageQuery, idempotent, listed
from app.credits.api import IdPath, ReasonBody, api
from app.credits.messages import (
    CAP_PERIODS,
    CATEGORIES,
    EVIDENCE_KINDS,
    FULFILMENTS,
    ORIGINS,
    SIZES,
    invariant_sentence,
)
from app.credits.models import Proposal, Seal
from app.credits.service import accounts, proposals, reports, seals
from app.credits.service.audit import run_audit
from app.db import db
from app.web import current_actor, roles

READERS = ("park_admin", "credit_reviewer", "auditor")
KEEPERS = ("auditor", "park_admin")

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Text = Annotated[str, Field(max_length=300)]


class ProposalBody(ApiModel):
    code: Code
    reason: str = Field(min_length=1, max_length=1000)
    valid_from: Day
    valid_to: Day | None = None
    description_zh: Text = ""
    description_en: Text = ""

    def values(self) -> dict[str, Any]:
        return self.model_dump(exclude={"code", "reason"})


class RuleBody(ProposalBody):
    """A new earn rule, or the next version of one."""

    title_zh: str = Field(min_length=1, max_length=60)
    title_en: str = Field(min_length=1, max_length=80)
    icon: str = Field("award", pattern=r"^[a-z0-9-]{2,40}$")
    origin: Literal[*ORIGINS] = "claim"  # type: ignore[valid-type]
    evidence_kind: Literal[*EVIDENCE_KINDS]  # type: ignore[valid-type]
    credits: int = Field(ge=1, le=1_000_000)
    lifetime_days: int = Field(730, ge=1, le=3650)
    cap_period: Literal[*CAP_PERIODS] = "none"  # type: ignore[valid-type]
    cap_credits: int | None = Field(None, ge=1, le=10_000_000)
    cap_claims: int | None = Field(None, ge=1, le=100_000)


class FulfilmentParams(ApiModel):
    hours: Annotated[int | None, Field(ge=1, le=10_000)] = None
    partner: Annotated[str | None, Field(max_length=40)] = None
    months: Annotated[int | None, Field(ge=1, le=36)] = None
    days: Annotated[int | None, Field(ge=1, le=1000)] = None
    place: Annotated[str | None, Field(max_length=60)] = None


class RewardBody(ProposalBody):
    """A new reward, or all of an old one as it should be from now on."""

    name_zh: str = Field(min_length=1, max_length=60)
    name_en: str = Field(min_length=1, max_length=80)
    category: Literal[*CATEGORIES]  # type: ignore[valid-type]
    icon: str = Field("gift", pattern=r"^[a-z0-9-]{2,40}$")
    picture: str | None = Field(
        None,
        pattern=r"^[0-9a-f]{64}$",
        description="What POST /credits/reward-pictures answered; none: the icon",
    )
    picture_zh: Annotated[str, Field(max_length=120, description="What is to be seen on it")] = ""
    picture_en: Annotated[str, Field(max_length=120)] = ""
    cost_credits: int = Field(ge=1, le=10_000_000)
    stock: int | None = Field(None, ge=0, le=1_000_000)
    limit_per_enterprise: int | None = Field(None, ge=1, le=10_000)
    eligible_sizes: list[Literal[*SIZES]] = Field(default_factory=list, max_length=10)  # type: ignore[valid-type]
    eligible_industries: list[Annotated[str, Field(min_length=1, max_length=60)]] = Field(
        default_factory=list, max_length=30
    )
    fulfilment: Literal[*FULFILMENTS] = "manual"  # type: ignore[valid-type]
    fulfilment_params: FulfilmentParams = FulfilmentParams()

    def values(self) -> dict[str, Any]:
        values = super().values()
        values["fulfilment_params"] = self.fulfilment_params.model_dump(exclude_none=True)
        return values


class AdjustmentBody(ApiModel):
    enterprise: str = Field(min_length=1, max_length=40)
    credits: int = Field(ge=-1_000_000, le=1_000_000)
    lifetime_days: int = Field(365, ge=1, le=3650)
    reason: str = Field(min_length=1, max_length=500)


class ProposalQuery(PageQuery):
    state: str = Field("", pattern="^(|proposed|approved|rejected)$")
    kind: str = Field("", pattern="^(|earn_rule|reward|adjustment)$")


class MonthBody(ApiModel):
    month: str = Field(pattern=r"^\d{4}-\d{2}$")
    reason: str = Field("", max_length=300)


@api.get("/park")
@roles(*READERS)
def park() -> Any:
    """Issued, redeemed and outstanding credits, how long they still live, and what earns and spends most."""
    return {
        **{f"{name}_credits": value for name, value in vars(reports.park_figures()).items()},
        "ageing": [{"within_days": days, "credits": credits} for days, credits in reports.ageing()],
        "months": [
            {"month": f"{one.month:%Y-%m}", "issued_credits": one.earned, "redeemed_credits": one.used}
            for one in reports.months()
        ],
        "top_rules": [_share(one) for one in reports.top_rules()],
        "top_rewards": [_share(one) for one in reports.top_rewards()],
    }


def _share(one: reports.Share) -> dict[str, Any]:
    return {"code": one.url_key, "title": one.label, "count": one.count, "credits": one.credits}


@api.get("/proposals")
@roles(*READERS)
def list_proposals(query: ProposalQuery) -> Any:
    """Changes of rules, rewards and balances, newest first."""
    statement = proposals.list_query(query.state, query.kind)
    rows = db.session.scalars(
        statement.order_by(Proposal.id.desc()).limit(query.limit).offset(query.offset)
    ).all()
    return listed([_proposal(one) for one in rows], accounts.count(statement))


@api.get("/proposals/<int:id>")
@roles(*READERS)
def read_proposal(path: IdPath) -> Any:
    return _proposal(proposals.get_proposal(current_actor(), path.id))


@api.post("/proposals/rules")
@roles(*proposals.EDITORS)
@idempotent
def propose_rule(body: RuleBody) -> Any:
    return _proposal(proposals.propose_rule(current_actor(), body.code, body.values(), body.reason)), 201


@api.post("/proposals/rewards")
@roles(*proposals.EDITORS)
@idempotent
def propose_reward(body: RewardBody) -> Any:
    return _proposal(proposals.propose_reward(current_actor(), body.code, body.values(), body.reason)), 201


@api.post("/proposals/adjustments")
@roles(*proposals.EDITORS)
@idempotent
def propose_adjustment(body: AdjustmentBody) -> Any:
    row = proposals.propose_adjustment(
        current_actor(), body.enterprise, body.credits, body.reason, body.lifetime_days
    )
    return _proposal(row), 201


@api.post("/proposals/<int:id>/approve")
@roles(*proposals.EDITORS)
@idempotent
def approve_proposal(path: IdPath, body: ReasonBody) -> Any:
    """The second pair of eyes: carried out at once."""
    return _proposal(proposals.decide_proposal(current_actor(), path.id, True, body.reason))


@api.post("/proposals/<int:id>/reject")
@roles(*proposals.EDITORS)
@idempotent
def reject_proposal(path: IdPath, body: ReasonBody) -> Any:
    return _proposal(proposals.decide_proposal(current_actor(), path.id, False, body.reason))


def _proposal(row: Proposal) -> dict[str, Any]:
    people = proposals.names([row])
    return {
        "id": row.id, "kind": row.kind, "subject": row.subject, "values": row.payload, "reason": row.reason, "state": row.state,
        "proposed_by": people.get(row.proposed_by, ""), "proposed_at": row.proposed_at.isoformat(),
        "decided_by": people.get(row.decided_by or 0, ""),
        "decided_at": row.decided_at.isoformat() if row.decided_at else None, "decision_reason": row.decision_reason,
    }  # fmt: skip


@api.get("/audit")
@roles(*KEEPERS)
def audit() -> Any:
    """Proves the ledger now: every invariant with the rows that break it."""
    report = run_audit()
    return {
        "holds": report.holds, "transfers": report.transfers, "accounts": report.accounts, "last_seal": report.last_seal,
        "invariants": [
            {"code": code, "sentence": invariant_sentence(code), "holds": one.holds, "count": one.count,
             "rows": [vars(row) for row in one.findings]}
            for code, one in report.verdicts.items()
        ],
    }  # fmt: skip


@api.get("/seals")
@roles(*READERS)
def list_seals(query: PageQuery) -> Any:
    """The published checkpoints, newest first."""
    rows = seals.list_seals(10_000)
    return listed([_seal(one) for one in rows[query.offset : query.offset + query.limit]], len(rows))


@api.post("/seals")
@roles(*KEEPERS)
@idempotent
def take_seal() -> Any:
    """Seal what was posted since the last one; 200 with the newest where nothing was."""
    made = seals.take_seal(current_actor())
    newest = made or next(iter(seals.list_seals(1)), None)
    return (_seal(newest) if newest else {}), 201 if made else 200


def _seal(one: Seal) -> dict[str, Any]:
    return {
        "id": one.id, "up_to_transfer": one.up_to_id, "transfers": one.count, "total_credits": one.total, "hash": one.hash,
        "previous": one.previous, "sealed_at": one.sealed_at.isoformat(), "sealed_by": one.sealed_by,
    }  # fmt: skip


@api.get("/periods")
@roles(*READERS)
def list_periods(query: PageQuery) -> Any:
    """Closed months, newest first."""
    rows = seals.list_periods()
    part = rows[query.offset : query.offset + query.limit]
    items = [
        {"month": one.month, "closed_at": one.closed_at.isoformat(), "closed_by": one.closed_by}
        for one in part
    ]
    return listed(items, len(rows))


@api.post("/periods")
@roles("park_admin")
@idempotent
def close_month(body: MonthBody) -> Any:
    """Close a past month: nothing becomes effective in it or before it any more."""
    row = seals.close_month(current_actor(), body.month, body.reason)
    return {"month": row.month, "closed_at": row.closed_at.isoformat(), "closed_by": row.closed_by}, 201
