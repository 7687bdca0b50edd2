"""Opens a figure by its name: the rows this reader may see, which add up to what is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import sqlalchemy as sa
from flask_babel import gettext as _

from app.hall.db.base import db
from app.hall.errors import NotAllowed, NotFound
from app.hall.text import language
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.insight.figures import grounds, others
from app.insight.figures.rules import MEAN, SUM, Figure, Name, Row, UnknownFigure, pooled, read_name
from app.insight.forecast import grounds as forecasts
from app.insight.reading import month_text
from app.insight.scores import queries
from app.insight.scores.models import ALL, LAYERS, ScoreRow
from app.insight.scores.queries import Board, board
from app.insight.themes import queries as themes
from app.insight.words import LAYER_NAMES, SOURCE_NAMES


def open_figure(actor: Actor, text: str) -> Figure:
    """The figure of this name with its rows."""
    try:
        name = read_name(text)
    except UnknownFigure:
        raise NotFound("insight_figure_not_found") from None
    if not actor.may(roles.SEES_FIGURES_OF_GROUPS) and name.kind not in ("firm", "mean"):
        raise NotAllowed("insight_figures_not_yours")
    return OPEN[name.kind](actor, text, name)


def sees_firms(actor: Actor) -> bool:
    return actor.may(roles.SEES_ONE_FIRMS_SCORES)


def dimension_name(found: Board, code: str) -> str:
    for one in found.names:
        if one.code == code:
            return one.name_en if language.lang() == "en" else one.name_zh
    raise NotFound("insight_figure_not_found")


def _score(actor: Actor, text: str, name: Name) -> Figure:
    (code, layer), (month,) = name.words, name.months
    layer = ALL if layer == "all" else layer
    if layer not in (ALL, *LAYERS):
        raise NotFound("insight_figure_not_found")
    found = board(month, month)
    who = str(LAYER_NAMES[layer or "all"])
    title = _(
        "%(dimension)s · %(layer)s · %(month)s",
        dimension=dimension_name(found, code),
        layer=who,
        month=month_text(month),
    )
    hidden = found.reason(code, layer, month)
    if sees_firms(actor):
        rows = _firm_rows(code, month, layer)
    elif hidden:
        rows = []
    else:
        rows = _group_rows(found, code, month, layer)
    return Figure(
        text, MEAN, rows, _("分"), 1, title, hidden, {"dimension": code, "month": month_text(month)}
    )


def _mean(_actor: Actor, text: str, name: Name) -> Figure:
    """A dimension's mean over all firms as a firm may see it beside its own: all of them as one row."""
    (code,), (month,) = name.words, name.months
    found = board(month, month)
    title = _(
        "%(dimension)s · 园区平均 · %(month)s", dimension=dimension_name(found, code), month=month_text(month)
    )
    hidden, part = found.reason(code, ALL, month), found.of(code).at(month)
    rows = [] if hidden else [Row(str(LAYER_NAMES["all"]), part.mean * part.n, "", "", part.n)]
    return Figure(text, MEAN, rows, _("分"), 1, title, hidden)


def _firm_rows(code: str, month: int, layer: str) -> list[Row]:
    scores = queries.firm_scores(code, month, layer)
    firms = identity.organisations_by_id(scores)
    rows = [
        Row(
            firms[who].name,
            score,
            str(LAYER_NAMES[its_layer]),
            f"/insight/rows?figure=firm:{firms[who].code}:{code}:{month_text(month)}",
            1,
            firms[who].code,
            its_layer,
        )
        for who, (score, its_layer) in scores.items()
    ]
    return sorted(rows, key=lambda row: (row.amount, row.enterprise))


def _group_rows(found: Board, code: str, month: int, layer: str) -> list[Row]:
    counts = []
    for one in (layer,) if layer else LAYERS:
        part = found.of(code, one).at(month)
        counts.append((one, part.n, part.mean * part.n if part.n else Fraction(0)))
    hidden = frozenset[str]() if layer else found.hidden(code, month)
    return [
        Row(str(LAYER_NAMES[group or "others"]), total, _("%(n)s 家合计", n=n), "", n, "", group or "others")
        for group, n, total in pooled(counts, hidden)
    ]


def _firm(actor: Actor, text: str, name: Name) -> Figure:
    """One firm's score of one dimension and month: the answers it is the mean of."""
    (code, dimension), (month,) = name.words, name.months
    firm = identity.find_organisation(code)
    own = firm is not None and firm.id == actor.organisation_id and actor.may(roles.SEES_OWN_SCORES)
    if firm is None or not (own or sees_firms(actor)):
        raise NotFound("insight_figure_not_found")
    found = board(month, month)
    version = found.of(dimension).at(month).version or ""
    query = sa.select(ScoreRow).where(
        ScoreRow.organisation_id == firm.id,
        ScoreRow.dimension == dimension,
        ScoreRow.month == month,
        ScoreRow.version.in_(("", version)),
    )
    rows = [
        Row(
            str(SOURCE_NAMES[one.source]),
            Fraction(one.numerator, one.denominator),
            one.happened_on.isoformat(),
            others.url_of_score(actor, own, one.source, one.key),
        )
        for one in db.session.scalars(query.order_by(ScoreRow.happened_on, ScoreRow.id))
    ]
    title = _(
        "%(firm)s · %(dimension)s · %(month)s",
        firm=firm.name,
        dimension=dimension_name(found, dimension),
        month=month_text(month),
    )
    return Figure(text, MEAN, rows, _("分"), 1, title)


def _index(_actor: Actor, text: str, name: Name) -> Figure:
    """The index as the weighted mean of the dimensions that are available: weights count as how many."""
    (month,) = name.months
    found = board(month, month)
    scores = found.scores(month)
    rows = [
        Row(
            dimension_name(found, one.code),
            scores[one.code] * one.weight,
            _("权重 %(weight)s‰ × %(score)s", weight=one.weight, score=f"{float(scores[one.code]):.1f}"),
            f"/insight/rows?figure=score:{one.code}:all:{month_text(month)}",
            one.weight,
        )
        for one in found.dimensions
        if one.code in scores and one.weight
    ]
    title = _("企业满意指数 · %(month)s", month=month_text(month))
    return Figure(text, MEAN, rows, "", 2, title, None if rows else "missing")


def _contributions(_actor: Actor, text: str, name: Name) -> Figure:
    month, before = name.months
    found = board(min(month, before), max(month, before))
    parts = found.index(month, before).contributions
    rows = [
        Row(
            dimension_name(found, code),
            points,
            _("%(before)s → %(after)s", before=_shown(found, code, before), after=_shown(found, code, month)),
            f"/insight/rows?figure=score:{code}:all:{month_text(month)}",
        )
        for code, points in sorted((parts or {}).items(), key=lambda one: -one[1])
    ]
    title = _("指数变化 · %(before)s → %(month)s", before=month_text(before), month=month_text(month))
    return Figure(text, SUM, rows, "", 2, title, None if parts is not None else "not_comparable")


def _shown(found: Board, code: str, month: int) -> str:
    score = found.shown(code, ALL, month)
    return "—" if score is None else f"{float(score):.1f}"


def _theme(actor: Actor, text: str, name: Name) -> Figure:
    """Firms that named a theme, of those that named any in its dimension."""
    (dimension, theme), (month,) = name.words, name.months
    found = board(month, month)
    named = themes.mentions_of([dimension], month, month).get((dimension, month), {})
    firms = sorted(int(one) for one in named.get(theme, ()))
    of = len(set().union(*named.values())) if named else 0
    title = _(
        "%(dimension)s · “%(theme)s” · %(month)s",
        dimension=dimension_name(found, dimension),
        theme=themes.theme_name(theme),
        month=month_text(month),
    )
    facts: dict[str, object] = {"firms": len(firms), "of": of}
    if sees_firms(actor) and actor.may(roles.READS_SENTENCES):
        who = identity.organisations_by_id(firms)
        rows = [Row(who[one].name, Fraction(1), "", "", 1, who[one].code) for one in firms]
    else:
        rows = [Row(_("提到的企业"), Fraction(len(firms)), _("%(of)s 家中", of=of), "", 1)] if firms else []
    return Figure(text, SUM, rows, _("家"), 0, title, None, facts)


OPEN: Mapping[str, Callable[[Actor, str, Name], Figure]] = {
    "score": _score,
    "firm": _firm,
    "mean": _mean,
    "index": _index,
    "contributions": _contributions,
    "theme": _theme,
    **others.OPEN,
    **grounds.OPEN,
    **forecasts.OPEN,
}
