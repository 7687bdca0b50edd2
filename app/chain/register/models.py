"""Tables of the chains themselves: segments, inputs, firms, positions, supply."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base

CHAIN_STATES = ("live", "trial", "archived")
ESSENTIALITY = ("essential", "non_essential", "negligible")


def one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def amount(column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} >= 0 AND {column} <= 1e18", name=column)


class IndustryChain(Base):
    """A set of segments and the inputs between them; `version` grows with every change of its data.

    A trial is nobody's business but its maker's; an archived chain is kept to be looked at.
    """

    __tablename__ = "industry_chain"
    __table_args__ = (
        sa.UniqueConstraint("code"),
        sa.CheckConstraint(one_of("state", CHAIN_STATES), name="state"),
        sa.CheckConstraint("state <> 'trial' OR made_by IS NOT NULL", name="trial"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    stages: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(server_default="live", default="live")
    made_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]


class Segment(Base):
    """A link of a chain; `stage` is its column on the map.

    `key` names chain and segment at once to everything above this room: the code where no other chain had it first,
    else `chain:code`. It never changes.
    """

    __tablename__ = "segment"
    __table_args__ = (sa.UniqueConstraint("chain_id", "code"), sa.UniqueConstraint("key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"))
    code: Mapped[str]
    key: Mapped[str]
    name_zh: Mapped[str] = mapped_column(default="")
    name_en: Mapped[str] = mapped_column(default="")
    stage: Mapped[int | None]
    source: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[dt.datetime]


@sa.event.listens_for(Segment, "before_insert")
def _give_key(_mapper: Any, connection: sa.Connection, segment: Segment) -> None:
    """The code where it is free, else the code of the chain with it: equal codes of two chains are two segments."""
    if segment.key:
        return
    rows = Segment.__table__
    taken = connection.execute(sa.select(rows.c.id).where(rows.c.key == segment.code)).first()
    chain = sa.select(IndustryChain.__table__.c.code).where(IndustryChain.__table__.c.id == segment.chain_id)
    segment.key = f"{connection.execute(chain).scalar_one()}:{segment.code}" if taken else segment.code


class InputCoefficient(Base):
    """Yuan of segment `source` used per yuan of output of segment `target`; `year` is that of the table it is from."""

    __tablename__ = "input_coefficient"
    __table_args__ = (
        sa.UniqueConstraint("source_id", "target_id"),
        amount("coefficient"),
        sa.Index("ix_input_coefficient_target_id", "target_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"), index=True)
    source_id: Mapped[int] = mapped_column(sa.ForeignKey("segment.id"))
    target_id: Mapped[int] = mapped_column(sa.ForeignKey("segment.id"))
    coefficient: Mapped[float]
    source: Mapped[str] = mapped_column(default="")
    year: Mapped[int | None]
    updated_at: Mapped[dt.datetime]


class Essentiality(Base):
    """How badly a segment needs an input; pairs without a row are essential."""

    __tablename__ = "essentiality"
    __table_args__ = (
        sa.UniqueConstraint("source_id", "target_id"),
        sa.CheckConstraint(one_of("kind", ESSENTIALITY), name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"), index=True)
    source_id: Mapped[int] = mapped_column(sa.ForeignKey("segment.id"))
    target_id: Mapped[int] = mapped_column(sa.ForeignKey("segment.id"))
    kind: Mapped[str]


class SegmentReference(Base):
    """What a region outside makes of a segment a year: what the park's own share is compared with."""

    __tablename__ = "segment_reference"
    __table_args__ = (sa.UniqueConstraint("segment_id", "region"), amount("output_wan"))

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"), index=True)
    segment_id: Mapped[int] = mapped_column(sa.ForeignKey("segment.id"))
    region: Mapped[str]
    output_wan: Mapped[float]
    year: Mapped[int | None]
    source: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[dt.datetime]


class ChainFirm(Base):
    """A firm as the chains know it: a member of the park, or somebody outside whom supply rows name."""

    __tablename__ = "chain_firm"
    __table_args__ = (sa.UniqueConstraint("code"), sa.UniqueConstraint("organisation_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))


class Position(Base):
    """A firm on a segment: yearly output, capacity and products in free text."""

    __tablename__ = "position"
    __table_args__ = (
        sa.UniqueConstraint("segment_id", "firm_id"),
        amount("output_wan"),
        amount("capacity_wan"),
        sa.Index("ix_position_firm_id", "firm_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"), index=True)
    segment_id: Mapped[int] = mapped_column(sa.ForeignKey("segment.id"))
    firm_id: Mapped[int] = mapped_column(sa.ForeignKey("chain_firm.id"))
    output_wan: Mapped[float]
    capacity_wan: Mapped[float | None]
    products: Mapped[str] = mapped_column(default="")
    in_park: Mapped[bool] = mapped_column(default=True)
    source: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[dt.datetime]
    confirmed_at: Mapped[dt.datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))


class SupplyLink(Base):
    """What one firm sells another, of which segment, a year; and who said so."""

    __tablename__ = "supply_link"
    __table_args__ = (
        sa.UniqueConstraint("supplier_id", "customer_id", "segment_id"),
        amount("value_wan"),
        sa.Index("ix_supply_link_customer_id", "customer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"), index=True)
    supplier_id: Mapped[int] = mapped_column(sa.ForeignKey("chain_firm.id"))
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("chain_firm.id"))
    segment_id: Mapped[int] = mapped_column(sa.ForeignKey("segment.id"))
    value_wan: Mapped[float]
    source: Mapped[str] = mapped_column(default="")
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    confirmed_at: Mapped[dt.datetime | None]
    updated_at: Mapped[dt.datetime]
