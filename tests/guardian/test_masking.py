"""What somebody writes to be found round the park, in every spelling people use, and texts made to stop the search."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hall.db.transaction import watch_locks
from app.hall.text.masking import MASK, gives_away, mask, masked
from app.hall.text.names import spellings
from tests.factories import Park

NAMES = ["苏州江澜电芯有限公司（虚构）", "Jianglan Cell", "E01", "李婉清"]


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "138 0013 8000",
        "+86-138-0013-8000",
        "１３８００１３８０００",
        "1\u200b3\u200b8\u200b0\u200b0\u200b1\u200b3\u200b8\u200b0\u200b0\u200b0",
        "1.3.8.0.0.1.3.8.0.0.0",
        "1-3*8_0/0·1、3 8,0(0)0",
        "一三八零零一三八零零零",
        "幺叁捌〇〇壹叁捌零零零",
        "①③⑧⓪⓪①③⑧⓪⓪⓪",
        "one three eight zero zero one three eight zero zero zero",
        "0513-81234567",
        "(0513) 8123 4567",
        "400-820-8820",
        "sales@jianglan.cn",
        "sales ＠ jianglan．cn",
        "sales(at)jianglan.com.cn",
        "https://jianglan.example/about",
        "jianglan.com",
        "jianglan.com.cn/about",
        "jianglan点com",
        "jianglan[dot]cn",
        "微信：jl_cell88",
        "加微信 jlcell88",
        "请加V：jlcell88",
        "vx jlcell88",
        "WeChat ID: jlcell88",
        "威信号 jlcell88",
        "QQ 12345678",
        "Q Q：一二三四五六七",
        "扣扣号：1 2 3 4 5 6 7",
    ],
)
def test_every_way_round_the_park_is_covered(text: str) -> None:
    written = f"联系 {text} 谢谢"
    found = masked(written, [])
    assert found.contact and MASK in found.text
    left = "".join(c for c in found.text if c not in "联系谢谢请加▇() （）+")
    assert left == "", found.text


@pytest.mark.parametrize(
    "text",
    [
        "江澜",
        "江 澜",
        "江\u200b澜",
        "江-澜",
        "苏州江澜",
        "江澜电芯",
        "ＪＩＡＮＧＬＡＮ",
        "J.i.a.n.g.l.a.n",
        "Jiаnglan",  # the fourth letter is Cyrillic
        "Jiánglán",
        "E01",
        "Ｅ０１",
        "E-01",
        "e 0 1",
        "E零一",
        "李 婉 清",
    ],
)
def test_the_firm_is_covered_by_its_short_name_and_code_too(text: str) -> None:
    found = masked(f"我们是{text}，供应电芯", NAMES)
    assert (found.text, found.names) == (f"我们是{MASK}，供应电芯", True)


@pytest.mark.parametrize(
    "text",
    [
        "需要 400 小时光谱仪，预算 20 万元，2026-12-31 前，型号 E012",
        "长江、澜沧江流域的水样",
        "1.AI视觉检测 2.MES 对接",
        "月产 15 000 套，10、20、30、40、50、60 微米各一批",
        "GB/T 18287-2013、IEC 62133-2:2017、UN38.3",
        "Ni0.8Co0.1Mn0.1 正极，D50 10.5 μm，0.05 1.25 2.375 4.5",
        "2026.11.30 9:00-11:30，一三五上午，二四六下午",
        "电芯产气成分分析，苏州园区内上门",
    ],
)
def test_what_a_firm_needs_stays_readable(text: str) -> None:
    assert masked(text, NAMES) == masked(text, []) and mask(text, NAMES) == text


def test_a_name_that_is_only_a_place_or_a_trade_covers_nothing_else() -> None:
    assert spellings(["苏州大学"]) == ["苏州大学"]
    assert (
        mask("电池与大学合作，材料检测", ["苏州大学", "电池协会", "Materials Tech Co"])
        == "电池与大学合作，材料检测"
    )


@given(st.text(alphabet="江澜 -.一三八0138e@a点com微信qv加▇\u200b，E", max_size=60))
def test_what_was_covered_gives_nothing_away(text: str) -> None:
    assert not gives_away(mask(text, NAMES), NAMES)


HOSTILE = [
    *(
        "a",
        "1 ",
        "1-",
        "a@",
        "@",
        "a.",
        "www.",
        "微信",
        "加v",
        "江 ",
        "e01",
        "(at)a",
        "one ",
        "a b ",
        "一",
        " ",
    ),
    *("▇", "0", "1 3", "qq:a ", "http://", "-", "a点", "\u0301", "江澜", "jianglan "),
]


@pytest.mark.parametrize("part", HOSTILE)
def test_the_search_is_linear(part: str) -> None:
    """Four times the text may take eight times as long, not sixteen; very short times say nothing."""

    def seconds(length: int) -> float:
        text = (part * length)[:length]
        begun = time.thread_time()
        masked(text, NAMES)
        return time.thread_time() - begun

    seconds(400)
    once, fourfold = min(seconds(4000) for _ in range(3)), min(seconds(16_000) for _ in range(3))
    assert fourfold < max(8 * once, 0.02), (once, fourfold)


def test_the_largest_sheet_neither_holds_the_lock_nor_takes_long(park: Park) -> None:
    """150 rows of one long word stopped every write for minutes once; 500 rows are the most a sheet may have."""
    park.firm("E01", name_zh="江澜电芯")
    longest: list[float] = []
    watch_locks(longest.append)
    rows = "".join(f"need,寻找光谱检测{n},{'a' * 3990}\n" for n in range(150))
    rows += "".join(f"offer,光谱检测服务{n},{'一 ' * 1995}\n" for n in range(350))
    browser = park.browse("e01")
    begun = time.thread_time()
    answer = browser.post(
        "/ecosystem/posts/import",
        data=(
            '--x\r\nContent-Disposition: form-data; name="file"; filename="needs.csv"\r\n\r\n'
            f"kind,title,description\n{rows}\r\n--x--\r\n"
        ).encode(),
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 303
    assert max(longest) < 1.0, longest
    assert time.thread_time() - begun < 30
