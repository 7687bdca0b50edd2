"""The catalogue: what can be had, by whom, and every reason why not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.credits.rewards import rules
from app.credits.rewards.fulfilment import doubts_about, not_eligible
from app.credits.rewards.models import Redemption, Reward
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked
from app.hall.errors import NotFound, Reason
from app.hall.text import language
from app.identity import door as identity

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


def both_names(reward: Reward) -> dict[str, str]:
    """For a memo or a notification, whose reader's language is not known yet."""
    return {"zh": reward.name_zh, "en": reward.name_en}


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
    reward: Reward, organisation: identity.OrganisationInfo, taken: int, quantity: int, available: int
) -> tuple[Reason, ...]:
    """Everything that stands between an enterprise and a reward: what the page shows and what `redeem` refuses."""
    terms = rules.Terms(
        reward.cost_credits,
        reward.valid_from,
        reward.valid_to,
        reward.left,
        reward.limit_per_enterprise,
        frozenset(reward.eligible_sizes),
        frozenset(reward.eligible_industries),
    )
    applicant = rules.Applicant(organisation.kind, organisation.size, organisation.industry, taken, available)
    reasons = rules.reasons_against(terms, applicant, quantity, clock.today())
    params = reward.fulfilment_params
    return (
        *reasons,
        *doubts_about(reward.fulfilment, params),
        *not_eligible(reward.fulfilment, organisation.id, params),
    )


def taken_by(organisation_id: int) -> dict[int, int]:
    """How many of each reward an enterprise has had or has asked for."""
    query = (
        sa.select(Redemption.reward_id, sa.func.sum(Redemption.quantity))
        .where(Redemption.organisation_id == organisation_id, Redemption.state.in_(ACTIVE))
        .group_by(Redemption.reward_id)
    )
    return {reward_id: int(count) for reward_id, count in db.session.execute(query)}


def offers(organisation: identity.OrganisationInfo, available: int, rows: list[Reward]) -> list[Offer]:
    """Cards for these rewards, as this enterprise sees them: two queries, however many there are."""
    taken = taken_by(organisation.id)
    fresh = clock.now() - dt.timedelta(days=30)
    found = []
    for row in rows:
        left = row.left
        tag = "scarce" if left is not None and left < SCARCE else "new" if row.updated_at > fresh else ""
        if not tag and row.issued >= 5:
            tag = "popular"
        reasons = reasons_against(row, organisation, taken.get(row.id, 0), 1, available)
        found.append(Offer(row, name_of(row), description_of(row), left, reasons, tag))
    return found


def search(q: str, limit: int = 8) -> list[Reward]:
    """Valid rewards whose name or description has these words."""
    like = f"%{q}%"
    found = sa.or_(Reward.name_zh.ilike(like), Reward.name_en.ilike(like), Reward.description_zh.ilike(like))
    return list(db.session.scalars(current(clock.today()).where(found).order_by(Reward.id).limit(limit)))
