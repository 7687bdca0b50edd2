"""What several features take in the same form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field, StringConstraints
from wtforms import DateTimeLocalField, FileField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.ecosystem.shapes import Named
from app.hall.api.fields import ApiModel
from app.identity.door import OrganisationInfo

Tag = Annotated[str, StringConstraints(min_length=1, max_length=30)]


class IdPath(ApiModel):
    id: int = Field(ge=1, le=2**62)


def named(info: OrganisationInfo | None) -> Named | None:
    return {"code": info.code, "name": info.name} if info else None


Code = Annotated[str, Field(min_length=1, max_length=20)]


def choices(pairs: Iterable[tuple[object, object]]) -> list[SelectChoice]:
    """Return (value, label) pairs as the options of a select."""
    return [SelectChoice(value, label) for value, label in pairs]


REQUIRED = InputRequired(_l("请填写此项。"))


class AppointmentForm(FlaskForm):
    """A meeting of both sides."""

    starts_at = DateTimeLocalField(_l("开始"), [REQUIRED])
    ends_at = DateTimeLocalField(_l("结束"), [REQUIRED])
    place = StringField(_l("地点"), [Optional(), Length(max=200)])


class FileForm(FlaskForm):
    """A file for the other side."""

    file = FileField(_l("文件（不超过 5 MB）"), [REQUIRED])
