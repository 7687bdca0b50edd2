"""What the ledger's calls and forms take."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Regexp

from app.hall.api.fields import ApiModel, Day, PageQuery


class AccountQuery(ApiModel):
    enterprise: str = Field(
        "", max_length=40, description="Another firm's code: auditors and the park's staff only"
    )


class EntryQuery(PageQuery):
    enterprise: str = Field("", max_length=40)
    kind: str = Field("", pattern="^(|earned|used|held)$")
    q: str = Field("", max_length=100)
    since: Day | None = None
    until: Day | None = None


class StatementQuery(ApiModel):
    enterprise: str = Field("", max_length=40)
    kind: str = Field("", pattern="^(|earned|used|held)$")
    q: str = Field("", max_length=100)
    since: Day | None = None
    until: Day | None = None


class MonthBody(ApiModel):
    month: str = Field(pattern=r"^\d{4}-\d{2}$")
    reason: str = Field("", max_length=300)


class MonthForm(FlaskForm):
    month = StringField(_l("月份"), [InputRequired(_l("请填写月份。")), Regexp(r"^\d{4}-\d{2}$")])
    reason = StringField(_l("说明（选填）"), [Length(max=300)])
