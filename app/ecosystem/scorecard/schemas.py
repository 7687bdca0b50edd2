"""What is asked of the scorecard."""

from __future__ import annotations

from pydantic import Field

from app.hall.api.fields import PartQuery


class ScorecardQuery(PartQuery):
    months: int = Field(6, ge=1, le=24)
