"""The prices of a resource as the pure rules count them, and as a booking keeps them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from app.hall.db.base import db
from app.identity.door import OrganisationInfo
from app.sharing.catalogue.models import Rate, Resource
from app.sharing.use.rules import RateRule, Tariff

RATES = sa.select(
    Rate.resource_id,
    Rate.id,
    Rate.price_fen_per_hour,
    Rate.member_group,
    Rate.weekdays,
    Rate.opens_minute,
    Rate.closes_minute,
).where(Rate.resource_id.in_(sa.bindparam("ids", expanding=True)))


def group_of(organisation: OrganisationInfo) -> str:
    """The rate group of a member: its organisation's kind, small firms apart.

    The groups are `university` (universities and institutes), `small` (small and micro firms), `enterprise`.
    """
    if organisation.kind in ("university", "institute"):
        return "university"
    return "small" if organisation.size in ("small", "micro") else "enterprise"


def tariffs(resources: Sequence[Resource]) -> dict[int, Tariff]:
    return tariffs_from(resources, db.session.execute(RATES, {"ids": [r.id for r in resources]}))


def tariffs_from(resources: Sequence[Resource], rows: Iterable[Any]) -> dict[int, Tariff]:
    rules: dict[int, list[RateRule]] = defaultdict(list)
    for resource_id, rate_id, price, group, weekdays, opens, closes in rows:
        days = frozenset(int(day) for day in weekdays)
        rules[resource_id].append(RateRule(rate_id, price, group, days, opens, closes))
    return {r.id: Tariff(r.price_fen_per_hour, tuple(rules[r.id])) for r in resources}


OWN_USE = Tariff(0)
"""An owner does not pay itself."""


def frozen_terms(resource: Resource, tariff: Tariff, group: str) -> dict[str, object]:
    """The terms as they are now, kept with the booking: later changes of the price list do not touch it."""
    return {
        "base": tariff.base_per_hour_fen,
        "rates": [
            [r.id, r.price_per_hour_fen, r.group, sorted(r.weekdays), r.opens, r.closes] for r in tariff.rules
        ],
        "group": group,
        "billing": resource.billing,
        "late_cancel_hours": resource.late_cancel_hours,
        "late_cancel_ratio": resource.late_cancel_ratio,
        "no_show_ratio": resource.no_show_ratio,
    }


def tariff_from(terms: dict[str, Any]) -> Tariff:
    rates = (RateRule(i, p, g, frozenset(w), o, c) for i, p, g, w, o, c in terms["rates"])
    return Tariff(terms["base"], tuple(rates))
