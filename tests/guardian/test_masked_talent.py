"""What everybody reads of an expert neither names the person nor leads to them; stored posts are masked again."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.ecosystem.market.masks import mask_again
from app.ecosystem.market.models import Post
from app.hall.db.base import db
from app.hall.errors import Invalid
from app.sharing.catalogue.service import check_talent
from tests.factories import Park


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("正极材料专家林深远", ["talent_name_shown"]),
        ("正极材料专家林\u200b深 远", ["talent_name_shown"]),
        ("加微信 linshen88 细聊", ["talent_contact_shown"]),
        ("电话一三八零零一三八零零零", ["talent_contact_shown"]),
        ("林深远，l@x.cn", ["talent_name_shown", "talent_contact_shown"]),
        ("正极材料，GB/T 18287，20 年", []),
    ],
)
def test_a_talents_texts_keep_the_person_hidden(text: str, codes: list[str]) -> None:
    found: list[str] = []
    try:
        check_talent("林深远", "材料专家", text, "失效分析")
    except Invalid as refusal:
        found = [reason.code for reason in refusal.reasons]
    assert found == codes


def test_a_stored_post_is_masked_as_a_new_one(park: Park) -> None:
    park.firm("E01", name_zh="江澜电芯有限公司")
    park.staff()
    body = {"title": "光谱仪测试服务", "description": "每月四十小时", "tags": ["光谱"], "segment": None}
    made = park.api("e01").post("/ecosystem/needs", body)
    assert made.status_code == 201, made.json
    with park.app.app_context():
        row = db.session.get_one(Post, made.json["id"])
        row.state, row.published_at = "published", row.created_at
        row.description = row.shown_description = "江澜电芯，电话 13800138000"  # as an older version kept it
        db.session.commit()
        assert mask_again() == 1
        assert mask_again() == 0
        kept = db.session.scalars(sa.select(Post.shown_description)).one()
        assert kept == "▇▇，电话 ▇▇"
        assert db.session.scalars(sa.select(Post.description)).one() == "江澜电芯，电话 13800138000"
