"""The park's view: what was issued, what was redeemed, and what it still owes its firms."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.credits.claims.models import Claim, EarnRule
from app.credits.ledger.accounts import MonthFlow
from app.credits.ledger.models import Account, Entry, Lot, Transfer
from app.credits.rewards.models import Redemption, Reward
from app.hall import clock
from app.hall.db.base import db
from app.hall.text import language
from app.identity import door as identity

AGES = (30, 90, 180, 365)


@dataclass(frozen=True)
class ParkFigures:
    issued: int
    redeemed: int
    expired: int
    outstanding: int
    held: int
    adjusted: int
    owed: int


@dataclass(frozen=True)
class Share:
    """One line of a ranking."""

    label: str
    count: int
    credits: int
    url_key: str = ""


def park_figures() -> ParkFigures:
    by_account = {
        account_id: int(total)
        for account_id, total in db.session.execute(
            sa.select(Entry.account_id, sa.func.sum(Entry.amount))
            .where(Entry.account_id <= 4)
            .group_by(Entry.account_id)
        )
    }
    outstanding, held, owed = db.session.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(Account.credits - Account.debits), 0),
            sa.func.coalesce(sa.func.sum(Account.held), 0),
            sa.func.coalesce(sa.func.sum(Account.owed), 0),
        ).where(Account.kind == "enterprise")
    ).one()
    return ParkFigures(
        -by_account.get(1, 0),
        by_account.get(2, 0),
        by_account.get(3, 0),
        int(outstanding),
        int(held),
        -by_account.get(4, 0),
        int(owed),
    )


def ageing() -> list[tuple[int | None, int]]:
    """Outstanding credits by the days they still live: pairs of upper bound in days (None: more) and credits."""
    now = clock.now()
    bounds: list[int | None] = [*AGES, None]
    totals = dict.fromkeys(bounds, 0)
    rows = db.session.execute(
        sa.select(Lot.expires_at, sa.func.sum(Lot.amount - Lot.used))
        .where(Lot.used < Lot.amount)
        .group_by(Lot.expires_at)
    )
    for expires_at, credits in rows:
        bound = next((one for one in AGES if expires_at <= now + dt.timedelta(days=one)), None)
        totals[bound] += int(credits)
    return list(totals.items())


def months() -> list[MonthFlow]:
    """Issued and redeemed per month, this one last."""
    this = clock.today().replace(day=1)
    days = [clock.months_later(this, -back) for back in range(11, -1, -1)]
    flow = {day: [0, 0] for day in days}
    rows = db.session.execute(
        sa.select(Transfer.effective_at, Entry.account_id, Entry.amount)
        .join(Entry, Entry.transfer_id == Transfer.id)
        .where(Entry.account_id.in_((1, 2)), Transfer.effective_at >= clock.start_of_day(days[0]))
    )
    for at, account_id, amount in rows:
        day = clock.day_of(at).replace(day=1)
        if day in flow:
            flow[day][account_id - 1] += -amount if account_id == 1 else amount
    return [MonthFlow(day, earned, used) for day, (earned, used) in flow.items()]


def top_rules(limit: int = 8) -> list[Share]:
    title = sa.func.max(EarnRule.title_en if language.lang() == "en" else EarnRule.title_zh)
    rows = db.session.execute(
        sa.select(Claim.rule_code, title, sa.func.count(), sa.func.sum(Claim.credits))
        .join(EarnRule, EarnRule.id == Claim.earn_rule_id)
        .where(Claim.state == "approved")
        .group_by(Claim.rule_code)
        .order_by(sa.func.sum(Claim.credits).desc(), Claim.rule_code)
        .limit(limit)
    )
    return [Share(name, count, int(credits or 0), code) for code, name, count, credits in rows]


def top_rewards(limit: int = 8) -> list[Share]:
    name = Reward.name_en if language.lang() == "en" else Reward.name_zh
    total = sa.func.sum(Redemption.cost_credits)
    rows = db.session.execute(
        sa.select(Reward.code, name, sa.func.count(), total)
        .join(Redemption, Redemption.reward_id == Reward.id)
        .where(Redemption.state.in_(("requested", "approved", "fulfilled")))
        .group_by(Reward.id, Reward.code, name)
        .order_by(total.desc(), Reward.code)
        .limit(limit)
    )
    return [Share(name, count, int(credits or 0), code) for code, name, count, credits in rows]


def top_firms(limit: int = 10) -> list[tuple[identity.OrganisationInfo, int, int]]:
    """Enterprises by what they hold: with what they have and what is set aside."""
    rows = db.session.execute(
        sa.select(Account.organisation_id, Account.credits - Account.debits, Account.held)
        .where(Account.kind == "enterprise")
        .order_by((Account.credits - Account.debits).desc(), Account.id)
        .limit(limit)
    ).all()
    firms = identity.organisations_by_id(row[0] or 0 for row in rows)
    return [(firms[row[0] or 0], int(row[1]), int(row[2])) for row in rows]


@dataclass(frozen=True)
class FirmFlow:
    """Credits one firm earned and redeemed in one month."""

    month: dt.date
    organisation_id: int
    earned: int
    redeemed: int


def flows_by_firm(since: dt.date) -> list[FirmFlow]:
    """Issued to and redeemed by each firm, month by month, as the twelve months of the park count them."""
    rows = db.session.execute(
        sa.select(Transfer.effective_at, Account.organisation_id, Entry.account_id, Entry.amount)
        .join(Entry, Entry.transfer_id == Transfer.id)
        .join(
            Account, sa.or_(Account.id == Transfer.debit_account_id, Account.id == Transfer.credit_account_id)
        )
        .where(
            Entry.account_id.in_((1, 2)),
            Account.kind == "enterprise",
            Transfer.effective_at >= clock.start_of_day(since),
        )
    )
    found: dict[tuple[dt.date, int], list[int]] = {}
    for at, organisation_id, account_id, amount in rows:
        flow = found.setdefault((clock.day_of(at).replace(day=1), organisation_id or 0), [0, 0])
        flow[account_id - 1] += -amount if account_id == 1 else amount
    return [FirmFlow(month, firm, *flow) for (month, firm), flow in sorted(found.items())]
