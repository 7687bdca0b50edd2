"""The park's view: what was issued, what was redeemed, and what it still owes its firms."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.credits.claims.models import Claim, EarnRule
from app.credits.ledger import kept_months
from app.credits.ledger.accounts import MonthFlow, last_twelve
from app.credits.ledger.flows import Sums
from app.credits.ledger.models import ISSUANCE, REDEEMED, Account, Lot
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
    own = kept_months.months_of_all(park=True)
    by_account = {
        number: kept_months.total(months, "gained") - kept_months.total(months, "spent")
        for number, months in own.items()
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
    ends = [(Lot.expires_at <= now + dt.timedelta(days=days), days) for days in AGES]
    within = sa.case(*ends, else_=0)
    rows = db.session.execute(
        sa.select(within, sa.func.sum(Lot.amount - Lot.used)).where(Lot.used < Lot.amount).group_by(within)
    )
    found = {days or None: int(credits) for days, credits in rows}
    return [(bound, found.get(bound, 0)) for bound in bounds]


def months() -> list[MonthFlow]:
    """Issued and redeemed per month, this one last."""
    own = kept_months.months_of_all(park=True, since=last_twelve()[0])
    issued, redeemed = own.get(ISSUANCE, {}), own.get(REDEEMED, {})
    found = []
    for month in last_twelve():
        out, back = issued.get(month, Sums()), redeemed.get(month, Sums())
        found.append(MonthFlow(month, out.spent - out.gained, back.gained - back.spent))
    return found


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
    found = kept_months.months_of_all(park=False, since=since.replace(day=1))
    whose: dict[int, int | None] = dict(
        db.session.execute(sa.select(Account.id, Account.organisation_id).where(Account.id.in_(found))).all()
    )
    flows = [
        FirmFlow(month, whose[account] or 0, sums.issued, sums.redeemed)
        for account, months in found.items()
        for month, sums in months.items()
        if sums.issued or sums.redeemed
    ]
    return sorted(flows, key=lambda one: (one.month, one.organisation_id))
