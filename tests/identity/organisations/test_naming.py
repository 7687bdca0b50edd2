"""How well names are told to mean one firm: two hundred labelled pairs, precision and recall printed."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

from app.identity.organisations.naming import Known, find_same, grade

FILE = Path(__file__).resolve().parents[2] / "data" / "firm_names.csv"
PAIRS = list(csv.DictReader(FILE.read_text("utf-8").splitlines()))
SURE = ("same", "likely")


def measured(wanted: tuple[str, ...]) -> tuple[float, float]:
    """Precision and recall of "it is one of these grades" over the labelled pairs."""
    found = [(grade(row["one"], row["other"]) in wanted, row["label"] in wanted) for row in PAIRS]
    right = sum(said and is_so for said, is_so in found)
    return right / sum(said for said, _so in found), right / sum(is_so for _said, is_so in found)


def test_two_hundred_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(PAIRS) == 200
    assert len({(row["one"], row["other"]) for row in PAIRS}) == 200
    sure, look = measured(SURE), measured((*SURE, "similar"))
    with capsys.disabled():
        sys.stdout.write(f"\none firm (same, likely): precision {sure[0]:.3f}, recall {sure[1]:.3f}\n")
        sys.stdout.write(f"worth a look (and similar): precision {look[0]:.3f}, recall {look[1]:.3f}\n")
    assert sure[0] >= 0.98
    assert sure[1] >= 0.98
    assert look[0] >= 0.95
    assert look[1] >= 0.95


def test_the_grade_does_not_depend_on_the_order() -> None:
    assert [row for row in PAIRS if grade(row["one"], row["other"]) != grade(row["other"], row["one"])] == []


def test_a_credit_code_says_more_than_a_name() -> None:
    firm = Known(1, ("苏州江澜电芯有限公司",), "91350100M000100Y43")
    assert [how for how, _firm in find_same(["江澜电芯"], "91440300708461136T", [firm])] == ["similar"]
    assert [how for how, _firm in find_same(["白鹭"], "91350100M000100Y43", [firm])] == ["same"]
    assert find_same(["白鹭"], "", [firm]) == []
