"""What the calls and forms about claims take."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from pydantic import Field
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.credits.schemas import IdPath
from app.hall.api.fields import ApiModel, Day, PageQuery


class EvidenceBody(ApiModel):
    kind: str = Field(min_length=1, max_length=40, pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$")
    value: str = Field(min_length=1, max_length=200)


class ClaimBody(ApiModel):
    rule: str = Field(min_length=1, max_length=60)
    occurred_on: Day
    evidence: list[EvidenceBody] = Field(default_factory=list, max_length=20)
    note: str = Field("", max_length=2000)


class ClaimQuery(PageQuery):
    state: str = Field("", max_length=20)


class FilePath(IdPath):
    file: int = Field(ge=1, le=2**62)


class NameQuery(ApiModel):
    name: str = Field("evidence", max_length=200)


class ClaimForm(FlaskForm):
    """One number that proves the deed, and scans beside it."""

    occurred_on = DateField(_l("发生日期"), [InputRequired(_l("请填写日期。"))])
    number = StringField(_l("证明编号"), [InputRequired(_l("请填写证明编号。")), Length(max=200)])
    url = StringField(_l("公开网址（选填）"), [Optional(), Length(max=200)])
    note = TextAreaField(_l("情况说明（选填）"), [Length(max=2000)])
    files = MultipleFileField(_l("扫描件（PDF、PNG、JPG，每个不超过 8 MB）"))
