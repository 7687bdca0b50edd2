"""Forms made of kinds of facts: one field each, held against its kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import Field, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import DateInput

from app.hall.text import language
from app.hall.web.money import as_typed, in_wan
from app.policy import words
from app.policy.facts.checks import Kind, against_value
from app.policy.facts.models import FactKind

NEEDED = _l("请填写此项。")


class FactForm(FlaskForm):
    """One field per kind, named `fact_<code>`; made by `fact_form`."""

    money: frozenset[str] = frozenset()

    def values(self) -> dict[str, str]:
        """What was typed, by code."""
        found: dict[str, str] = {}
        for field in self:
            if field.name.startswith("fact_"):
                text = (field.data or "").strip()
                found[field.name.removeprefix("fact_")] = in_wan(text) if field.name in self.money else text
        return found


class _Fits:
    """The value is one of its kind."""

    def __init__(self, kind: FactKind) -> None:
        self.kind = Kind(kind.code, kind.value_kind, kind.by_month, kind.source)
        self.money = words.is_money(kind)

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        text = (field.data or "").strip()
        wrong = against_value(self.kind, in_wan(text) if self.money else text)
        if wrong is not None:
            params = {**wrong.params, "name": field.label.text}
            raise ValidationError(language.message(wrong.code, params))


def fact_form(kinds: Iterable[FactKind], required: bool, given: Mapping[str, str] | None = None) -> Any:
    """A form class with one field per kind; `given` are the values shown at first."""
    fields: dict[str, Any] = {}
    for kind in kinds:
        first = InputRequired(NEEDED) if required else Optional()
        checks = [first, Length(max=200), _Fits(kind)]
        label = words.heading(words.kind_name(kind, kind.code))
        start = (given or {}).get(kind.code, "")
        start = as_typed(start) if start and words.is_money(kind) else start
        if kind.choices:
            english = language.lang() == "en"
            pairs = [("", "—"), *((one[0], one[2] if english else one[1]) for one in kind.choices)]
            offered = [SelectChoice(value, text) for value, text in pairs]
            fields[f"fact_{kind.code}"] = SelectField(label, checks, choices=offered, default=start)
        elif kind.value_kind == "day":
            fields[f"fact_{kind.code}"] = StringField(label, checks, widget=DateInput(), default=start)
        else:
            render = {"inputmode": "decimal"} if kind.value_kind == "number" else {}
            fields[f"fact_{kind.code}"] = StringField(label, checks, default=start, render_kw=render)
    fields["money"] = frozenset(f"fact_{kind.code}" for kind in kinds if words.is_money(kind))
    return type("KindsForm", (FactForm,), fields)


class SheetForm(FlaskForm):
    file = FileField(_l("表格文件（CSV 或 .xlsx）"), [FileRequired(_l("请选择文件。"))])
