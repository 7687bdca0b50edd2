"""Needs and offers of every state, and pairs of them that were answered or not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from app.chain.register.models import Segment
from app.ecosystem.market.models import Post, PostTag
from app.ecosystem.matches.models import Match
from app.hall import clock
from app.hall.db.base import db
from benchmarks.park.rows import Firm, Size, dice_for, drawn, next_id, write

WHAT = (
    "液冷板",
    "正极材料",
    "隔膜涂布",
    "压铸外壳",
    "主控板",
    "检测服务",
    "冷链仓储",
    "视觉质检",
    "模具",
    "粉体",
)
HOW = ("打样", "小批量", "长期供应", "联合研发", "技术改造", "测试认证", "外协加工", "国产替代")
STATES = ("published",) * 7 + ("satisfied", "expired", "withdrawn")


def write_posts(size: Size, firms: list[Firm]) -> None:
    dice, now = dice_for("posts"), clock.now()
    segments = list(db.session.scalars(sa.select(Segment.key).order_by(Segment.id)))
    db.session.rollback()
    first = next_id(Post)
    rows: list[dict[str, Any]] = []
    tags: list[tuple[str, str]] = []
    for n in range(size.posts):
        firm, what, how = drawn(dice, firms), dice.choice(WHAT), dice.choice(HOW)
        made = now - dt.timedelta(minutes=dice.randrange(60, 700 * 1440))
        title = f"{what}{how} {n}"
        text = f"{what}，{how}，每月{dice.randrange(1, 90)}批，要求{dice.choice(WHAT)}经验，园区内交付。"
        rows.append(
            {
                "id": first + n,
                "kind": "offer" if n % 2 else "need",
                "organisation_id": firm.id,
                "created_by": firm.member,
                "title": title,
                "description": text,
                "shown_title": title,
                "shown_description": text,
                "segment": dice.choice(segments) if dice.random() < 0.5 else None,
                "amount_fen": dice.randrange(1, 900) * 100_000,
                "deadline": clock.today() + dt.timedelta(days=dice.randrange(5, 180)),
                "state": dice.choice(STATES),
                "submitted_at": made,
                "published_at": made,
                "created_at": made,
                "updated_at": made,
                "flags": [],
            }
        )
        tags.append((what, how))
    write(Post, rows)
    write(
        PostTag, ({"post_id": first + n, "tag": tag} for n, both in enumerate(tags) for tag in sorted(both))
    )
    _write_matches(rows)


def _write_matches(rows: list[dict[str, Any]]) -> None:
    """One for every fifth post; a third of them is still open."""
    dice, now = dice_for("matches"), clock.now()
    open_ = [row for row in rows if row["state"] == "published"]
    needs = [row for row in open_ if row["kind"] == "need"]
    offers = [row for row in open_ if row["kind"] == "offer"]
    pairs: dict[tuple[int, int], dict[str, Any]] = {}
    for _n in range(len(rows) // 5):
        need, offer = dice.choice(needs), dice.choice(offers)
        if need["organisation_id"] == offer["organisation_id"]:
            continue
        state = dice.choice(("proposed", "lapsed", "declined"))
        pairs[need["id"], offer["id"]] = {
            "need_id": need["id"],
            "offer_id": offer["id"],
            "need_organisation_id": need["organisation_id"],
            "offer_organisation_id": offer["organisation_id"],
            "score_ratio": 0.5,
            "reasons": [],
            "state": state,
            "expires_on": clock.today() + dt.timedelta(days=20),
            "created_at": now - dt.timedelta(days=9),
            "closed_at": None if state == "proposed" else now,
        }
    write(Match, pairs.values())
