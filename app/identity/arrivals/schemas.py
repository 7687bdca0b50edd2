"""What the forms and calls about arriving organisations take."""

from __future__ import annotations

from typing import Literal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import EmailInput, TelInput

from app.hall.api.fields import ApiModel, Day, PageQuery, PartQuery
from app.hall.text.language import lang
from app.hall.text.official_numbers import credit_code_faults
from app.identity.arrivals.rules import ADDED
from app.identity.arrivals.words import MESSAGES
from app.identity.organisations.gbt4754 import DIVISIONS, division_name
from app.identity.organisations.words import INDUSTRY_NAMES, KIND_NAMES, SIZE_NAMES
from app.identity.schemas import at_most, choices_of, email_like, needed

AddedKind = Literal["enterprise", "university", "institute", "association", "bank", "government", "provider"]


def kind_choices() -> list[SelectChoice]:
    return [SelectChoice(kind, KIND_NAMES[kind]) for kind in ADDED]


def division_choices() -> list[SelectChoice]:
    return [
        SelectChoice("", _l("请选择")),
        *(SelectChoice(code, f"{code} {division_name(code, lang())}") for code in DIVISIONS),
    ]


def sound_code(_form: FlaskForm, field: StringField) -> None:
    """The unified social credit code is looked at where it is typed, all reasons at once."""
    faults = credit_code_faults(field.data or "")
    if faults:
        raise ValidationError(" ".join(str(MESSAGES[one]) for one in faults))


class DescribedForm(FlaskForm):
    """What is said of an organisation, when it comes in and later."""

    kind = SelectField(_l("类型"), choices=kind_choices, validators=[needed])
    name_zh = StringField(_l("名称"), [needed, at_most(100)])
    name_en = StringField(_l("英文名称"), [at_most(100)])
    short_name = StringField(_l("简称"), [at_most(40)])
    credit_code = StringField(_l("统一社会信用代码"), [Optional(), at_most(60), sound_code])
    industry = SelectField(
        _l("所属行业"), choices=lambda: choices_of(INDUSTRY_NAMES, _l("请选择")), default=""
    )
    industry_code = SelectField(_l("国民经济行业（GB/T 4754）"), choices=division_choices, default="")
    size = SelectField(_l("企业规模"), choices=lambda: choices_of(SIZE_NAMES, _l("请选择")), default="")
    building = StringField(_l("楼栋"), [at_most(40)])
    room = StringField(_l("房间"), [at_most(40)])
    contact = StringField(_l("联系人"), [at_most(60)])
    contact_phone = StringField(_l("联系电话"), [at_most(30)], widget=TelInput())


class OrganisationForm(DescribedForm):
    registered_on = DateField(_l("注册日期"), [Optional()])
    code = StringField(_l("编号"), [at_most(20)])
    first_name = StringField(_l("首位管理员姓名"), [at_most(60)])
    first_email = StringField(
        _l("首位管理员邮箱"), [Optional(), at_most(120), email_like()], widget=EmailInput()
    )
    another = BooleanField(_l("已核对，确是另一家机构"))


class FirstPersonForm(FlaskForm):
    name = StringField(_l("姓名"), [needed, at_most(60)])
    email = StringField(_l("邮箱"), [Optional(), at_most(120), email_like()], widget=EmailInput())


class ApplicationForm(FlaskForm):
    number = StringField(_l("申请编号"), [needed, at_most(40)], render_kw={"autocomplete": "off"})


class FirstPersonBody(ApiModel):
    name: str = Field(min_length=1, max_length=60)
    email: str = Field("", max_length=120)


class OrganisationBody(ApiModel):
    kind: AddedKind = "enterprise"
    name_zh: str = Field(min_length=1, max_length=100)
    name_en: str = Field("", max_length=100)
    short_name: str = Field("", max_length=40)
    credit_code: str = Field("", max_length=60)
    industry: str = Field("", max_length=40)
    industry_code: str = Field("", pattern=r"^([0-9]{2})?$")
    size: Literal["", "micro", "small", "medium", "large"] = ""
    building: str = Field("", max_length=40)
    room: str = Field("", max_length=40)
    contact: str = Field("", max_length=60)
    contact_phone: str = Field("", max_length=30)
    contact_email: str = Field("", max_length=120)
    website: str = Field("", max_length=200)
    tax_title: str = Field("", max_length=100)
    registered_on: Day | None = None
    code: str = Field("", max_length=20)
    administrator: FirstPersonBody | None = None
    another: bool = False


class OrganisationQuery(PageQuery):
    q: str = Field("", max_length=100)
    kind: Literal[
        "", "enterprise", "university", "institute", "association", "bank", "government", "provider"
    ] = ""
    status: Literal["", "pending", "active", "leaving", "left", "joined", "rejected", "suspended"] = ""


class CandidateQuery(PartQuery):
    name: str = Field("", max_length=100)
    credit_code: str = Field("", max_length=60)


class CodePath(ApiModel):
    code: str = Field(min_length=1, max_length=20)
