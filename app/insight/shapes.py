"""What the calls of insight answer, field by field."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText
from app.insight.alerts.shapes import AlertSaid, AlertWords


class Countermeasure(TypedDict):
    id: int
    what: str
    owner: str
    starts_on: DayText
    shows_from: str
    problem: int | None
    before: float | None
    after: float | None
    change: float | None


class Alert(AlertWords):
    id: int
    kind: str
    opened: str
    last_month: str
    state: str
    seen: str
    weak: bool
    latest: AlertSaid
    countermeasures: list[Countermeasure]
    rows_url: str


class HeatCell(TypedDict):
    dimension: str
    layer: str | None
    n: int
    score: float | None
    reason: str | None
    change: float | None
    tone: str
    rows_url: str


class HeatRow(TypedDict):
    dimension: str
    cells: list[HeatCell]


class HeatByLayer(TypedDict):
    items: list[HeatRow]
    total: int
    month: str
    by: Literal["layer"]


class FirmCell(TypedDict):
    dimension: str
    score: float | None
    mean: float | None
    tone: str
    rows_url: str


class FirmRow(TypedDict):
    enterprise: str
    name: str
    layer: str | None
    cells: list[FirmCell]


class HeatByFirm(TypedDict):
    items: list[FirmRow]
    total: int
    month: str
    by: Literal["firm"]


class MixChange(TypedDict):
    """A change, as far as scores moved within layers and as far as the mix of layers did."""

    change: float
    within: float
    mix: float


class IndexMonth(TypedDict):
    month: str
    index: float | None
    coverage: float
    partial: bool
    missing: list[str]
    contributions: dict[str, float] | None
    change: float | None
    compared_with: str
    mix: dict[str, MixChange]
    rows_url: str
    contributions_url: str


class IndexList(IndexMonth):
    items: list[IndexMonth]
    total: int


class ScoresKept(TypedDict):
    kept: int


class FigureFacts(TypedDict, total=False):
    """What a score is of; of a theme, how many firms named it, of how many; of a forecast, its method and range."""

    dimension: str
    month: str
    firms: int
    of: int
    method: str
    low: float
    high: float


class Figure(FigureFacts):
    figure: str
    title: str
    unit: str
    kind: str
    value: float | None
    hidden: str | None
    n: int
    sum: float
    mean: float | None
    median: float | None


class FigureRow(TypedDict):
    label: str
    detail: str
    amount: float
    score: float | None
    n: int
    enterprise: str | None
    layer: str | None
    url: str | None


class FigureRows(Figure):
    items: list[FigureRow]
    total: int


class SeriesMonth(TypedDict):
    month: str
    n: int
    score: float | None
    reason: str | None
    version: str | None
    rows_url: str


class ScoreSeries(TypedDict):
    dimension: str
    layer: str | None
    months: list[SeriesMonth]


class SeriesList(TypedDict):
    """Every series; asked for one dimension, the first of its series stands beside the list."""

    items: list[ScoreSeries]
    total: int
    dimension: NotRequired[str]
    layer: NotRequired[str | None]
    months: NotRequired[list[SeriesMonth]]
