"""Reasons and problems as sentences: segment codes become names, numbers get their separators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.hall.errors import Reason
from app.hall.text.language import lang, message
from app.hall.text.units import wan_figure


def number(value: float) -> str:
    """A figure as people write it: thousands separated, at most two decimals, tiny ones in full.

    >>> number(13240.0), number(0.5), number(2390.5), number(1e-7)
    ('13,240', '0.5', '2,390.5', '1e-07')
    """
    if value and abs(value) < 0.01:
        return f"{value:.3g}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def money(value: float) -> str:
    """An amount of 万元 as the reader counts: English has no 万, the catalogue says millions of yuan there."""
    return wan_figure(value, lang())


def in_unit(value: float | None) -> float | None:
    """The same as a number for a workbook: 万元, or millions of yuan in English."""
    return value / 100 if value is not None and lang() == "en" else value


def filled(params: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Parameters ready for a sentence: ratios in percent, amounts separated, segments by name."""
    shown: dict[str, Any] = {}
    for key, value in params.items():
        if key == "segment":
            shown[key] = names.get(value, value)
        elif key.endswith("_ratio") and value is not None:
            shown[key] = f"{value * 100:.1f} %"
        elif key == "coefficient":
            shown[key] = f"{value:g}"
        elif isinstance(value, float) and not key.endswith("_wan"):  # those are told in the reader's unit
            shown[key] = number(value)
        else:
            shown[key] = value
    return shown


def sentences(reasons: Iterable[Reason], names: Mapping[str, str]) -> list[str]:
    """Reasons in the reader's language."""
    return [message(reason.code, filled(reason.params, names)) for reason in reasons]
