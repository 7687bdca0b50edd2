"""The benchmark's protocol counts as its text says."""

from __future__ import annotations

import pytest

from benchmarks.chain_makers.protocol import ACCOUNTING, Data, filtered_rank, measures


def test_other_makers_are_taken_out_before_counting() -> None:
    assert filtered_rank(["A", "B", "C", "D"], "D", {"A", "C", "D"}) == 2
    assert filtered_rank(["A", "B"], "D", {"D"}) is None
    assert measures([1, 4, 40, None]) == {"hits@1": 0.25, "hits@10": 0.5, "hits@50": 0.75, "mrr": 1.275 / 4}


@pytest.mark.parametrize(
    "text", ["平衡项目", "分部间抵销", "内部抵销数", "其他业务", "其它(补充)", "针剂合计", "后端小计"]
)
def test_accounting_lines_are_not_asked_for(text: str) -> None:
    assert ACCOUNTING.search(text)


@pytest.mark.parametrize("text", ["平衡车", "营养补充剂", "手机内部件", "其他电池制造", "材料"])
def test_products_are(text: str) -> None:
    assert not ACCOUNTING.search(text)


def test_a_fifth_is_hidden_and_stays_hidden() -> None:
    pairs = [(f"E{number}", f"产品{number % 7}", 0.5) for number in range(50)] + [("E1", "平衡项目", 0.1)]
    split = Data(pairs, {}).split(1)
    assert len(split.test) == 10
    assert sorted(split.train + split.test) == sorted(pairs)
    assert ("E1", "平衡项目", 0.1) in split.train
    assert Data(pairs[::-1], {}).split(1).test == split.test
