"""Who agreed to what, and who took it back."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class PersonalConsent(Base):
    """A member's word on one purpose as it stands; how it came to be is in the audit trail."""

    __tablename__ = "personal_consent"
    __table_args__ = (sa.UniqueConstraint("member_id", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    purpose: Mapped[str]
    given_at: Mapped[dt.datetime]
    withdrawn_at: Mapped[dt.datetime | None]
