"""Organisations of the park: firms, universities, institutes, associations, banks, the park itself."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.hall.db.base import Base
from app.identity.actor import OrganisationInfo
from app.identity.organisations.naming import name_of

KINDS = (
    "enterprise",
    "university",
    "institute",
    "association",
    "bank",
    "government",
    "provider",
    "park",
)
STATES = ("pending", "active", "leaving", "left", "joined", "rejected", "suspended")
MAY_ACT = ("active", "leaving")  # whose people may sign in; a firm that leaves works until its last day


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Organisation(Base):
    """An enterprise of the park, or a university, institute, association, bank, the park itself."""

    __tablename__ = "organisation"
    __table_args__ = (
        sa.CheckConstraint(_one_of("kind", KINDS), name="kind"),
        sa.CheckConstraint(_one_of("status", STATES), name="status"),
        sa.CheckConstraint("(status = 'joined') = (joined_into_id IS NOT NULL)", name="joined"),
        sa.UniqueConstraint("code"),
        sa.Index("ix_organisation_name_key", "name_key"),
        sa.Index("ix_organisation_credit_code", "credit_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    kind: Mapped[str] = mapped_column()
    name_zh: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    industry: Mapped[str] = mapped_column(default="")
    size: Mapped[str] = mapped_column(default="")
    building: Mapped[str] = mapped_column(default="")
    credit_code: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="active")
    # The day in the business register; unknown until somebody said it.
    registered_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime]
    short_name: Mapped[str] = mapped_column(default="", server_default="")
    industry_code: Mapped[str] = mapped_column(default="", server_default="")  # GB/T 4754, two digits
    room: Mapped[str] = mapped_column(default="", server_default="")
    contact: Mapped[str] = mapped_column(default="", server_default="")
    contact_phone: Mapped[str] = mapped_column(default="", server_default="")
    contact_email: Mapped[str] = mapped_column(default="", server_default="")
    website: Mapped[str] = mapped_column(default="", server_default="")
    tax_title: Mapped[str] = mapped_column(default="", server_default="")
    # The distinctive part of the name, for finding the firm that is there already; kept by `_keep_key`.
    name_key: Mapped[str | None]
    leaves_on: Mapped[dt.date | None]
    joined_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))

    @validates("name_zh")
    def _keep_key(self, _name: str, value: str) -> str:
        self.name_key = name_of(value).core[:100]
        return value

    def info(self) -> OrganisationInfo:
        """What other rooms may know of it."""
        return OrganisationInfo(
            self.id,
            self.code,
            self.kind,
            self.name_zh,
            self.name_en,
            self.industry,
            self.size,
            self.building,
            self.status,
            self.registered_on,
        )

    __mapper_args__ = {
        "polymorphic_on": sa.case((kind == "enterprise", "enterprise"), else_="organisation"),
        "polymorphic_identity": "organisation",
    }


class Enterprise(Organisation):
    """A firm of the park."""

    __mapper_args__ = {"polymorphic_identity": "enterprise"}


class FormerName(Base):
    """What an organisation was called before, or an organisation that was joined to it: it stays findable."""

    __tablename__ = "former_name"
    __table_args__ = (
        sa.Index("ix_former_name_organisation_id", "organisation_id"),
        sa.Index("ix_former_name_name_key", "name_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    name_zh: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    name_key: Mapped[str]
    until_at: Mapped[dt.datetime]
