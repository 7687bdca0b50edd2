"""What pages and files show, as the walks expect it: figures half up, and whom a page names."""

from __future__ import annotations

import re
from fractions import Fraction
from math import floor


def half_up(value: Fraction | int, digits: int = 1) -> float:
    """As figures are shown: half up, below zero away from it."""
    size = Fraction(floor(abs(value) * 10**digits + Fraction(1, 2)), 10**digits)
    return float(size if value >= 0 else -size)


def names(page: str, code: str) -> bool:
    """Whether a firm's code stands there; the letters of a nonce, drawn by lot, are no code."""
    return re.search(rf"(?<![A-Za-z0-9_-]){code}(?![A-Za-z0-9_-])", page) is not None
