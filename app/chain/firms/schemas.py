"""What a firm types about its own position."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Correction:
    """The fields as typed: output and capacity in 10,000 yuan a year, products and a note in words."""

    output: str
    capacity: str
    products: str
    note: str
