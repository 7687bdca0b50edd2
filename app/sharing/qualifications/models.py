"""Trainings that instruments ask for, and who has them."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class Qualification(Base):
    """A training that an instrument may ask for; without an owner it is the park's own."""

    __tablename__ = "qualification"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class MemberQualification(Base):
    """Who has been trained, and until when it counts."""

    __tablename__ = "member_qualification"
    __table_args__ = (sa.UniqueConstraint("qualification_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    qualification_id: Mapped[int] = mapped_column(sa.ForeignKey("qualification.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    expires_on: Mapped[dt.date | None]
    granted_at: Mapped[dt.datetime]
