"""What two people decide together."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base
from app.hall.db.proofs import proved


class Proposal(Base):
    """A change of a rule, of a reward or of the ledger: proposed by one, decided by another."""

    __tablename__ = "proposal"
    __table_args__ = (
        sa.CheckConstraint("decided_by <> proposed_by", name="four_eyes"),
        sa.CheckConstraint("state IN ('proposed', 'approved', 'rejected')", name="state"),
        sa.CheckConstraint("kind IN ('earn_rule', 'reward', 'adjustment', 'lots')", name="kind"),
        sa.CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="decided"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    payload: Mapped[dict[str, Any]]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(default="proposed", index=True)
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    proposed_at: Mapped[dt.datetime]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    decided_at: Mapped[dt.datetime | None]
    decision_reason: Mapped[str] = mapped_column(default="")


proved(Proposal, said=("reason", "decision_reason"), by=("proposed_by", "decided_by"))
