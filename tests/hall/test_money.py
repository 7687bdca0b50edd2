"""Amounts of 万元: told and typed in millions of yuan by who reads English, and an address means the same to both."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from app.hall.text.language import add_messages, message
from app.hall.web.money import as_typed, in_wan


@pytest.mark.parametrize(
    ("lang", "sent", "typed", "wan"), [("en", "money=million", "12.5", "1250"), ("zh", "", "1250", "1250")]
)
def test_what_is_typed_is_the_same_amount(app: Flask, lang: str, sent: str, typed: str, wan: str) -> None:
    with app.test_request_context(f"/?{sent}", headers={"Accept-Language": lang}):
        assert in_wan(typed) == wan
        assert as_typed(float(wan)) == typed
        assert in_wan("about") == "about"


def test_a_sentence_kept_long_ago_is_told_in_the_readers_unit(app: Flask) -> None:
    add_messages({"test_gap": "gap %(shortfall_wan)s"})
    with app.test_request_context("/"):
        with force_locale("zh"):
            assert message("test_gap", {"shortfall_wan": "13,240"}) == "gap 13,240"
        with force_locale("en"):
            assert message("test_gap", {"shortfall_wan": "13,240"}) == "gap 132.40"
            assert message("test_gap", {"shortfall_wan": 13240.0}) == "gap 132.40"
