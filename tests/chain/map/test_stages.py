"""The columns of the map are called as the file calls them."""

from __future__ import annotations

from pathlib import Path

from tests.chain.folders import write
from tests.chain.test_pages import text_of
from tests.chain.test_room import bring_in
from tests.factories import Park


def test_stage_1_in_the_file_is_stage_1_on_the_map(park: Park, tmp_path: Path) -> None:
    park.staff()
    segments = [("ore", "矿", "Ore", 1), ("wire", "线", "Wire", 2)]
    rows = [("E1", "甲", "ore", 5, "yes"), ("E2", "乙", "wire", 7, "yes")]
    bring_in(park, write(tmp_path / "p", segments=segments, inputs=[("ore", "wire", 0.5)], positions=rows))
    page = text_of(park, "/chain/")
    assert "第 1 级" in page
    assert "第 2 级" in page
    assert "第 3 级" not in page


def test_stages_that_nobody_gave_count_from_one(park: Park, tmp_path: Path) -> None:
    park.staff()
    segments = [("ore", "矿", "Ore", ""), ("wire", "线", "Wire", "")]
    rows = [("E1", "甲", "ore", 5, "yes"), ("E2", "乙", "wire", 7, "yes")]
    bring_in(park, write(tmp_path / "p", segments=segments, inputs=[("ore", "wire", 0.5)], positions=rows))
    page = text_of(park, "/chain/")
    assert "第 1 级" in page
    assert "第 0 级" not in page
