"""Tables of the chain room."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

PROSPECT_STATES = ("identified", "contacted", "visited", "negotiating", "signed", "landed", "lost")
ACTION_STATES = ("planned", "in_progress", "relieved", "dropped")
ACTION_KINDS = ("fill", "strengthen", "extend")
IMPORT_STATES = ("preview", "applied", "undone", "discarded")
MATCH_STATES = ("asked", "agreed", "declined")
CORRECTION_STATES = ("proposed", "confirmed", "rejected")
ESSENTIALITY = ("essential", "non_essential", "negligible")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _amount(column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} >= 0 AND {column} <= 1e18", name=column)


class IndustryChain(Base):
    """A set of segments and the inputs between them; `version` grows with every change of its data."""

    __tablename__ = "industry_chain"
    __table_args__ = (sa.UniqueConstraint("code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    stages: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]


class Segment(Base):
    """A link of a chain; `stage` is its column on the map."""

    __tablename__ = "segment"
    __table_args__ = (sa.UniqueConstraint("chain_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"))
    code: Mapped[str]
    name_zh: Mapped[str] = mapped_column(default="")
    name_en: Mapped[str] = mapped_column(default="")
    stage: Mapped[int | None]
    source: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[dt.datetime]


class InputCoefficient(Base):
    """Yuan of segment `source` used per yuan of output of segment `target`."""

    __tablename__ = "input_coefficient"
    __table_args__ = (
        sa.UniqueConstraint("source_id", "target_id"),
        _amount("coefficient"),
        sa.Index("ix_input_coefficient_target_id", "target_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"), index=True)
    source_id: Mapped[int] = mapped_column(sa.ForeignKey("segment.id"))
    target_id: Mapped[int] = mapped_column(sa.ForeignKey("segment.id"))
    coefficient: Mapped[float]
    source: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[dt.datetime]


class Essentiality(Base):
    """How badly a segment needs an input; pairs without a row are essential."""

    __tablename__ = "essentiality"
    __table_args__ = (
        sa.UniqueConstraint("source_id", "target_id"),
        sa.CheckConstraint(_one_of("kind", ESSENTIALITY), name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"), index=True)
    source_id: Mapped[int] = mapped_column(sa.ForeignKey("segment.id"))
    target_id: Mapped[int] = mapped_column(sa.ForeignKey("segment.id"))
    kind: Mapped[str]


class SegmentReference(Base):
    """What a region outside makes of a segment a year: what the park's own share is compared with."""

    __tablename__ = "segment_reference"
    __table_args__ = (sa.UniqueConstraint("segment_id", "region"), _amount("output_wan"))

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
        _amount("output_wan"),
        _amount("capacity_wan"),
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


class PositionCorrection(Base):
    """What a firm says of its own position; counts once park staff confirmed it."""

    __tablename__ = "position_correction"
    __table_args__ = (
        sa.CheckConstraint(_one_of("state", CORRECTION_STATES), name="state"),
        sa.Index(
            "uq_position_correction_open",
            "position_id",
            unique=True,
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        ),
        _amount("output_wan"),
        _amount("capacity_wan"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id", ondelete="CASCADE"))
    output_wan: Mapped[float]
    capacity_wan: Mapped[float | None]
    products: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="proposed")
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    proposed_at: Mapped[dt.datetime]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    decided_at: Mapped[dt.datetime | None]


class SupplyLink(Base):
    """What one firm sells another, of which segment, a year; and who said so."""

    __tablename__ = "supply_link"
    __table_args__ = (
        sa.UniqueConstraint("supplier_id", "customer_id", "segment_id"),
        _amount("value_wan"),
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


class MatchDecision(Base):
    """Two firms that might trade: who asked, who said yes, who said no. A no is final for the pair."""

    __tablename__ = "match_decision"
    __table_args__ = (
        sa.UniqueConstraint("supplier_id", "customer_id", "segment_id"),
        sa.CheckConstraint(_one_of("state", MATCH_STATES), name="state"),
        sa.CheckConstraint("supplier_id <> customer_id", name="two_firms"),
        _amount("value_wan"),
        sa.Index("ix_match_decision_customer_id", "customer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"), index=True)
    supplier_id: Mapped[int] = mapped_column(sa.ForeignKey("chain_firm.id"))
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("chain_firm.id"))
    segment_id: Mapped[int] = mapped_column(sa.ForeignKey("segment.id"))
    state: Mapped[str]
    value_wan: Mapped[float] = mapped_column(default=0.0)
    asked_by_firm_id: Mapped[int | None] = mapped_column(sa.ForeignKey("chain_firm.id"))
    asked_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    asked_at: Mapped[dt.datetime]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    decided_name: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[dt.datetime | None]
    reason: Mapped[str] = mapped_column(default="")


class AssessmentSnapshot(Base):
    """What the assessment said at one data version, for alerts and for the trend."""

    __tablename__ = "assessment_snapshot"
    __table_args__ = (sa.UniqueConstraint("chain_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"))
    version: Mapped[int]
    made_at: Mapped[dt.datetime]
    total_shortfall_wan: Mapped[float]
    segments: Mapped[dict[str, Any]]


class Prospect(Base):
    """A firm outside the park that could land on a segment."""

    __tablename__ = "prospect"
    __table_args__ = (
        sa.UniqueConstraint("code"),
        sa.CheckConstraint(_one_of("state", PROSPECT_STATES), name="state"),
        sa.CheckConstraint("(state = 'landed') = (organisation_id IS NOT NULL)", name="landed"),
        sa.Index("ix_prospect_chain_id_state", "chain_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"))
    code: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")
    products: Mapped[str] = mapped_column(default="")
    takes: Mapped[list[str]] = mapped_column(default=list)
    brings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="identified")
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    next_step: Mapped[str] = mapped_column(default="")
    due_on: Mapped[dt.date | None]
    source: Mapped[str] = mapped_column(default="")
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    created_at: Mapped[dt.datetime]
    touched_at: Mapped[dt.datetime]


class ProspectPosition(Base):
    """What a prospect would make, on which segment."""

    __tablename__ = "prospect_position"
    __table_args__ = (sa.UniqueConstraint("prospect_id", "segment_id"), _amount("output_wan"))

    id: Mapped[int] = mapped_column(primary_key=True)
    prospect_id: Mapped[int] = mapped_column(sa.ForeignKey("prospect.id", ondelete="CASCADE"))
    segment_id: Mapped[int] = mapped_column(sa.ForeignKey("segment.id"))
    output_wan: Mapped[float]


class ProspectStep(Base):
    """One note or move in the pipeline of a prospect."""

    __tablename__ = "prospect_step"
    __table_args__ = (sa.Index("ix_prospect_step_prospect_id_at", "prospect_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    prospect_id: Mapped[int] = mapped_column(sa.ForeignKey("prospect.id", ondelete="CASCADE"))
    state: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    at: Mapped[dt.datetime]


class ChainAction(Base):
    """Something done about a weak link, tracked until it is relieved."""

    __tablename__ = "chain_action"
    __table_args__ = (
        sa.CheckConstraint(_one_of("kind", ACTION_KINDS), name="kind"),
        sa.CheckConstraint(_one_of("state", ACTION_STATES), name="state"),
        sa.Index("ix_chain_action_chain_id_state", "chain_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"))
    segment_id: Mapped[int] = mapped_column(sa.ForeignKey("segment.id"))
    prospect_id: Mapped[int | None] = mapped_column(sa.ForeignKey("prospect.id"))
    kind: Mapped[str]
    title: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="planned")
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    due_on: Mapped[dt.date | None]
    shortfall_wan: Mapped[float] = mapped_column(default=0.0)
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]


class Scenario(Base):
    """A what-if with a name: who comes, who leaves; figures are computed when it is opened."""

    __tablename__ = "chain_scenario"
    __table_args__ = (sa.Index("ix_chain_scenario_chain_id", "chain_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"))
    name: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    prospects: Mapped[list[str]] = mapped_column(default=list)
    added: Mapped[list[Any]] = mapped_column(default=list)
    removed: Mapped[list[str]] = mapped_column(default=list)
    shared: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]


class ImportBatch(Base):
    """One upload: the rows read from it, what they would change, and what was there before."""

    __tablename__ = "import_batch"
    __table_args__ = (
        sa.CheckConstraint(_one_of("state", IMPORT_STATES), name="state"),
        sa.Index("ix_import_batch_chain_id_created_at", "chain_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"))
    file_name: Mapped[str]
    state: Mapped[str] = mapped_column(default="preview")
    tables: Mapped[list[str]]
    rows: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version_before: Mapped[int]
    version_after: Mapped[int | None]
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]
    applied_at: Mapped[dt.datetime | None]
