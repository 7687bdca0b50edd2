"""Who makes it: the search finds firms by words, by trade and by company, and says why."""

from __future__ import annotations

import random

import pytest

from app.chain.makers.facts import CatalogueRow, Enterprise
from app.chain.makers.rules import Index, build
from app.chain.makers.text import grams, normalise

SMALL = [
    CatalogueRow("E1", "锂电池隔膜", 0.6),
    CatalogueRow("E1", "涂覆材料", 0.2),
    CatalogueRow("E2", "水泥", -3.0),
    CatalogueRow("E3", "ＬＥＤ显示屏", 59.0),
]
TRADES = {
    "电池": [
        "锂电池隔膜",
        "电解液",
        "正极材料",
        "负极材料",
        "铜箔",
        "铝塑膜",
        "电芯",
        "电池组",
        "六氟磷酸锂",
        "导电剂",
    ],
    "水泥": ["水泥", "熟料", "混凝土", "石灰石", "骨料", "砂浆", "水泥制品", "矿粉", "管桩", "预制构件"],
    "医药": ["原料药", "中成药", "注射液", "片剂", "胶囊", "疫苗", "血液制品", "医疗器械", "保健品", "试剂"],
    "纺织": ["棉纱", "坯布", "印染布", "家纺", "服装", "羊毛衫", "针织面料", "牛仔布", "窗帘", "拉链"],
}


def firms_of(index: Index, text: str, top: int = 10) -> list[str]:
    return [candidate.enterprise for candidate in index.rank(text, top)]


@pytest.fixture(scope="module")
def park() -> tuple[list[CatalogueRow], list[Enterprise]]:
    """400 firms in four trades; each makes seven of its trade's ten products, spelt in two ways."""
    chance = random.Random(7)
    rows, firms = [], []
    for number in range(400):
        trade = sorted(TRADES)[number % 4]
        code = f"F{number:03d}"
        firms.append(Enterprise(code, f"第{number}{trade}公司", trade))
        for product in chance.sample(TRADES[trade], 7):
            rows.append(CatalogueRow(code, chance.choice(["", "高端", "特种"]) + product, chance.random()))
    return rows, firms


def test_other_spellings_find_the_firm() -> None:
    index = build(SMALL)
    assert not index.learnt
    for text in ("隔膜", "湿法隔膜", "锂电池用隔膜"):
        assert firms_of(index, text)[0] == "E1"
    for text in ("led显示屏", "ＬＥＤ", "LED 显示屏"):
        assert firms_of(index, text)[0] == "E3"


def test_a_small_catalogue_keeps_kinds_of_things_together() -> None:
    """However 隔膜 is written, its makers come before those who share other words; odd shares change nothing."""
    rows = [
        CatalogueRow("G1", "锂电池隔膜", 0.8),
        CatalogueRow("G1", "平衡项目", -0.02),
        CatalogueRow("G2", "湿法隔膜", 1.3),
        CatalogueRow("G3", "干法隔膜"),
        CatalogueRow("G4", "隔膜"),
        CatalogueRow("G5", "磷酸铁锂正极材料", 0.9),
        CatalogueRow("G5", "分部间抵销", -0.3),
        CatalogueRow("G6", "动力电池", 0.9),
        CatalogueRow("G7", "汽车隔音膜", 0.6),
        CatalogueRow("G8", "铝塑膜", 0.7),
        CatalogueRow("G9", "锂电池电解液"),
    ]
    index = build(rows)
    for text in ("隔膜", "锂电池隔膜", "湿法隔膜", "涂覆隔膜", "陶瓷隔膜"):
        assert set(firms_of(index, text, 4)) == {"G1", "G2", "G3", "G4"}, text
    assert firms_of(index, "锂电池隔膜", 1) == ["G1"]
    assert firms_of(index, "正极材料", 1) == ["G5"]


def test_every_firm_is_ranked_once_and_scores_fall() -> None:
    found = build(SMALL, [Enterprise("E0", "隔膜科技", "")]).rank("隔膜")
    assert [candidate.enterprise for candidate in found] == ["E1", "E0", "E2", "E3"]
    scores = [candidate.score for candidate in found]
    assert scores == sorted(scores, reverse=True)
    assert scores[2:] == [0, 0]
    assert found[0].reason == "产品“锂电池隔膜”与查询相近"
    assert found[1].reason == "企业名称“隔膜科技”含“隔膜”"
    assert found[2].reason == "目录中没有相近的产品"


def test_unseen_words_answer_by_id_with_score_nought() -> None:
    index = build(SMALL)
    for text in ("xyz", "？！", "鲸"):
        found = index.rank(text, 2)
        assert [(candidate.enterprise, candidate.score) for candidate in found] == [("E1", 0), ("E2", 0)]


def test_known_makers_come_first_by_share_then_id() -> None:
    rows = [
        CatalogueRow("E4", "水泥", 0.1),
        CatalogueRow("E9", "水 泥", 0.9),
        CatalogueRow("E3", "水泥", 7.0),
        CatalogueRow("E2", "水泥"),
        CatalogueRow("E1", "水泥制品", 1.0),
    ]
    found = build(rows).rank("水泥")
    assert [candidate.enterprise for candidate in found] == ["E9", "E4", "E2", "E3", "E1"]
    assert [candidate.score >= 0.5 for candidate in found] == [True, True, True, True, False]


def test_the_order_of_rows_and_double_rows_change_nothing() -> None:
    rows = [*SMALL, CatalogueRow("E5", "隔膜"), CatalogueRow("E6", "电池隔膜")]
    firms = [Enterprise("E5", "甲", "电池"), Enterprise("E6", "乙", "电池")]
    expected = build(rows, firms).rank("湿法隔膜")
    assert build([*rows[::-1], *rows], firms[::-1]).rank("湿法隔膜") == expected


def test_learning_finds_company_where_words_fail(park: tuple[list[CatalogueRow], list[Enterprise]]) -> None:
    """A product of one trade that shares no word with most of it leads to firms of that trade."""
    rows, firms = park
    index = build(rows, firms)
    assert index.learnt
    trade = {firm.enterprise: firm.industry for firm in firms}
    for wanted, text in (("电池", "电解液新品"), ("纺织", "拉链头"), ("医药", "疫苗佐剂")):
        found = index.rank(text, 40)
        assert sum(trade[candidate.enterprise] == wanted for candidate in found) >= 36
        assert all(candidate.reason for candidate in found)
    assert index.rank("砂浆", 400)[-1].score >= 0
    assert len({candidate.enterprise for candidate in index.rank("砂浆", 1000)}) == 400


def test_learning_is_deterministic(park: tuple[list[CatalogueRow], list[Enterprise]]) -> None:
    rows, firms = park
    first = build(rows, firms)
    again = build(rows[::-1], firms[::-1])
    texts = ["高端电芯", "混凝土外加剂", "窗帘布"]
    assert list(first.rank_many(texts, 20)) == list(again.rank_many(texts, 20))
    assert [first.rank(text, 20)[0].enterprise for text in texts] == [
        found[0].enterprise for found in first.rank_many(texts, 20)
    ]


def test_a_learnt_index_needs_no_names(park: tuple[list[CatalogueRow], list[Enterprise]]) -> None:
    index = build(park[0])
    assert index.learnt
    assert len(index.rank("电解液", 3)) == 3


def test_normalise_and_grams() -> None:
    assert normalise("ＬＥＤ显示屏（模组） ") == "led 显示屏 模组"
    assert grams("隔膜") == ["隔", "膜", "隔膜", "膜$", "隔膜$", "^隔膜"]
    assert normalise("——") == ""
