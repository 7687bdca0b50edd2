"""Themes: the longest of the earliest, places in the text as written, forbidden shapes, new words, two coders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.insight.themes.codebook import read_codebook
from app.insight.themes.patterns import BadPattern, read_pattern
from app.insight.themes.rules import Theme, kappa, likelihood_ratio, marks, new_words

WIDER = Path(__file__).parents[2] / "data" / "wider"


def places(text: str, *patterns: str, forbids: tuple[str, ...] = ()) -> list[tuple[int, int, str, str]]:
    theme = Theme("t", "d", tuple(map(read_pattern, patterns)), tuple(map(read_pattern, forbids)))
    return [(one.start, one.end, one.matched, one.pattern) for one in marks(text, [theme])]


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("提交融资需求后，一个月都没回音", ["no_reply"]),
        ("银行利率不高，办得也快", []),
        ("食堂菜太咸；另外招不到高端人才", ["senior_hard", "canteen"]),
        ("本月没有反馈问题", []),
    ],
)
def test_codebook_of_the_contract(text: str, themes: list[str]) -> None:
    book = read_codebook(WIDER / "codebook.yaml")
    assert (book.problems, book.version) == ((), 2)
    assert [one.theme for one in marks(text, book.themes)] == themes


def test_the_first_start_then_the_longest_then_the_earlier_pattern() -> None:
    assert places("xabcx", "bc", "ab", "abc") == [(1, 4, "abc", "abc")]
    assert places("abc", "(a|ab)c?") == [(0, 3, "abc", "(a|ab)c?")]
    assert places("ab", "a(b)?", "ab") == [(0, 2, "ab", "a(b)?")]
    assert places("ababa", "aba") == [(0, 3, "aba", "aba")]


def test_a_forbidden_pattern_anywhere_silences_the_theme() -> None:
    assert places("利率高。前面说的利率不高", "利率高", forbids=("利率不高",)) == []


def test_places_count_the_text_as_written() -> None:
    assert places("重３㎏了", "3kg") == [(1, 3, "３㎏", "3kg")]
    assert places("㎏㎏", "k") == [(0, 1, "㎏", "k"), (1, 2, "㎏", "k")]
    assert places("ＡＢ（食堂）", "食堂") == [(3, 5, "食堂", "食堂")]
    assert places("e\u0301x", "é") == [(0, 2, "e\u0301", "é")]


def test_a_long_text_is_cut_at_a_sentence() -> None:
    text = "好。" * 990 + "长" * 30 + "食堂。"
    assert places(text, "食堂") == []
    assert places("好。" * 990 + "食堂。", "食堂") == [(1980, 1982, "食堂", "食堂")]


@pytest.mark.parametrize(
    "pattern",
    [
        "a*",
        "a+",
        "(a+)+",
        "a{2,}",
        ".{0,11}a",
        ".{0,}a",
        "(?<=a)b",
        r"(a)\1",
        "[ab]",
        "^a",
        "a$",
        "((a))",
        "(a|)",
        "a??",
        "",
        "a" * 201,
        "a?",
        "(a",
        ".{0,3}",
        "甲" + ".{0,9}乙" * 8,
    ],
)
def test_shapes_that_are_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        read_pattern(pattern)


pieces = st.sampled_from(["a", "b", "ab", "(a|ab)", "(b)?", "c?", ".{0,2}", ".", "(ab|b)?"])


patterns = st.lists(pieces, min_size=1, max_size=4).map("".join)
patterns = st.one_of(patterns, st.tuples(patterns, patterns).map("|".join))


def readable(pattern: str) -> bool:
    try:
        read_pattern(pattern)
    except BadPattern:
        return False
    return True


def by_definition(text: str, book: Sequence[tuple[list[str], list[str]]]) -> list[tuple[str, int, int, str]]:
    """Contract 4.7, word by word: every span of the text is held against every pattern of every theme."""
    found = []
    for place, (any_of, none_of) in enumerate(book):
        if any(re.search(one, text) for one in none_of):
            continue
        here = 0
        while True:
            spans = [
                (start, -end, n)
                for n, one in enumerate(any_of)
                for start in range(here, len(text))
                for end in range(start + 1, len(text) + 1)
                if re.compile(one).fullmatch(text, start, end)
            ]
            if not spans:
                break
            start, end, n = min(spans)  # the first start, then the longest, then the earlier pattern
            found.append((f"t{place}", start, -end, any_of[n]))
            here = -end
    return found


wanted = st.lists(patterns.filter(readable), min_size=1, max_size=3)
forbidden = st.sampled_from([[], [], ["abc"], ["b.a", "cc"]])


@given(st.lists(st.tuples(wanted, forbidden), min_size=1, max_size=3), st.text("aaabbbcc\n", max_size=9))
@settings(max_examples=400)
@example([(["a|ab"], [])], "ab")
@example([(["a.{0,2}(bca)?"], [])], "abcac")
@example([(["(ab|a)(bc)?", "(b)?ab"], [])], "abcbab")
def test_marks_by_definition(book: list[tuple[list[str], list[str]]], text: str) -> None:
    themes = [
        Theme(f"t{n}", "d", tuple(map(read_pattern, any_of)), tuple(map(read_pattern, none_of)))
        for n, (any_of, none_of) in enumerate(book)
    ]
    assert [(one.theme, one.start, one.end, one.pattern) for one in marks(text, themes)] == by_definition(
        text, book
    )


def test_new_words() -> None:
    now = [["回音", "回音"]] * 9 + [["食堂"]] * 31
    before = [["回音"]] + [["食堂"]] * 59
    found = new_words(now, before)
    assert [(w.word, w.k1, w.n1, w.k0, w.n0, round(w.g2, 2)) for w in found] == [
        ("回音", 9, 40, 1, 60, 12.19)
    ]
    assert round(likelihood_ratio(7, 20, 5, 25), 2) == 1.27
    assert new_words([["新"]] * 2, [["旧"]] * 500) == []
    assert new_words([["新"]] * 5, []) == []


def test_two_coders() -> None:
    assert kappa([[22, 3], [5, 20]]) == Fraction(68, 100)
    assert kappa([[10, 0], [0, 0]]) is None
    assert kappa([[0, 5], [5, 0]]) == -1
