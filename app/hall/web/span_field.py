"""A form field for a length of time: typed and shown as people say it, held in minutes."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import StringField, ValidationError

from app.hall.text import language
from app.hall.text.spans import HOUR, read_minutes, span_text


class SpanField(StringField):
    """Minutes as data, `1.5 小时` or `1.5 hours` on the page; a number alone counts in hours, or in `bare` minutes."""

    def __init__(
        self,
        label: object = None,
        *,
        low: int = 0,
        high: int,
        bare: int = HOUR,
        needed: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, **kwargs)
        self.low, self.high, self.bare, self.needed = low, high, bare, needed
        self.typed: str | None = None
        if needed:
            self.flags.required = True

    def process_formdata(self, valuelist: list[object]) -> None:
        if not valuelist:
            return
        self.typed = str(valuelist[0]).strip()
        self.data = read_minutes(self.typed, self.bare) if self.typed else None
        if self.typed and self.data is None:
            raise ValueError(_("请写成“30 分钟”“1.5 小时”或“2 天”的形式。"))

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else span_text(self.data, language.lang())

    def pre_validate(self, _form: object) -> None:
        if self.data is None:
            if self.needed and not self.process_errors:
                raise ValidationError(_("请填写。"))
            return
        if not self.low <= self.data <= self.high:
            lang = language.lang()
            low, high = span_text(self.low, lang), span_text(self.high, lang)
            raise ValidationError(_("应在 %(low)s 与 %(high)s 之间。", low=low, high=high))
