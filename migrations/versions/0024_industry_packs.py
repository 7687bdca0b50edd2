"""Industry packs become rows that the park edits; a pack holds basics, policies and ways to find people too.

The six industries and the fallback that were written in the code are kept as rows, so that packs built tomorrow
hold what they hold today, and more.

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS_BEFORE = ("neighbour", "resource", "talent", "benefit")
KINDS = ("basic", "neighbour", "resource", "talent", "policy", "recruiting", "benefit")


def _line(kind: str, zh: str, en: str, days: int | None = None) -> dict[str, Any]:
    return {"kind": kind, "zh": zh, "en": en, "due_days": days}


POWER = _line("basic", "水电报装", "Water and power connection", 15)
FIT_OUT = _line("basic", "装修备案", "Fit-out filing", 60)
IMPACT = _line("basic", "环境影响评价", "Environmental impact assessment", 90)
PRODUCTION = _line("basic", "投产", "Start of production", 180)
OPENING = _line("basic", "开业", "Opening", 90)
FAIR = _line("recruiting", "园区季度招聘会", "The park's quarterly job fair")
SCHOOLS = _line("recruiting", "合作高校实习基地", "Internships at partner universities")
SHARED = _line("recruiting", "共享用工", "Shared staff between firms of the park")
MAKERS = [POWER, IMPACT, FIT_OUT, PRODUCTION, FAIR, SCHOOLS, SHARED]
OFFICES = [POWER, FIT_OUT, OPENING, FAIR, SCHOOLS]
PACKS: dict[str, tuple[str, str, list[str], list[str], list[dict[str, Any]]]] = {
    "battery": (
        "动力电池",
        "Traction batteries",
        ["电池", "正极", "粒度", "光谱", "充放电"],
        ["检测", "本地配套", "中试"],
        [*MAKERS, _line("basic", "消防验收", "Fire safety acceptance", 120)],
    ),
    "biotech": (
        "生物医药",
        "Biomedicine",
        ["细胞", "生物", "流式", "培养", "离心"],
        ["实验室", "细胞", "冷链"],
        [*MAKERS, _line("basic", "生物安全备案", "Biosafety filing", 90)],
    ),
    "culture": (
        "文化创意",
        "Culture and creativity",
        ["版权", "图案", "文创", "工业设计"],
        ["版权", "专利", "金融"],
        [*OFFICES, _line("basic", "版权绿色通道", "Copyright fast lane", 30)],
    ),
    "crossborder": (
        "跨境贸易",
        "Cross-border trade",
        ["仓", "物流", "包装"],
        ["海外仓", "跨境", "仓储", "冷链"],
        [
            *OFFICES,
            _line("basic", "海关备案", "Customs registration", 30),
            _line("basic", "海外仓对接", "Warehouses abroad", 60),
        ],
    ),
    "smart_equipment": (
        "智能装备",
        "Smart equipment",
        ["加工", "测量", "振动", "三坐标"],
        ["精密加工", "装备改造", "机器人"],
        MAKERS,
    ),
    "new_material": (
        "新材料",
        "New materials",
        ["粉体", "显微", "光谱", "热分析"],
        ["中试", "检测", "前驱体"],
        [*MAKERS, _line("basic", "危化品备案", "Hazardous chemicals filing", 60)],
    ),
    "any": ("其他", "Other", ["检测", "测试"], ["检测", "金融"], OFFICES),
}


def upgrade() -> None:
    table = op.create_table(
        "industry_pack",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), server_default="", nullable=False),
        sa.Column("resource_words", sa.JSON(), nullable=False),
        sa.Column("offer_tags", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_industry_pack")),
        sa.UniqueConstraint("code", name=op.f("uq_industry_pack_code")),
    )
    now = dt.datetime.now(dt.UTC)
    op.bulk_insert(
        table,
        [
            {
                "code": code,
                "name_zh": zh,
                "name_en": en,
                "resource_words": words,
                "offer_tags": tags,
                "lines": lines,
                "updated_at": now,
            }
            for code, (zh, en, words, tags, lines) in PACKS.items()
        ],
    )
    _kinds(KINDS)
    op.add_column("pack_item", sa.Column("due_days", BIG, nullable=True))


def _kinds(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table("pack_item") as table:
        table.drop_constraint(op.f("ck_pack_item_kind"), type_="check")
        table.create_check_constraint(op.f("ck_pack_item_kind"), sa.column("kind").in_(kinds))


def downgrade() -> None:
    """Fails where a pack holds a basic, a policy or a way to find people: it must be taken out first."""
    op.drop_column("pack_item", "due_days")
    _kinds(KINDS_BEFORE)
    op.drop_table("industry_pack")
