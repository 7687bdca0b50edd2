"""Days from push to money, case by case: what the policy dimension is measured by without anybody asking."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.policy.cases.models import PolicyCase
from app.policy.cases.rules import days_to_money
from app.policy.pushes.models import Push
from app.policy.versions.models import PolicyVersion

PAID = "policy.paid"  # left in the outbox with the act itself: {"case"}


@dataclass(frozen=True)
class MoneyDays:
    """One case that was paid: whose, since which push, on which day."""

    case_id: int
    organisation_id: int
    title_zh: str
    title_en: str
    paid_on: dt.date
    days: int
    amount_fen: int | None


def money_days(since: dt.date | None = None, case_id: int | None = None) -> list[MoneyDays]:
    """Cases that a push began and money ended, the oldest first; since a day of payment, or one case alone."""
    query = (
        sa.select(
            PolicyCase.id,
            PolicyCase.organisation_id,
            PolicyVersion.title_zh,
            PolicyVersion.title_en,
            Push.sent_at,
            PolicyCase.paid_on,
            PolicyCase.amount_fen,
        )
        .join(Push, Push.id == PolicyCase.push_id)
        .join(PolicyVersion, PolicyVersion.id == PolicyCase.policy_version_id)
        .where(PolicyCase.paid_on.is_not(None), Push.sent_at.is_not(None))
        .order_by(PolicyCase.paid_on, PolicyCase.id)
    )
    if since is not None:
        query = query.where(PolicyCase.paid_on >= since)
    if case_id is not None:
        query = query.where(PolicyCase.id == case_id)
    found = []
    for number, firm, zh, en, sent, paid, amount in db.session.execute(query):
        days = days_to_money(clock.day_of(sent), paid) if sent is not None else None
        if days is not None and paid is not None:
            found.append(MoneyDays(number, firm, zh, en, paid, days, amount))
    return found
