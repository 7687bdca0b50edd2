"""Characters nobody means to send never get past the door: forms, addresses, the API, sheets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hall.text.normalise import clean, comparable, writable
from tests.factories import Park

NEVER = [chr(c) for c in (*range(1, 9), 11, 12, *range(14, 32), *range(127, 160))]
NEVER += [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c", "\ud800", "\udfff"]


@pytest.mark.parametrize("character", NEVER, ids=lambda c: f"U+{ord(c):04X}")
def test_none_of_them_stays(character: str) -> None:
    assert clean(f"园{character}链") == "园链"


@given(st.text())
def test_cleaning_is_done_once_and_keeps_the_rest(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert set(once) & set(NEVER) == set()
    assert [c for c in once if c.isalnum()] == [c for c in text if c.isalnum()]
    assert "\0" not in writable(text)


def test_lines_end_in_one_way_and_tabs_stay() -> None:
    assert clean("一\r\n二\r三\t四\n") == "一\n二\n三\t四\n"


def test_what_looks_alike_compares_alike() -> None:
    assert comparable("Ｑ\u200bＱ：１２３") == comparable("qq:123")


def test_a_form_and_a_call_store_clean_text(park: Park) -> None:
    park.firm("E1")
    page = park.browse("e1")
    assert page.get("/identity/search", query_string={"q": "a\x0bb"}).status_code == 200
    answer = park.api("e1").post(
        "/ecosystem/needs", {"title": "需要\x0b显微镜\u202e一台", "description": "每周\x1f两天\r\n上午"}
    )
    assert answer.status_code == 201, answer.text
    kept = answer.get_json()
    assert (kept["title"], kept["description"]) == ("需要显微镜一台", "每周两天\n上午")
