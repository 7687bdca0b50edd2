"""Earn rules with their versions, claims with their evidence, and who decided."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.hall.db.base import Base
from app.hall.db.proofs import proved


class EarnRule(Base):
    """One version of a rule; never edited: a new version starts on its own day."""

    __tablename__ = "earn_rule"
    __table_args__ = (
        sa.UniqueConstraint("code", "version"),
        sa.CheckConstraint("approved_by <> proposed_by", name="four_eyes"),
        sa.CheckConstraint(
            "credits > 0 AND credits <= 1000000 AND lifetime_days BETWEEN 1 AND 3650", name="credits"
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
        sa.CheckConstraint("origin IN ('claim', 'platform')", name="origin"),
        sa.CheckConstraint("cap_period IN ('none', 'month', 'quarter', 'year')", name="cap_period"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    version: Mapped[int]
    title_zh: Mapped[str]
    title_en: Mapped[str]
    description_zh: Mapped[str] = mapped_column(default="")
    description_en: Mapped[str] = mapped_column(default="")
    icon: Mapped[str] = mapped_column(default="award")
    origin: Mapped[str] = mapped_column(default="claim")
    evidence_kind: Mapped[str]
    credits: Mapped[int]
    lifetime_days: Mapped[int]
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]
    cap_period: Mapped[str] = mapped_column(default="none")
    cap_credits: Mapped[int | None]
    cap_claims: Mapped[int | None]
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    approved_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    approved_at: Mapped[dt.datetime]


class Claim(Base):
    """An enterprise says it contributed, and shows it; a reviewer decides."""

    __tablename__ = "claim"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'approved', 'rejected', 'appealed', 'revoked', 'withdrawn')",
            name="state",
        ),
        sa.CheckConstraint("decided_by <> submitted_by", name="four_eyes"),
        sa.CheckConstraint("(state IN ('approved', 'revoked')) = (transfer_id IS NOT NULL)", name="posted"),
        sa.CheckConstraint("(state = 'revoked') = (reversal_id IS NOT NULL)", name="reversed"),
        sa.Index("ix_claim_organisation_id_state", "organisation_id", "state"),
        sa.Index("ix_claim_state_submitted_at", "state", "submitted_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    rule_code: Mapped[str]
    earn_rule_id: Mapped[int | None] = mapped_column(sa.ForeignKey("earn_rule.id"))
    occurred_on: Mapped[dt.date]
    note: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="draft")
    # A platform act is a claim that the platform made: exactly once per key.
    source_key: Mapped[str | None] = mapped_column(unique=True)
    credits: Mapped[int | None]
    created_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]
    submitted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    submitted_at: Mapped[dt.datetime | None]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    decided_at: Mapped[dt.datetime | None]
    decision_reason: Mapped[str] = mapped_column(default="")
    transfer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("transfer.id"), unique=True)
    reversal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("transfer.id"), unique=True)
    evidence: Mapped[list[Evidence]] = relationship(lazy="raise", order_by="Evidence.id")
    files: Mapped[list[EvidenceFile]] = relationship(lazy="raise", order_by="EvidenceFile.id")
    steps: Mapped[list[ClaimStep]] = relationship(lazy="raise", order_by="ClaimStep.id")


class Evidence(Base):
    """What a claim rests on: a firm hands the same in once (`open_for`), and it counts once in the park (`live`)."""

    __tablename__ = "evidence"
    __table_args__ = (
        sa.CheckConstraint("length(normal) BETWEEN 1 AND 200", name="normal"),
        sa.Index(
            "uq_evidence_kind_normal",
            "kind",
            "normal",
            unique=True,
            sqlite_where=sa.text("live"),
            postgresql_where=sa.text("live"),
        ),
        sa.Index(
            "uq_evidence_open",
            "open_for",
            "kind",
            "normal",
            unique=True,
            sqlite_where=sa.text("open_for IS NOT NULL"),
            postgresql_where=sa.text("open_for IS NOT NULL"),
        ),
        sa.Index("ix_evidence_kind_normal", "kind", "normal"),
        sa.Index("ix_evidence_claim_id", "claim_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claim.id"))
    kind: Mapped[str]
    value: Mapped[str]
    normal: Mapped[str]
    live: Mapped[bool] = mapped_column(default=False)  # its claim was approved
    # The claim's organisation from its handing in until it is rejected or withdrawn.
    open_for: Mapped[int | None]


class EvidenceFile(Base):
    """A scan or photograph; the bytes lie outside the web root under their digest."""

    __tablename__ = "evidence_file"
    __table_args__ = (sa.UniqueConstraint("claim_id", "sha256"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claim.id"))
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    uploaded_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    uploaded_at: Mapped[dt.datetime]


class ClaimStep(Base):
    """The history of a claim as its page tells it."""

    __tablename__ = "claim_step"
    __table_args__ = (sa.Index("ix_claim_step_claim_id", "claim_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claim.id"))
    action: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    at: Mapped[dt.datetime]
    reason: Mapped[str] = mapped_column(default="")


class Appeal(Base):
    """A rejected claim goes to another reviewer, once."""

    __tablename__ = "appeal"
    __table_args__ = (
        sa.CheckConstraint("decided_by <> rejected_by AND decided_by <> appealed_by", name="other_reviewer"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claim.id"), unique=True)
    reason: Mapped[str]
    rejected_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    appealed_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    appealed_at: Mapped[dt.datetime]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    decided_at: Mapped[dt.datetime | None]
    decision: Mapped[str | None]


proved(EarnRule)
proved(Claim, said=("note", "decision_reason"), by=("created_by", "submitted_by", "decided_by"))
proved(Evidence, said=("value",), parent="claim")
proved(EvidenceFile, said=("name",), parent="claim", by=("uploaded_by",))
proved(ClaimStep, said=("reason",), parent="claim", by=("member_id",))
proved(Appeal, said=("reason",), parent="claim", by=("appealed_by",))
