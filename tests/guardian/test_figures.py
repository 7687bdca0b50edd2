"""What stands in figures, on every page and in every workbook that the links lead to: one unit, numbers, days."""

from __future__ import annotations

import io
import re

from openpyxl import load_workbook

from tests.factories import Park
from tests.guardian.pages import walk

NUMBER = re.compile(r"[−+-]?¥?\d[\d,]*(\.\d+)?( ?%)?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2})?([+-]\d{2}:\d{2})?)?")
HIDDEN = re.compile(r"<(script|template|textarea)\b.*?</\1>", re.S)
WRONG_UNIT = re.compile(r"10k|10,000 yuan|CNY 10|[\d ）)]万元|亿元")
# What people of the demo wrote in their own language stays as they wrote it.
WRITTEN = ("皓沙与屿光各 4,000 万元",)


def test_every_page_in_english_counts_in_millions_and_every_workbook_in_numbers(busy_park: Park) -> None:
    seen = walk(busy_park.browse("park", "en"), per_shape=1, limit=200)
    assert len(seen.pages) > 120
    wrong = []
    for path, html in seen.pages.items():
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", HIDDEN.sub(" ", html)))
        for words in WRITTEN:
            text = text.replace(words, "")
        wrong += [
            f"{path}: {found[0]}" for found in re.finditer(r".{0,40}(?:" + WRONG_UNIT.pattern + ")", text)
        ]
    assert wrong == []
    books = {path: answer.data for path, answer in seen.other.items() if "spreadsheetml" in answer.mimetype}
    assert books
    assert [line for path, data in books.items() for line in _texts_that_are_figures(path, data)] == []


def _texts_that_are_figures(path: str, data: bytes) -> list[str]:
    return [
        f"{path} {sheet.title}!{cell.coordinate}: {cell.value}"
        for sheet in load_workbook(io.BytesIO(data))
        for row in sheet.iter_rows(min_row=2)
        for cell in row
        if isinstance(cell.value, str)
        and (NUMBER.fullmatch(cell.value.strip()) or DAY.fullmatch(cell.value.strip()))
    ]


def test_every_list_leaves_as_a_file_with_every_row_its_filters_leave(busy_park: Park) -> None:
    client = busy_park.browse("park", "en")
    checked = 0
    for path, html in walk(client, per_shape=1, limit=70).pages.items():
        pager = re.search(r'class="pl-pager">\s*<span>([\d,]+)', html)
        link = re.search(r'href="([^"]*export=xlsx[^"]*)"', html)
        if pager is None or path.startswith(
            ("/identity/notifications", "/identity/audit", "/credits/rewards")
        ):
            continue  # what the member was told, what the download itself adds to, pictures of rewards
        assert link is not None, path
        answer = client.get(link[1].replace("&amp;", "&"))
        assert "spreadsheetml" in answer.mimetype, path
        sheet = load_workbook(io.BytesIO(answer.data)).active
        assert sheet is not None and sheet.max_row - 1 == int(pager[1].replace(",", "")), path
        checked += 1
    assert checked > 8
