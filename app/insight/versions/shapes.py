"""What the calls of versions answer, field by field."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict


class Codebook(TypedDict):
    id: int
    version: int
    state: str


class DimensionWeight(TypedDict):
    dimension: str
    weight_permille: int
    target: float
    red_below: float


class WeightsVersion(TypedDict):
    id: int
    state: str
    note: str
    weights: list[DimensionWeight]


class Backtest(TypedDict):
    hits: int
    false_alarms: int
    missed: int
    quiet: int


class Foreseen(TypedDict):
    """The month to come; `insufficient` where fewer than twelve months in a row are known."""

    figure: str | None
    month: str
    state: Literal["ok", "insufficient"]
    needs: NotRequired[int]
    months: NotRequired[int]
    method: NotRequired[str]
    mae: NotRequired[dict[str, float]]
    forecast: NotRequired[float]
    low: NotRequired[float]
    high: NotRequired[float]
    below_target_percent: NotRequired[float]
    level: NotRequired[float]
    worse: NotRequired[Literal["above", "below"]]
    worse_percent: NotRequired[float]
    warning: NotRequired[bool]
    rows_url: NotRequired[str]
    backtest: NotRequired[Backtest]


class Forecast(Foreseen):
    dimension: str | None
