"""Everything the committee's page shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.db import db
from app.ecosystem import agenda, roundtable
from app.ecosystem.models import (
    Committee,
    CommitteeSeat,
    Meeting,
    Resolution,
)
from app.ecosystem.service import evidence

if TYPE_CHECKING:
    pass
from app.ecosystem.service.committee.decisions import resolutions
from app.ecosystem.service.committee.meetings import meetings, overdue_months
from app.ecosystem.service.committee.seats import get_committee, seats


@dataclass(frozen=True)
class Table:
    """Everything the committee page shows."""

    committee: Committee
    seats: list[CommitteeSeat]
    missing: tuple[str, ...]
    meetings: list[Meeting]
    overdue_months: list[dt.date]
    resolutions: list[Resolution]
    proposed: list[agenda.Item]


def table() -> Table:
    committee = get_committee()
    there = seats(committee.id)
    latest = db.session.scalar(
        sa.select(Meeting).where(Meeting.state == "held").order_by(Meeting.number.desc()).limit(1)
    )
    return Table(
        committee, there, roundtable.missing_kinds(s.kind for s in there), meetings(), overdue_months(),
        resolutions(), evidence.proposed_agenda(before=latest),
    )  # fmt: skip
