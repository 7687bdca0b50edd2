"""What the other rooms measured per month, asked through their services, so that figures reconcile with theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from app import clock
from app.credits.service import accounts
from app.identity import service as identity
from app.sharing import service as sharing

READER = identity.Actor(member_id=0, organisation_id=0, name="system", roles=frozenset({"auditor"}))


def figures(months: Sequence[dt.date]) -> dict[dt.date, dict[str, float]]:
    """Return shared instrument hours, licences granted and credits earned of each month."""
    found: dict[dt.date, dict[str, float]] = {
        m: {"hours": 0.0, "licences": 0.0, "credits": 0.0} for m in months
    }
    equipment = sharing.visible_resources(READER)
    for first in months:
        start, end = (
            clock.start_of_day(first),
            clock.start_of_day((first + dt.timedelta(days=32)).replace(day=1)),
        )
        use = sharing.total_use(list(sharing.utilisation(equipment, start, end).values()))
        found[first]["hours"] = use.shared / 60
    patents, _total = sharing.find(sharing.Search(kind="patent", withdrawn=True), limit=1000)
    for patent in patents:
        for licence in sharing.licences_of(READER, patent.resource):
            if licence.starts_on and (month := licence.starts_on.replace(day=1)) in found:
                found[month]["licences"] += 1
    page = identity.list_organisations(kind="enterprise", per_page=1000)
    for firm in page.items:
        for flow in accounts.twelve_months(firm.id):
            if flow.month in found:
                found[flow.month]["credits"] += flow.earned
    return found
