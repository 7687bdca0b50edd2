"""After every change of the data: assess, remember, and tell the investment staff what appeared, worsened or went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app import clock
from app.chain.models import AssessmentSnapshot, ChainAction, IndustryChain, Segment
from app.chain.service import chains
from app.chain.service.picture import GONE, WEAK, status_of
from app.db import db
from app.identity import service as identity

WORSE_BY = 0.05
News = tuple[str, str, float, float]


def take_snapshot(chain: IndustryChain) -> list[News]:
    """Store what holds now; answers (segment, what happened, before, now) against the snapshot before it."""
    version = chain.version
    known = db.session.scalar(
        sa.select(AssessmentSnapshot.id).where(
            AssessmentSnapshot.chain_id == chain.id, AssessmentSnapshot.version == version
        )
    )
    if known is not None:
        return []
    last = latest(chain)
    found = chains.assessment(chain)
    now = {
        row.segment: [row.shortfall_wan, row.coverage_ratio, list(row.labels), row.rank, status_of(row)]
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
    return news(last.segments, now) if last is not None else []


def latest(chain: IndustryChain) -> AssessmentSnapshot | None:
    return next(iter(snapshots(chain, 1)), None)


def snapshots(chain: IndustryChain, most: int = 60) -> list[AssessmentSnapshot]:
    """What the assessment said at each version, the newest first."""
    query = sa.select(AssessmentSnapshot).where(AssessmentSnapshot.chain_id == chain.id)
    return list(db.session.scalars(query.order_by(AssessmentSnapshot.version.desc()).limit(most)))


def news(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[News]:
    """What appeared, worsened or was relieved between two snapshots, by segment.

    A gap tells first; where neither has one, a link that came to hang on one firm or on outside is `fragile`, and
    one that no longer does is `steady`.
    """
    found: list[News] = []
    for code in sorted({*now, *before}):
        old, new = before.get(code), now.get(code)
        was, gap = float(old[0]) if old else 0.0, float(new[0]) if new else 0.0
        if was == 0 < gap:
            found.append((code, "appeared", was, gap))
        elif was > 0 == gap:
            found.append((code, "relieved", was, gap))
        elif gap > was * (1 + WORSE_BY):
            found.append((code, "worsened", was, gap))
        elif was == gap == 0 and old and new and len(old) > 4:
            weak_before, weak_now = old[4] in (WEAK, GONE), new[4] in (WEAK, GONE)
            if weak_before != weak_now:
                found.append((code, "fragile" if weak_now else "steady", was, gap))
    return found


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
