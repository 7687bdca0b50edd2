"""After every change of the data: assess, remember, and tell the investment staff what appeared, worsened or went."""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.chain.models import AssessmentSnapshot, ChainAction, IndustryChain, Segment
from app.chain.service import chains
from app.db import db
from app.identity import service as identity

WORSE_BY = 0.05


def take_snapshot(chain: IndustryChain) -> list[tuple[str, str, float, float]]:
    """Store what holds now; answers (segment, what happened, before, now) against the snapshot before it."""
    version = chain.version
    known = db.session.scalar(
        sa.select(AssessmentSnapshot.id).where(
            AssessmentSnapshot.chain_id == chain.id, AssessmentSnapshot.version == version
        )
    )
    if known is not None:
        return []
    last = db.session.scalar(
        sa.select(AssessmentSnapshot)
        .where(AssessmentSnapshot.chain_id == chain.id)
        .order_by(AssessmentSnapshot.version.desc())
        .limit(1)
    )
    found = chains.assessment(chain)
    now = {
        row.segment: [row.shortfall_wan, row.coverage_ratio, list(row.labels), row.rank]
        for row in found.findings
    }
    db.session.add(
        AssessmentSnapshot(
            chain_id=chain.id,
            version=version,
            made_at=clock.now(),
            total_shortfall_wan=found.total_shortfall_wan,
            segments=now,
        )
    )
    db.session.flush()
    if last is None:
        return []
    news = []
    for code in sorted({*now, *last.segments}):
        gap = float(now[code][0]) if code in now else 0.0  # type: ignore[arg-type]
        before = float(last.segments[code][0]) if code in last.segments else 0.0
        if before == 0 < gap:
            news.append((code, "appeared", before, gap))
        elif before > 0 == gap:
            news.append((code, "relieved", before, gap))
        elif gap > before * (1 + WORSE_BY):
            news.append((code, "worsened", before, gap))
    return news


def tell(payload: dict[str, str]) -> None:
    """Handler of `chain.changed`."""
    chain = chains.find_chain(payload["chain"])
    if chain is None:
        return
    for code, what, before, gap in take_snapshot(chain):
        segment = db.session.scalar(
            sa.select(Segment).where(Segment.chain_id == chain.id, Segment.code == code)
        )
        name = segment.name_zh or code if segment else code
        identity.notify_role(
            "investment_staff",
            f"chain_link_{what}",
            f"/chain/segments/{code}?chain={chain.code}",
            segment=name,
            before_wan=f"{before:,.0f}",
            shortfall_wan=f"{gap:,.0f}",
        )
        if what == "relieved" and segment is not None:
            _relieve(segment)


def _relieve(segment: Segment) -> None:
    """Actions under way for a gap that is closed have done their work."""
    rows = db.session.scalars(
        sa.select(ChainAction).where(ChainAction.segment_id == segment.id, ChainAction.state == "in_progress")
    ).all()
    for row in rows:
        row.state, row.updated_at = "relieved", clock.now()
        identity.audit(identity.SYSTEM, "chain.action_relieved", "chain_action", row.id, segment=segment.code)
