"""A text that begins like a formula stays a text in every sheet the park writes: one rule, in the hall."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hall.files.cells import FORMULA_SIGNS, guarded, read_text

APP = Path(__file__).resolve().parents[2] / "app"


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_every_sign_is_guarded(sign: str) -> None:
    assert guarded(f"{sign}HYPERLINK(1)") == f"'{sign}HYPERLINK(1)".replace("\r", "\n")


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="'"), max_size=20))
def test_what_was_written_is_read_again(text: str) -> None:
    assert read_text(guarded(text), 64) == text


def test_no_writer_has_a_rule_of_its_own() -> None:
    own = re.compile(r"""["']=\+-?@|\("=", "\+",""")
    found = [str(path) for path in APP.rglob("*.py") if own.search(path.read_text("utf-8"))]
    assert found == [str(APP / "hall" / "files" / "cells.py")]
