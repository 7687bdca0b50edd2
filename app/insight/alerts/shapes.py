"""What the rules say of a series or theme in a month, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict


class Paired(TypedDict):
    """Firms that answered both times."""

    n: int
    mean_change: float
    same_direction: bool


class AlertTheme(TypedDict):
    theme: str
    firms: int
    of: int


class AlertWords(TypedDict, total=False):
    """Of a series its sizes and themes, of a theme ahead of it its scores and shares; hidden sizes are null."""

    dimension: str
    layer: str | None
    month: str
    reasons: list[str]
    level: float | None
    points: float | None
    relative_percent: float | None
    last_points: float | None
    last_relative_percent: float | None
    paired: Paired | None
    themes: list[AlertTheme]
    theme: str
    score_before: float | None
    score: float | None
    share_before: list[int] | None
    share: list[int]
    share_before_month: str | None
    suppressed: bool


class AlertSaid(AlertWords, total=False):
    state: str
    weak: bool | None


class AlertRow(AlertSaid):
    kind: str
