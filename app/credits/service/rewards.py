"""The catalogue: what can be had, by whom, and every reason why not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app import clock, language
from app.credits.models import Redemption, Reward
from app.credits.service.fulfilment import doubts_about
from app.db import db, locked
from app.errors import NotFound, Reason
from app.identity import service as identity

ACTIVE = ("requested", "approved", "fulfilled")
SCARCE = 10


@dataclass(frozen=True)
class Offer:
    """One card of the catalogue, as this enterprise sees it."""

    reward: Reward
    name: str
    description: str
    left: int | None
    reasons: tuple[Reason, ...]
    tag: str


def name_of(reward: Reward) -> str:
    return (reward.name_en if language.lang() == "en" else "") or reward.name_zh


def description_of(reward: Reward) -> str:
    return (reward.description_en if language.lang() == "en" else "") or reward.description_zh


def get_reward(code: str, lock: bool = False) -> Reward:
    query = sa.select(Reward).where(Reward.code == code).execution_options(populate_existing=True)
    row = db.session.scalar(locked(query) if lock else query)
    if row is None:
        raise NotFound("reward_not_found", code=code)
    return row


def current(day: dt.date) -> sa.Select[Reward]:
    """The rewards that are valid on `day`."""
    return sa.select(Reward).where(
        Reward.valid_from <= day, sa.or_(Reward.valid_to.is_(None), Reward.valid_to >= day)
    )


def reasons_against(
    reward: Reward,
    organisation: identity.OrganisationInfo,
    taken: int,
    quantity: int,
    available: int,
    today: dt.date,
) -> tuple[Reason, ...]:
    """Everything that stands between an enterprise and a reward."""
    reasons = []
    if today < reward.valid_from or (reward.valid_to is not None and today > reward.valid_to):
        reasons.append(Reason("reward_not_valid"))
    if reward.left is not None and quantity > reward.left:
        reasons.append(Reason("sold_out", {"left": reward.left}))
    if reward.limit_per_enterprise is not None and taken + quantity > reward.limit_per_enterprise:
        reasons.append(Reason("limit_per_enterprise", {"limit": reward.limit_per_enterprise, "taken": taken}))
    if organisation.kind != "enterprise":
        reasons.append(Reason("enterprises_only"))
    if reward.eligible_sizes and organisation.size not in reward.eligible_sizes:
        reasons.append(Reason("size_not_eligible"))
    if reward.eligible_industries and organisation.industry not in reward.eligible_industries:
        reasons.append(Reason("industry_not_eligible"))
    if reward.cost_credits * quantity > available:
        reasons.append(
            Reason("insufficient_credits", {"needed": reward.cost_credits * quantity, "available": available})
        )
    return (*reasons, *doubts_about(reward.fulfilment, reward.fulfilment_params))


def taken_by(organisation_id: int) -> dict[int, int]:
    """How many of each reward an enterprise has had or has asked for."""
    query = (
        sa.select(Redemption.reward_id, sa.func.sum(Redemption.quantity))
        .where(Redemption.organisation_id == organisation_id, Redemption.state.in_(ACTIVE))
        .group_by(Redemption.reward_id)
    )
    return {reward_id: int(count) for reward_id, count in db.session.execute(query)}


def offers(organisation_id: int, available: int, rows: list[Reward]) -> list[Offer]:
    """Cards for these rewards: three queries, however many there are."""
    organisation = identity.get_organisation(organisation_id)
    taken = taken_by(organisation_id)
    today = clock.today()
    fresh = clock.now() - dt.timedelta(days=30)
    found = []
    for row in rows:
        left = row.left
        tag = "scarce" if left is not None and left < SCARCE else "new" if row.updated_at > fresh else ""
        if not tag and row.issued >= 5:
            tag = "popular"
        reasons = reasons_against(row, organisation, taken.get(row.id, 0), 1, available, today)
        found.append(Offer(row, name_of(row), description_of(row), left, reasons, tag))
    return found


def search(q: str, limit: int = 8) -> list[Reward]:
    """Valid rewards whose name or description has these words."""
    like = f"%{q}%"
    found = sa.or_(Reward.name_zh.ilike(like), Reward.name_en.ilike(like), Reward.description_zh.ilike(like))
    return list(db.session.scalars(current(clock.today()).where(found).order_by(Reward.id).limit(limit)))
