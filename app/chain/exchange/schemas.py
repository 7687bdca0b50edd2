"""What the API asks of an export."""

from __future__ import annotations

from typing import Literal

from app.hall.api.fields import ApiModel


class FormatPath(ApiModel):
    format: Literal["csv", "xlsx", "graphml", "json"]
