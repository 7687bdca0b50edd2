"""After every change of the data: assess, remember, and tell the investment staff what appeared, worsened or went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.chain.actions.models import ChainAction
from app.chain.alerts.models import AssessmentSnapshot
from app.chain.alerts.rules import News, news
from app.chain.limits import MOST_NEWS
from app.chain.register import service as chains
from app.chain.register.models import IndustryChain, Segment
from app.chain.weak_links.service import assessment
from app.hall import clock
from app.hall.db.base import db
from app.identity import door as identity
from app.identity.door import roles

if TYPE_CHECKING:
    from app.chain.weak_links.rules import Assessment


def take_snapshot(chain: IndustryChain) -> list[News]:
    """Store what holds now; answers (segment, what happened, before, now) against the snapshot before it."""
    return _keep(chain, assessment(chain))


def _keep(chain: IndustryChain, found: Assessment) -> list[News]:
    version = chain.version
    known = db.session.scalar(
        sa.select(AssessmentSnapshot.id).where(
            AssessmentSnapshot.chain_id == chain.id, AssessmentSnapshot.version == version
        )
    )
    if known is not None:
        return []
    last = latest(chain)
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


def tell(payload: dict[str, str]) -> Callable[[], None]:
    """Handler of `chain.changed`: a chain is assessed with nothing locked; what was changed meanwhile has its own message."""
    chain = chains.find_chain(payload["chain"])
    if chain is None or chain.state != "live":
        return _nothing
    found, version = assessment(chain), chain.version

    def keep() -> None:
        now = chains.find_chain(payload["chain"])
        if now is not None and now.version == version:
            _tell(now, _keep(now, found))

    return keep


def _nothing() -> None:
    pass


def _tell(chain: IndustryChain, happened: Sequence[News]) -> None:
    """The largest gaps are told one by one; whoever changes more at once looks at the page of alerts."""
    segments = chains.segments_by_code(chain.id) if happened else {}
    several = len(chains.live_chains()) > 1
    for code, what, before, gap in sorted(happened, key=lambda one: (-max(one[2], one[3]), one[0]))[
        :MOST_NEWS
    ]:
        segment = segments.get(code)
        name = segment.name_zh or code if segment else code
        identity.notify_role(
            roles.INVESTMENT_STAFF,
            f"chain_link_{what}",
            f"/chain/segments/{code}?chain={chain.code}",
            segment=f"{name}（{chain.name_zh}）" if several else name,
            before_wan=f"{before:,.0f}",
            shortfall_wan=f"{gap:,.0f}",
        )
    for segment in [
        segments[code] for code, what, *_gaps in happened if what == "relieved" and code in segments
    ]:
        _relieve(segment)


def _relieve(segment: Segment) -> None:
    """Actions under way for a gap that is closed have done their work."""
    rows = db.session.scalars(
        sa.select(ChainAction).where(ChainAction.segment_id == segment.id, ChainAction.state == "in_progress")
    ).all()
    for row in rows:
        row.state, row.updated_at = "relieved", clock.now()
        identity.audit(identity.SYSTEM, "chain.action_relieved", "chain_action", row.id, segment=segment.code)
