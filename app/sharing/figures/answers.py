"""Utilisation as plain values for the API."""

from __future__ import annotations

from app.sharing.figures import shapes
from app.sharing.figures.service import Use


def use_out(use: Use) -> shapes.UseFigures:
    return {
        "bookable_hours": round(use.bookable / 60, 4),
        "own_hours": round(use.own / 60, 4),
        "shared_hours": round(use.shared / 60, 4),
        "ratio": None if use.ratio is None else round(use.ratio, 6),
        "own_ratio": None if use.own_ratio is None else round(use.own_ratio, 6),
        "points": None if use.points is None else round(use.points, 4),
        "relative": None if use.relative is None else round(use.relative, 6),
        "income_fen": use.income_fen,
    }
