"""Unified social credit codes (GB 32100-2015) and patent numbers: known codes fit, one wrong digit never does."""

from __future__ import annotations

import pytest

from app.hall.text.official_numbers import credit_code, credit_code_faults, patent_number_fits

REAL = ("91440300708461136T", "914403001922038216", "91110000802100433B", "91330100799655058B")


@pytest.mark.parametrize("code", REAL)
def test_published_codes_fit_and_any_one_wrong_character_is_found(code: str) -> None:
    assert credit_code_faults(code) == ()
    for at in range(18):
        other = "1" if code[at] != "1" else "2"
        assert credit_code_faults(code[:at] + other + code[at + 1 :]) != (), at


@pytest.mark.parametrize(
    "written", ["９１４４０３００７０８４６１１３６Ｔ", " 9144 0300-7084 61136t ", "91440300\u200b708461136T"]
)
def test_width_blanks_and_invisible_characters_do_not_matter(written: str) -> None:
    assert credit_code(written) == REAL[0]
    assert credit_code_faults(written) == ()


def test_what_is_wrong_is_said() -> None:
    assert credit_code_faults("") == ("credit_code_length",)
    assert credit_code_faults("9144030070846I136T") == ("credit_code_letters",)
    assert credit_code_faults("91990300708461136T") == ("credit_code_area", "credit_code_check")


def test_the_check_letter_of_a_patent_number() -> None:
    assert patent_number_fits("ZL 2026 1 0123456.X") is True  # 142 = 12 · 11 + 10
    assert patent_number_fits("ZL 2026 1 0123456.7") is False
    assert patent_number_fits("US 7,123,456") is None
