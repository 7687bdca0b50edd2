"""Earn rules and rewards that a fresh park can start with."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from app.credits.claims.models import EarnRule
from app.credits.demo_rules import RULES
from app.credits.park import service as proposals
from app.credits.rewards.models import Reward
from app.hall import clock
from app.hall.db.base import db
from app.identity.door import Actor, Offer, Source, register_starter

# code, zh, en, category, icon, cost, stock, zh description, en description
REWARDS = (
    (
        "policy_coaching",
        "政策辅导一次",
        "Policy coaching, once",
        "policy",
        "school",
        60,
        40,
        "专员上门辅导一项政策申报",
        "An officer coaches one application on site",
    ),
    (
        "meeting_room_day",
        "会议室一天",
        "Meeting room, one day",
        "space",
        "building",
        40,
        60,
        "园区会议室一整天",
        "A meeting room of the park for a day",
    ),
    (
        "test_coupon",
        "检测抵用一次",
        "One test",
        "testing",
        "microscope",
        80,
        30,
        "公共检测平台常规检测一次",
        "One routine test at the public platform",
    ),
)


def offers() -> Sequence[Offer]:
    rules = [Offer(f"earn_rule:{one[0]}", "earn_rule", one[1], one[2], one[3]) for one in RULES]
    return [*rules, *(Offer(f"reward:{one[0]}", "reward", one[1], one[2], one[5]) for one in REWARDS)]


def known() -> Collection[str]:
    """Whose code is in use already."""
    rules = [f"earn_rule:{code}" for code in db.session.scalars(sa.select(EarnRule.code).distinct())]
    return [*rules, *(f"reward:{code}" for code in db.session.scalars(sa.select(Reward.code)))]


def take_over(actor: Actor, by_id: int, key: str) -> None:
    """One line comes into force, signed by both."""
    kind, _colon, code = key.partition(":")
    values = _rule(code) if kind == "earn_rule" else _reward(code)
    proposals.adopt(actor, by_id, kind, code, values)


def _rule(code: str) -> dict[str, object]:
    _code, zh, en, credits, evidence, icon, lifetime, origin, caps, about_zh, about_en = next(
        one for one in RULES if one[0] == code
    )
    return {
        "title_zh": zh,
        "title_en": en,
        "description_zh": about_zh,
        "description_en": about_en,
        "credits": credits,
        "evidence_kind": evidence,
        "icon": icon,
        "lifetime_days": lifetime,
        "origin": origin,
        "valid_from": clock.today().replace(month=1, day=1),
        **caps,
    }


def _reward(code: str) -> dict[str, object]:
    _code, zh, en, category, icon, cost, stock, about_zh, about_en = next(
        one for one in REWARDS if one[0] == code
    )
    return {
        "name_zh": zh,
        "name_en": en,
        "description_zh": about_zh,
        "description_en": about_en,
        "category": category,
        "icon": icon,
        "cost_credits": cost,
        "stock": stock,
        "valid_from": clock.today(),
        "fulfilment": "manual",
        "fulfilment_params": {},
        "eligible_sizes": [],
        "eligible_industries": [],
    }


def register() -> None:
    register_starter("credits", Source(offers, known, take_over))
