"""What a prospect is prepared for: the segment it would add most to, and the lines of its industry pack."""

from __future__ import annotations

from app.ecosystem.packs.rules import (
    BASIC,
    RECRUITING,
    Line,
    main_segment,
    read_lines,
    read_words,
    write_lines,
)


def test_the_main_segment_adds_most_and_ties_go_by_code() -> None:
    assert main_segment([("anode", 300.0), ("cathode", 4000.0), ("cell", 4000.0)]) == "cell"
    assert main_segment([]) == ""


def test_words_are_parted_by_any_comma_and_stand_once() -> None:
    assert read_words("细胞，冷链、 细胞\n, 培养；") == ("细胞", "冷链", "培养")


def test_every_wrong_line_is_named_and_the_right_ones_are_kept() -> None:
    text = "环评 | EIA | 90\n\n | nothing in Chinese\n消防 | Fire | soon\n验收||731\n报到"
    lines, wrong = read_lines(BASIC, text)
    assert lines == [Line(BASIC, "环评", "EIA", 90), Line(BASIC, "报到")]
    assert [(one.code, one.params["line"]) for one in wrong] == [
        ("pack_line_wrong", 3),
        ("pack_line_days", 4),
        ("pack_line_days", 5),
    ]


def test_lines_are_read_as_they_were_written() -> None:
    lines = [Line(BASIC, "环评", "EIA", 0), Line(BASIC, "装修"), Line(BASIC, "投产", "", 180)]
    assert read_lines(BASIC, write_lines(BASIC, [*lines, Line(RECRUITING, "校招")])) == (lines, [])
