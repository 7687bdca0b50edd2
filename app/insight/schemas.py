"""What the API takes: every field bounded, unknown ones refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from app.hall.api.fields import ApiModel, Day, PageQuery, PartQuery
from app.hall.files.cells import BadCell
from app.insight.reading import read_month, read_score

Id = Annotated[int, Field(ge=1, le=2**62)]
Code = Annotated[str, Field(min_length=1, max_length=40)]
Layer = Literal["", "all", "new", "large", "medium", "small_micro"]


def _written_month(value: object) -> int:
    """`YYYY-MM`; anything else is refused with words."""
    try:
        month = read_month(value) if isinstance(value, str) else -1
    except BadCell:
        month = -1
    if not 2000 * 12 <= month < 2200 * 12:
        raise PydanticCustomError("month", "a month as 2026-08 is expected")
    return month


def _written_score(value: object) -> str:
    """A number from 0 to 100, exactly as written."""
    text = str(value)
    try:
        if isinstance(value, bool) or read_score(text).denominator > 10**9:
            raise BadCell("insight_not_a_score")
    except BadCell:
        raise PydanticCustomError("score", "a number from 0 to 100 is expected") from None
    return text


Month = Annotated[int, BeforeValidator(_written_month, json_schema_input_type=str)]
Score = Annotated[str, BeforeValidator(_written_score, json_schema_input_type=float)]


class MonthQuery(PartQuery):
    month: Month | None = None
    compare: Month | None = None


class SeriesQuery(PartQuery):
    dimension: str = Field("", max_length=40)
    layer: Layer = ""
    from_month: Month | None = Field(None, alias="from")
    to_month: Month | None = Field(None, alias="to")


class AlertQuery(PageQuery):
    state: str = Field("", max_length=20)
    dimension: str = Field("", max_length=40)
    layer: Layer = ""
    kind: Literal["", "falls_twice", "leading"] = ""
    month: Month | None = None


class HeatQuery(PartQuery):
    by: Literal["layer", "firm"] = "layer"
    month: Month | None = None


class RowsQuery(PartQuery):
    figure: str = Field(min_length=1, max_length=120)


class AlertPath(ApiModel):
    alert_id: Id


class CounterBody(ApiModel):
    what: Annotated[str, Field(min_length=1, max_length=500)]
    owner: Annotated[str, Field(min_length=1, max_length=80)]
    starts_on: Day
    problem: Id | None = None


class EndBody(ApiModel):
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class ScoreBody(ApiModel):
    month: Month
    enterprise: Code
    dimension: Code
    score: Score
    version: str = Field("", max_length=64)
    key: str = Field("", max_length=100)

    @property
    def exact(self) -> Fraction:
        return read_score(self.score)


class ScoresBody(ApiModel):
    """Scores of interviews and paper, at most a thousand a call."""

    scores: list[ScoreBody] = Field(min_length=1, max_length=1000)


class WeightBody(ApiModel):
    dimension: Code
    weight_permille: Annotated[int, Field(ge=0, le=1000)]
    target: Score
    red_below: Score


class WeightsBody(ApiModel):
    weights: list[WeightBody] = Field(min_length=1, max_length=100)
    note: str = Field("", max_length=500)


class CodebookBody(ApiModel):
    text: Annotated[str, Field(min_length=1, max_length=200_000)]


class VersionPath(ApiModel):
    version_id: Id


class QuarterQuery(PartQuery):
    quarter: str = Field("", max_length=10)


class ForecastQuery(PartQuery):
    dimension: str = Field("", max_length=40)
    figure: str = Field("", max_length=40)
