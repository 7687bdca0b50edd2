"""One paper for every document: no character disappears, PDF/UA, page x of y, and long statements in time."""

from __future__ import annotations

import io
import time

import pytest
from flask import Flask
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from app.hall.files.paper import glyphs, press
from app.hall.files.paper.document import (
    Block,
    Code,
    Column,
    Entry,
    Figures,
    Heading,
    Paper,
    Paragraph,
    Table,
)

HARD = "㐂䶮犇㎡臺灣𠮷한글"
NEVER = (
    "\ue000\u202e\x07"  # no shape; turns the line round; a control character: the last two are never printed
)


def words_of(data: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def everywhere(text: str) -> Paper:
    """A paper with this text in every place that takes one."""
    columns = [Column(f"头{text}", 2), Column("数", 1, figures=True)]
    blocks: list[Block] = [
        Heading(f"节{text}", 2),
        Paragraph(f"段{text}"),
        Paragraph(f"强{text}", "strong"),
        Paragraph(f"软{text}", "soft"),
        Paragraph(f"框{text}", "boxed"),
        Figures([(f"标{text}", f"值{text}")]),
        Entry(f"名{text}", f"详{text}", f"态{text}", True),
        Table(columns, [[f"行{text}", "1"]], totals=[f"合{text}", "1"]),
        Table(columns, [], nothing=f"无{text}"),
    ]
    return Paper(
        f"题{text}",
        blocks,
        number=f"号{text}",
        period=f"期{text}",
        parties=[(f"方{text}", f"位{text}")],
        opening=(f"初{text}", "1"),
        closing=(f"末{text}", "2"),
        note=f"注{text}",
        stamps=[f"章{text}"],
        code=Code("https://example.org/x", f"码{text}"),
    )


PLACES = "题题节段强软框标值名详态头行合头无号号期方位初末注章"


def test_no_character_disappears_wherever_it_stands(app: Flask) -> None:
    with app.test_request_context():
        words = words_of(press.press(everywhere(HARD + NEVER)))
    for place in PLACES:
        assert f"{place}{HARD}" in words.replace("\n", "").replace(" ", ""), place
    assert words.replace("\n", "").count("U+E000") >= len(PLACES) - 2  # a narrow cell may break a box's line
    assert not set("\u202e\x07") & set(words)


def test_a_paper_is_tagged_and_says_which_page_of_how_many(app: Flask) -> None:
    rows = [[f"{n}", "1"] for n in range(120)]
    paper = Paper("对账单", [Table([Column("甲", 1), Column("乙", 1, True)], rows)], number="DZ-1")
    with app.test_request_context():
        data = press.press(paper)
    reader = PdfReader(io.BytesIO(data))
    assert reader.metadata is not None and reader.metadata.title == "对账单"
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and str(root["/Lang"]).startswith("zh")
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) == 3
    for number, text in enumerate(pages, start=1):
        assert f"第{number}页，共3页" in text.replace(" ", "") and "DZ-1" in text and "甲" in text


def test_values_are_never_markup(app: Flask) -> None:
    text = '#panic("x") *fett* $x$ <b> @who `c` = \\ // [a]'
    with app.test_request_context():
        words = words_of(press.press(everywhere(text)))
    assert '#panic("x") *fett* $x$ <b> @who `c` = \\ // [a]' in words


def test_a_long_table_loses_no_row_and_no_word(app: Flask) -> None:
    rows = [[f"第{n}行", "长" * (n % 90)] for n in range(press.ONE_TABLE + 50)]
    paper = Paper("长表", [Table([Column("甲", 1), Column("乙", 4)], rows)])
    with app.test_request_context():
        words = words_of(press.press(paper)).replace("\n", "").replace(" ", "")
    assert all(f"第{n}行" in words for n in range(len(rows)))
    assert words.count("长") - words.count("长表") == sum(n % 90 for n in range(len(rows)))


@given(
    st.lists(st.integers(0, 200), min_size=press.ONE_TABLE + 1, max_size=press.ONE_TABLE + 200), st.booleans()
)
def test_portions_hold_every_row_once_in_order(lengths: list[int], landscape: bool) -> None:
    rows = [["字" * length, str(n)] for n, length in enumerate(lengths)]
    table = Table([Column("甲", 3), Column("乙", 1)], rows)
    portions = list(press.pages(table, landscape))
    assert [row for portion in portions for row in portion["rows"]] == rows
    assert all(len(portion["rows"]) == len(portion["heights"]) for portion in portions)


def test_estimated_widths_are_never_below_the_type() -> None:
    font = TTFont(str(glyphs.FONTS / "ParkSans.otf"))
    shapes, advances = font.getBestCmap(), font["hmtx"]
    for letter, ems in press._EMS.items():
        assert advances[shapes[ord(letter)]][0] <= ems * 1000, letter
    for point in range(0x20, 0x7F):
        assert advances[shapes[point]][0] <= press._EMS.get(chr(point), 0.95) * 1000, chr(point)


def test_the_type_is_small_enough_and_its_list_is_fresh() -> None:
    fonts = list(glyphs.FONTS.glob("*.otf"))
    assert sum(path.stat().st_size for path in fonts) <= 12_000_000
    cmap = set(TTFont(str(glyphs.FONTS / "ParkSans.otf")).getBestCmap())
    assert glyphs.covered() - {ord("\n")} == cmap
    assert cmap >= {*range(0x4E00, 0x9FA6), *range(0x3400, 0x4DB6)}  # GB 18030 level 1 and Extension A
    assert {ord(c) for c in HARD} <= cmap
    big5 = bytes(range(0xA1, 0xFA))
    traditional = {
        c
        for a in big5
        for b in range(0x40, 0xFF)
        for c in bytes([a, b]).decode("big5", "ignore")
        if c >= "一"
    }
    assert {ord(c) for c in traditional if not 0xE000 <= ord(c) < 0xF900} <= cmap


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_statement_of_20_000_lines_is_set_in_time(app: Flask) -> None:
    heads = [
        ("序号", 9),
        ("单号", 36),
        ("时间", 26),
        ("类型", 13),
        ("事项", 50),
        ("变动", 14),
        ("冻结", 15),
        ("余额", 14),
        ("其中", 13),
    ]
    rows = [
        [
            str(n),
            f"TR-20260301-{n:06}",
            "2026-03-01 10:00",
            "入账",
            "发明专利",
            f"{n % 300:+}",
            "0",
            f"{n * 7:,}",
            "0",
        ]
        for n in range(20_000)
    ]
    paper = Paper("对账单", [Table([Column(head, width) for head, width in heads], rows)])
    (table,) = paper.blocks
    portions = press.pages(table, landscape=False)
    assert all(all(part["heights"]) for part in portions)  # none is set as cells: four times the work
    begin = time.process_time()
    with app.test_request_context():
        data = press.press(paper)
    assert time.process_time() - begin < LONGEST_CPU_SECONDS
    assert data.startswith(b"%PDF")
    assert len(data) < 8_000_000  # 6 million; 29 million where half of the rows were cells


LONGEST_CPU_SECONDS = 12  # of both processors together, on a machine that does other work too


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_footer_speaks_the_readers_language(app: Flask, language: str) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        words = words_of(press.press(Paper("x", [])))
    assert ("Page 1 of 1" if language == "en" else "第1页，共1页") in words.replace(
        " ", "" if language == "zh" else " "
    )
