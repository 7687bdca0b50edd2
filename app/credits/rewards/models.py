"""What credits buy: rewards with their stock, redemptions that hold both, and expiry warnings already sent."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.hall.db.base import Base
from app.hall.db.proofs import proved


class Reward(Base):
    """One line of the catalogue; `reserved` and `issued` count what stands between stock and empty."""

    __tablename__ = "reward"
    __table_args__ = (
        sa.CheckConstraint("cost_credits > 0 AND cost_credits <= 10000000", name="cost"),
        sa.CheckConstraint("reserved >= 0 AND issued >= 0", name="counters"),
        sa.CheckConstraint("stock IS NULL OR reserved + issued <= stock", name="stock"),
        sa.CheckConstraint("limit_per_enterprise IS NULL OR limit_per_enterprise > 0", name="limit"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    description_zh: Mapped[str] = mapped_column(default="")
    description_en: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(index=True)
    icon: Mapped[str] = mapped_column(default="gift")
    # The digest of a file beside the database (`service.pictures`); without one the icon stands for the reward.
    picture: Mapped[str | None] = mapped_column(index=True)
    picture_zh: Mapped[str] = mapped_column(default="", server_default="")
    picture_en: Mapped[str] = mapped_column(default="", server_default="")
    cost_credits: Mapped[int]
    stock: Mapped[int | None]
    reserved: Mapped[int] = mapped_column(default=0, server_default="0")
    issued: Mapped[int] = mapped_column(default=0, server_default="0")
    limit_per_enterprise: Mapped[int | None]
    eligible_sizes: Mapped[list[str]] = mapped_column(default=list)
    eligible_industries: Mapped[list[str]] = mapped_column(default=list)
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]
    fulfilment: Mapped[str] = mapped_column(default="manual")
    fulfilment_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    approved_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    updated_at: Mapped[dt.datetime]

    @property
    def left(self) -> int | None:
        """How many are still to be had; None without a limit."""
        return None if self.stock is None else self.stock - self.reserved - self.issued


class Redemption(Base):
    """Credits and stock are held together from the wish to its end."""

    __tablename__ = "redemption"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('requested', 'approved', 'fulfilled', 'rejected', 'cancelled', 'expired')",
            name="state",
        ),
        sa.CheckConstraint("quantity > 0 AND cost_credits > 0", name="positive"),
        sa.CheckConstraint("decided_by <> requested_by", name="four_eyes"),
        sa.CheckConstraint(
            "(state IN ('requested', 'approved')) = (settle_transfer_id IS NULL)", name="settled"
        ),
        sa.Index("ix_redemption_organisation_id_state", "organisation_id", "state"),
        sa.Index("ix_redemption_state_expires_at", "state", "expires_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    reward_id: Mapped[int] = mapped_column(sa.ForeignKey("reward.id"), index=True)
    quantity: Mapped[int]
    cost_credits: Mapped[int]
    state: Mapped[str] = mapped_column(default="requested")
    note: Mapped[str] = mapped_column(default="")
    hold_transfer_id: Mapped[int] = mapped_column(sa.ForeignKey("transfer.id"), unique=True)
    settle_transfer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("transfer.id"), unique=True)
    requested_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    requested_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    decided_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    reference: Mapped[str] = mapped_column(default="")
    reference_url: Mapped[str] = mapped_column(default="")
    reward: Mapped[Reward] = relationship(lazy="raise")
    steps: Mapped[list[RedemptionStep]] = relationship(lazy="raise", order_by="RedemptionStep.id")


class RedemptionStep(Base):
    """The history of a redemption as its page tells it."""

    __tablename__ = "redemption_step"
    __table_args__ = (sa.Index("ix_redemption_step_redemption_id", "redemption_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    redemption_id: Mapped[int] = mapped_column(sa.ForeignKey("redemption.id"))
    action: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    at: Mapped[dt.datetime]
    reason: Mapped[str] = mapped_column(default="")


class VenueDay(Base):
    """One place on one day, given to one redemption: the key refuses it to a second."""

    __tablename__ = "venue_day"
    __table_args__ = (
        sa.CheckConstraint("length(place) BETWEEN 1 AND 200", name="place"),
        sa.Index("ix_venue_day_redemption_id", "redemption_id"),
    )
    place: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    redemption_id: Mapped[int] = mapped_column(sa.ForeignKey("redemption.id"))


proved(Reward, counted=("reserved", "issued"))
proved(Redemption, said=("note", "reason", "reference"), by=("requested_by", "decided_by"))
proved(RedemptionStep, said=("reason",), parent="redemption", by=("member_id",))
proved(VenueDay, parent="redemption")
