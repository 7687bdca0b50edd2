"""What calls and forms of several features take."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field, model_validator
from wtforms import TextAreaField
from wtforms.validators import Length

from app.hall.api.fields import ApiModel


class IdPath(ApiModel):
    id: int = Field(ge=1, le=2**62)


class OptionalBody(ApiModel):
    """A decision may come without a body."""

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_empty(cls, data: Any) -> Any:
        return {} if data is None else data


class ReasonBody(OptionalBody):
    reason: str = Field("", max_length=1000)


class ReasonForm(FlaskForm):
    reason = TextAreaField(_l("理由"), [Length(max=1000)])
