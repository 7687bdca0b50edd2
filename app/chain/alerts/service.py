"""After every change of the data: assess, remember, and tell the investment staff what appeared, worsened or went."""

from __future__ import annotations

import sqlalchemy as sa

from app.chain.actions.models import ChainAction
from app.chain.alerts.models import AssessmentSnapshot
from app.chain.alerts.rules import News, news
from app.chain.register import service as chains
from app.chain.register.models import IndustryChain, Segment
from app.chain.weak_links.service import assessment
from app.hall import clock
from app.hall.db.base import db
from app.identity import door as identity
from app.identity.door import roles


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
    found = assessment(chain)
    now = {
        row.segment: [row.shortfall_wan, row.coverage_ratio, list(row.labels), row.rank, row.mark]
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


def tell(payload: dict[str, str]) -> None:
    """Handler of `chain.changed`."""
    chain = chains.find_chain(payload["chain"])
    if chain is None or chain.state != "live":
        return
    for code, what, before, gap in take_snapshot(chain):
        segment = db.session.scalar(
            sa.select(Segment).where(Segment.chain_id == chain.id, Segment.code == code)
        )
        name = segment.name_zh or code if segment else code
        identity.notify_role(
            roles.INVESTMENT_STAFF,
            f"chain_link_{what}",
            f"/chain/segments/{code}?chain={chain.code}",
            segment=f"{name}（{chain.name_zh}）" if len(chains.live_chains()) > 1 else name,
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
