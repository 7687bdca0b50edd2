"""Reads the other rooms through their doors and keeps the rows of their monthly figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sqlalchemy as sa

from app.chain import door as chain
from app.credits import door as credits
from app.ecosystem import door as ecosystem
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.insight.cockpit.models import FigureRow
from app.insight.figures.others import longest_silences
from app.insight.scores import months
from app.sharing import door as sharing

KEPT = 13  # months: a year and the same month of the year before
READER = Actor(0, 0, "system", frozenset({roles.AUDITOR}))
WAN_FEN = 1_000_000
Rows = list[dict[str, object]]


def refresh(back: int = 1) -> None:
    """The rows of this month and of `back` months before, anew; read first, written in one go."""
    this = months.month_of(clock.today())
    spread = range(this - back, this + 1)
    rows = [*_sharing(spread), *_gaps(this), *_credits(spread)]
    rows += [row for month in spread for row in _achieved(month)]
    rows += [
        _row("silence", this, firm.code, firm.name, days, "", english=firm.name_en)
        for firm, days in longest_silences()
    ]
    with transaction() as session:
        gaps = FigureRow.figure.in_(
            ("gap_fen", "silence")
        )  # what was open in a month is known in that month only
        session.execute(
            sa.delete(FigureRow).where(
                sa.or_(
                    sa.and_(sa.not_(gaps), FigureRow.month.in_(list(spread))),
                    sa.and_(gaps, FigureRow.month == this),
                )
            )
        )
        if rows:
            session.execute(sa.insert(FigureRow), rows)


def unread() -> int:
    """How many months lie behind since the figures were last read; a year and a month when they never were."""
    newest = db.session.scalar(sa.select(sa.func.max(FigureRow.month)))
    return KEPT if newest is None else min(KEPT, max(1, months.month_of(clock.today()) - newest))


def _sharing(spread: range) -> Iterator[dict[str, object]]:
    """Bookable, own and shared minutes and income of every instrument, all months in one go; this one until now."""
    edges = [clock.start_of_day(months.first_day(month)) for month in spread]
    edges.append(min(clock.start_of_day(months.first_day(spread[-1] + 1)), clock.now()))
    resources = sharing.visible_resources(READER)
    for month, uses in zip(spread, sharing.utilisation_between(resources, edges), strict=True):
        for one in resources:
            use = uses[one.id]
            amounts = {
                "bookable_minutes": use.bookable,
                "own_minutes": use.own,
                "shared_minutes": use.shared,
                "income_fen": use.income_fen,
            }
            for figure, amount in amounts.items():
                if amount:
                    url = f"/sharing/resources/{one.id}"
                    yield _row(figure, month, str(one.id), one.name, amount, url, one.category)


def _achieved(month: int) -> Iterator[dict[str, object]]:
    start = clock.start_of_day(months.first_day(month))
    end = min(clock.start_of_day(months.first_day(month + 1)), clock.now())
    for one in ecosystem.achieved_between(start, end):
        yield _row(one.kind, month, str(one.id), one.title, 1, one.url)


def _gaps(month: int) -> Iterator[dict[str, object]]:
    for one in chain.list_chains():
        names = {segment.code: segment for segment in chain.chain_facts(one).segments}
        for finding in chain.assessment(one).findings:
            if finding.shortfall_wan > 0:
                segment = names[finding.segment]
                yield _row(
                    "gap_fen",
                    month,
                    f"{one.code}:{finding.segment}",
                    segment.name_zh or finding.segment,
                    round(finding.shortfall_wan * WAN_FEN),
                    f"/ecosystem/gaps/{finding.segment}",
                    english=segment.name_en,
                )


def _credits(spread: Iterable[int]) -> Rows:
    wanted = set(spread)
    flows = credits.flows_by_firm(months.first_day(min(wanted)))
    firms = identity.organisations_by_id(one.organisation_id for one in flows)
    rows = []
    for one in flows:
        firm = firms[one.organisation_id]
        month = months.month_of(one.month)
        for figure, amount in (("credits_earned", one.earned), ("credits_redeemed", one.redeemed)):
            if amount and month in wanted:
                url = f"/credits/statement?enterprise={firm.code}"
                rows.append(_row(figure, month, firm.code, firm.name, amount, url))
    return rows


def _row(
    figure: str, month: int, key: str, label: str, amount: int, url: str, group: str = "", english: str = ""
) -> dict[str, object]:
    values = {"figure": figure, "month": month, "key": key, "label_zh": label, "label_en": english}
    return {**values, "group": group, "amount": amount, "url": url}
