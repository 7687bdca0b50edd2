"""The shape of what a closed survey says, as it is kept with the version and as the API answers it."""

from __future__ import annotations

from typing_extensions import TypedDict


class LayerRow(TypedDict):
    layer: str
    n: int | None
    mean: float | None


class DimensionRow(TypedDict):
    dimension: str
    n: int
    plain: float | None
    weighted: float | None
    covered_percent: float | None
    satisfied: dict[str, object] | None
    layers: list[LayerRow]
    questions: list[str]
    content: list[str]


class QuestionRow(TypedDict):
    id: str
    sha256: str
    kind: str
    text: str
    text_en: str
    unit: str
    dimension: str
    n: int
    mean: float | None
    median: float | None
    score: float | None
    counts: list[tuple[str, int]]
    sentences: list[str]


class RateRow(TypedDict):
    channel: str
    layer: str
    answered: int
    invited: int
    percent: float


class Results(TypedDict):
    """What a closed survey says, as it is kept and as the API answers it."""

    n: int
    sheets: int
    invited: int
    reason: str | None
    dimensions: list[DimensionRow]
    questions: list[QuestionRow]
    rates: list[RateRow]
