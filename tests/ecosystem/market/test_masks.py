"""Nothing a counterpart reads before both said yes may tell who wrote it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hall.text.masking import gives_away, mask

NAMES = ["江澜电芯有限公司（虚构）", "Jianglan Cell", "E01", "李婉清"]


@pytest.mark.parametrize(
    "text",
    [
        "江澜电芯供应电芯",
        "江 澜 电 芯",
        "JIANGLAN  cell",
        "找李婉清",
        "我们是E01",
        "写信到 sales@jianglan.cn",
        "见 https://jianglan.example/about",
        "电话 13800138000",
        "电话 0513-81234567",
        "微信号：jianglan_cell",
    ],
)
def test_whatever_tells_who_it_is_is_taken_out(text: str) -> None:
    masked = mask(text, NAMES)
    for secret in ("江澜", "澜", "anglan", "李婉清", "E01", "@", "http", "13800138000", "81234567"):
        assert secret.casefold() not in masked.casefold()


def test_what_a_firm_needs_stays_readable() -> None:
    text = "需要 400 小时光谱仪，预算 20 万元，2026-12-31 前，型号 E012"
    assert mask(text, NAMES) == text


@given(st.text(max_size=80))
def test_masking_twice_is_masking_once(text: str) -> None:
    assert not gives_away(mask(text, NAMES), NAMES)
