"""The exact test of an outside cause against the contract, SciPy and all outcomes counted one by one."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction
from pathlib import Path

import pytest
from scipy.stats import binom

from app.ecosystem.initiatives.rules import outside_cause_p

EXPECTED = json.loads(
    (Path(__file__).resolve().parents[2] / "data" / "wider" / "expected.json").read_text("utf-8")
)


def test_one_in_six_then_nine_in_three() -> None:
    p = outside_cause_p(1, 6, 9, 3)
    assert p is not None
    assert round(float(p) * 100, 2) == EXPECTED["before and after"]


@pytest.mark.parametrize(("k0", "e0", "k1", "e1"), [(2, 5, 1, 3), (0, 1, 3, 2), (3, 2, 0, 4), (1, 1, 1, 1)])
def test_every_outcome_counted(k0: int, e0: int, k1: int, e1: int) -> None:
    """Each complaint falls on one of the firm-months: how many of all ways have k1 or more after."""
    months = [0] * e0 + [1] * e1
    ways = list(itertools.product(months, repeat=k0 + k1))
    assert outside_cause_p(k0, e0, k1, e1) == Fraction(sum(sum(way) >= k1 for way in ways), len(ways))


def test_as_scipy_has_it() -> None:
    p = outside_cause_p(12, 480, 31, 520)
    assert p is not None
    assert float(p) == pytest.approx(binom.sf(30, 43, 520 / 1000), rel=1e-9)


def test_bounds() -> None:
    assert outside_cause_p(4, 6, 0, 3) == 1
    assert outside_cause_p(0, 6, 0, 3) == 1
    assert outside_cause_p(0, 6, 2, 0) == 0  # complaints where no firm was: impossible by chance
    assert outside_cause_p(0, 0, 0, 0) is None
    with pytest.raises(ValueError, match="zero or more"):
        outside_cause_p(-1, 6, 2, 3)
