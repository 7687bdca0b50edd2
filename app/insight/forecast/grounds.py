"""Figures of forecasts: the parts that add up to the next month, and the months in which the warning was right or wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from flask_babel import gettext as _

from app.hall.errors import NotFound
from app.hall.text import language, units
from app.identity.door import Actor
from app.insight.figures.rules import MEAN, SUM, Figure, Name, Row
from app.insight.forecast.rules import WINDOW, Forecast, parts_of
from app.insight.forecast.service import (
    FAR,
    FAR_MONTHLY,
    MONTHLY,
    Foreseen,
    monthly_sums,
    of_dimension,
    of_figure,
)
from app.insight.reading import month_text
from app.insight.scores.queries import board
from app.insight.words import FIGURES, OUTCOMES

ROWS = "/insight/rows?figure="


def _read(name: Name) -> tuple[Foreseen, str, str, int]:
    """What is foreseen, what it is called, its unit, and how many digits it is told with."""
    what, (last,) = name.words[0], name.months
    if what in MONTHLY:
        figure = FIGURES[what]
        sums = monthly_sums(last - FAR_MONTHLY + 1, last)
        return of_figure(sums, what, last), str(figure.title), str(figure.unit), figure.digits
    found = board(last - FAR + 1, last)
    for one in found.names:
        if one.code == what:
            title = one.name_en if language.lang() == "en" else one.name_zh
            return of_dimension(found, what, last), title, _("分"), 1
    raise NotFound("insight_figure_not_found")


def forecast(_actor: Actor, text: str, name: Name) -> Figure:
    """What is expected of the next month: the parts of the method that missed least so far."""
    one, what, unit, digits = _read(name)
    title = _("%(what)s · %(month)s 预测", what=what, month=month_text(one.last + 1))
    if one.found is None:
        return Figure(text, SUM, [], unit, digits, title, "insufficient")
    facts: dict[str, object] = {
        "method": one.found.method,
        "low": float(one.found.low),
        "high": float(one.found.high),
    }
    return Figure(text, SUM, _parts(one, one.found), unit, digits, title, None, facts)


def _parts(one: Foreseen, found: Forecast) -> list[Row]:
    amounts = parts_of(found.method, one.values)
    if found.method == "theil_sen":
        n = min(WINDOW, len(one.values))
        step = units.signed(float(amounts[1] / n), 2)
        rows = [
            Row(_("趋势线在 %(month)s 的高度", month=month_text(one.last - n + 1)), amounts[0]),
            Row(_("到下月的变化"), amounts[1], _("%(n)s 个月，每月 %(step)s", n=n, step=step)),
        ]
    elif found.method == "drift":
        spread = f"{month_text(one.first)} – {month_text(one.last)}"
        rows = [_month_row(one, 0, amounts[0]), Row(_("每月平均变化"), amounts[1], spread)]
    else:
        many = len(amounts)
        rows = [
            _month_row(one, many - 1 - place, amount, f"÷ {many}" if many > 1 else "")
            for place, amount in enumerate(amounts)
        ]
    bound = found.forecast - sum(amounts, Fraction(0))
    return [*rows, Row(_("不超出可能的范围"), bound)] if bound else rows


def _month_row(one: Foreseen, back: int, amount: Fraction, detail: str = "") -> Row:
    return Row(month_text(one.last - back), amount, detail, _opens(one, one.last - back))


def _opens(one: Foreseen, month: int) -> str:
    of = month_text(month)
    return f"{ROWS}score:{one.what}:all:{of}" if one.dimension else f"{ROWS}month:{one.what}:{of}:{of}"


def record(_actor: Actor, text: str, name: Name) -> Figure:
    """The past months in which the early warning hit, warned in vain, missed, or was rightly quiet."""
    outcome = name.words[1]
    if outcome not in OUTCOMES:
        raise NotFound("insight_figure_not_found")
    one, what, _unit, digits = _read(name)
    title = f"{what} · {OUTCOMES[outcome]}"
    if one.found is None:
        return Figure(text, SUM, [], _("个月"), 0, title, "insufficient")
    rows = [
        Row(
            month_text(one.first + tried.place),
            Fraction(1),
            _(
                "预测 %(expected)s，界限 %(level)s，实际 %(value)s",
                expected=units.number(float(tried.expected), digits),
                level=units.number(float(tried.level), digits),
                value=units.number(float(one.values[tried.place]), digits),
            ),
            _opens(one, one.first + tried.place),
        )
        for tried in one.found.tried
        if tried.outcome == outcome
    ]
    return Figure(text, SUM, rows, _("个月"), 0, title)


def level(_actor: Actor, text: str, name: Name) -> Figure:
    """What the next month is held against: the target in force, or the months whose mean it is."""
    one, what, unit, digits = _read(name)
    title = _("%(what)s · 界限", what=what)
    if one.aim.target is not None:
        return Figure(text, SUM, [Row(_("生效中的目标"), one.aim.target)], unit, digits, title)
    near = one.values[-WINDOW:]
    rows = [_month_row(one, len(near) - 1 - place, value) for place, value in enumerate(near)]
    return Figure(text, MEAN, rows, unit, digits, title, None if one.found else "insufficient")


OPEN: Mapping[str, Callable[[Actor, str, Name], Figure]] = {
    "forecast": forecast,
    "record": record,
    "level": level,
}
