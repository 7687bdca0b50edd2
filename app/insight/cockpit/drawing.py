"""What the cockpit draws: the waterfall of the index, lines of dimensions with the months of the rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from statistics import median
from typing import Protocol

from flask import g
from flask_babel import gettext as _
from markupsafe import Markup

from app.hall.text import language, units
from app.hall.web.charts import Bar, Point, bars, line, waterfall
from app.insight.alerts.queries import Shown
from app.insight.cockpit.service import YEAR, Cockpit
from app.insight.forecast.service import KNOWN_AS_THEY_ARE
from app.insight.reading import month_text
from app.insight.scores.queries import Board
from app.insight.scores.rules import rounded
from app.insight.start.service import Trends
from app.insight.themes import coding
from app.insight.themes import queries as themes
from app.insight.words import FIGURES, LAYER_NAMES

ROWS = "/insight/rows?figure="


def name_of(found: Board, code: str) -> str:
    """What a dimension is called in the reader's language."""
    row = next(one for one in found.names if one.code == code)
    return row.name_en if language.lang() == "en" else row.name_zh


def names_of(found: Board, codes: Sequence[str]) -> str:
    """Several of them in one sentence."""
    return _("、").join(name_of(found, code) for code in codes)


def index_chart(seen: Cockpit) -> Markup | None:
    """The index before, what each dimension added, the index now; nothing where they cannot be compared."""
    parts, before, now = seen.index.contributions, seen.index_before.index, seen.index.index
    if parts is None or before is None or now is None:
        return None
    when = seen.period
    steps = [
        Bar(name_of(seen.board, code), float(points), f"{ROWS}score:{code}:all:{when.text}")
        for code, points in sorted(parts.items(), key=lambda one: -one[1])
    ]
    targets = [one.target for one in seen.board.dimensions]
    says = _("指数从 %(before)s 到 %(now)s", before=f"{float(before):.2f}", now=f"{float(now):.2f}")
    return Markup(
        waterfall(
            Bar(when.before_text, float(before), f"{ROWS}index:{when.before_text}"),
            steps,
            Bar(when.text, float(now), f"{ROWS}index:{when.text}"),
            float(sum(targets) / len(targets)),
            says,
            _("纵轴自 {0} 起"),
        )
    )


def series_chart(
    found: Board, dimension: str, layer: str, last: int, alert: Shown | None = None, back: int = 8
) -> Markup:
    """A series of some months; of an alert the two months that fell are shaded and its measure is marked."""
    opened = alert.alert.opened_month if alert else None
    first = min(last - back + 1, (opened or last) - 2)
    points = []
    for month in range(first, last + 1):
        score = found.shown(dimension, layer, month)
        url = f"{ROWS}score:{dimension}:{layer or 'all'}:{month_text(month)}"
        shaded = opened is not None and month in (opened, opened - 1)
        points.append(Point(month_text(month)[2:], None if score is None else float(score), url, shaded))
    mark = None
    if alert and alert.measures and first <= alert.measures[0].row.shows_from <= last:
        measure = alert.measures[0].row
        mark = (measure.shows_from - first, measure.what[:12])
    who = str(LAYER_NAMES[layer or "all"])
    says = _("%(dimension)s · %(layer)s 的月度得分", dimension=name_of(found, dimension), layer=who)
    target = float(found.dimension(dimension).target)
    return Markup(line(points, target, says, mark, 420 if back <= 10 else 600))


def told(value: Fraction | int, digits: int, scale: int = 1) -> str:
    """A figure as its rows page writes it: rounded half up from the exact value, never from a float."""
    return units.number(float(rounded(Fraction(value, scale), digits)), digits)


class Monthly(Protocol):
    """What holds sums of months up to one: the cockpit, the trends of the start page."""

    @property
    def until(self) -> int: ...

    @property
    def monthly(self) -> Mapping[str, Mapping[int, int]]: ...


def month_bars(seen: Monthly, figure: str, style: str = "in-end", high: int = 72) -> Markup:
    """Twelve months of another room's figure; a month whose state was not kept has no bar."""
    last = seen.until
    amounts = seen.monthly.get(figure, {})
    scale = FIGURES[figure].scale
    values = [
        Point(
            f"{month_text(month)}: {amounts.get(month, 0) / scale:g}",
            amounts.get(month, 0) / scale,
            f"{ROWS}month:{figure}:{month_text(month)}:{month_text(month)}",
        )
        if month in amounts or figure not in KNOWN_AS_THEY_ARE
        else Point(month_text(month), None)
        for month in range(last - YEAR + 1, last + 1)
    ]
    return Markup(bars(values, str(FIGURES[figure].title), style, high))


def month_told(seen: Monthly, figure: str, month: int) -> str:
    """The figure of one month as its bar shows it; empty for a month whose state was not kept."""
    amounts = seen.monthly.get(figure, {})
    if month not in amounts and figure in KNOWN_AS_THEY_ARE:
        return ""
    return told(amounts.get(month, 0), FIGURES[figure].digits, FIGURES[figure].scale)


def index_line(seen: Trends) -> Markup:
    """Twelve months of the index; a month with a dimension missing is a hole."""
    points = [Point(month[2:], value, f"{ROWS}index:{month}") for month, value in seen.index]
    targets = [one.target for one in seen.board.dimensions]
    return Markup(line(points, float(sum(targets) / len(targets)), _("企业满意指数"), digits=2))


def theme_title(code: str) -> str:
    """What a theme is called in the reader's language; the codebook is read once a page."""
    if "insight_themes" not in g:
        g.insight_themes = themes.names_of_themes()
    return str(g.insight_themes.get(code, code))


def theme_name(code: str) -> str:
    """The same, with a mark where two coders did not see the same sentences under it."""
    if "insight_doubtful" not in g:
        g.insight_doubtful = coding.doubtful_themes()
    kappa = g.insight_doubtful.get(code)
    name = theme_title(code)
    return (
        name
        if kappa is None
        else _("%(name)s（κ %(kappa)s，一致性低）", name=name, kappa=f"{float(kappa):.2f}")
    )


def middle(values: Sequence[int]) -> str:
    """The median as people read it."""
    return f"{median(values):.1f}"
