"""The API of insight: every figure with the address of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from statistics import median
from typing import cast

from app.hall.api.blueprint import listed, listed_part, part_of
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.errors import NotFound
from app.hall.web.guards import current_actor, only
from app.identity.door import roles
from app.insight import schemas, shapes
from app.insight.alerts import queries as alert_queries
from app.insight.alerts import service as alerts
from app.insight.alerts import shapes as alerts_shapes
from app.insight.figures.rules import Figure
from app.insight.figures.service import open_figure
from app.insight.heat import service as heat
from app.insight.imports.service import import_scores
from app.insight.pages import api
from app.insight.reading import month_text
from app.insight.scores import queries
from app.insight.scores.models import ALL, LAYERS
from app.insight.scores.queries import Board, Cell
from app.insight.scores.rules import rounded
from app.insight.scores.store import finished

ROWS = "/api/v1/insight/rows?figure="


def plain(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


@api.get("/index")
@only(roles.SEES_FIGURES_OF_GROUPS)
def index(query: schemas.MonthQuery) -> shapes.IndexList:
    """The index of a month (by default the last that is over) with what moved it; `items` every month."""
    wanted = finished() if query.month is None else query.month
    reach = queries.span() or (wanted, wanted)
    before = query.compare if query.compare is not None else wanted - 1
    first, last = min(reach[0], wanted, before), max(reach[1], wanted, before)
    found = queries.board(first, last)
    items: list[shapes.IndexMonth] = [
        _index(found, month, month - 1) for month in range(reach[0], reach[1] + 1)
    ]
    return {**_index(found, wanted, before), **listed_part(items, query)}


def _index(found: Board, month: int, before: int) -> shapes.IndexMonth:
    one = found.index(month, before)
    parts = one.contributions
    mixes = {code: found.mix(code, month, before) for code in (d.code for d in found.dimensions)}
    return {
        "month": month_text(month),
        "index": plain(one.index),
        "coverage": float(one.coverage),
        "partial": one.coverage != 1,
        "missing": list(one.missing),
        "contributions": None if parts is None else {code: float(points) for code, points in parts.items()},
        "change": None if parts is None else float(sum(parts.values(), Fraction(0))),
        "compared_with": month_text(before),
        "mix": {
            code: {"change": float(sum(some)), "within": float(some[0]), "mix": float(some[1])}
            for code, some in mixes.items()
            if some is not None
        },
        "rows_url": f"{ROWS}index:{month_text(month)}",
        "contributions_url": f"{ROWS}contributions:{month_text(month)}:{month_text(before)}",
    }


@api.get("/series")
@only(roles.SEES_FIGURES_OF_GROUPS)
def series(query: schemas.SeriesQuery) -> shapes.SeriesList:
    """Monthly series: of one dimension and layer, or of all."""
    reach = queries.span() or (finished(), finished())
    first = query.from_month if query.from_month is not None else reach[0]
    last = query.to_month if query.to_month is not None else reach[1]
    found = queries.board(first, max(first, min(last, first + 600)))
    codes = [one.code for one in found.dimensions]
    if query.dimension and query.dimension not in codes:
        raise NotFound("insight_unknown_dimension", value=query.dimension)
    months = range(first, found.last + 1)
    layers: Sequence[str] = (ALL, *LAYERS)
    if query.layer:
        layers = (ALL if query.layer == "all" else query.layer,)
    elif query.dimension:
        layers = (ALL,)
    items: list[shapes.ScoreSeries] = [
        _series(found, code, layer, months)
        for code in ([query.dimension] if query.dimension else codes)
        for layer in layers
        if (code, layer) in found.series or query.dimension
    ]
    listed_series: shapes.SeriesList = {**listed_part(items, query)}
    if query.dimension:
        listed_series.update(items[0])
    return listed_series


def _series(found: Board, code: str, layer: str, months: range) -> shapes.ScoreSeries:
    return {
        "dimension": code,
        "layer": layer or None,
        "months": [
            {
                "month": month_text(cell.month),
                "n": cell.n,
                "score": plain(cell.score),
                "reason": cell.reason,
                "version": found.of(code, layer).at(cell.month).version or None,
                "rows_url": ROWS + cell.figure,
            }
            for cell in (found.cell(code, layer, month) for month in months)
        ],
    }


@api.get("/alerts")
@only(roles.SEES_FIGURES_OF_GROUPS)
def list_alerts(query: schemas.AlertQuery) -> Listed[alerts_shapes.AlertRow] | Listed[shapes.Alert]:
    """Alerts with how sure they are and what was done; with `month` what the rules say of every series of it."""
    layer = None if not query.layer else (ALL if query.layer == "all" else query.layer)
    wanted = alert_queries.Wanted(query.state, query.dimension, layer, query.kind)
    if query.month is not None:
        rows: list[alerts_shapes.AlertRow] = alert_queries.month_rows(query.month, wanted)
        return listed(part_of(rows, query), len(rows))
    found, total = alert_queries.list_alerts(wanted, query.limit, query.offset)
    return listed([_alert(one) for one in found], total)


def _alert(one: alert_queries.Shown) -> shapes.Alert:
    row = one.alert
    figure = f"score:{row.dimension}:{row.layer or 'all'}:{month_text(row.last_month)}"
    return {
        **one.opened,
        "id": row.id,
        "kind": row.kind,
        "opened": month_text(row.opened_month),
        "last_month": month_text(row.last_month),
        "state": row.state,
        "seen": row.seen,
        "weak": row.weak,
        "latest": one.latest,
        "countermeasures": [
            {
                "id": measure.row.id,
                "what": measure.row.what,
                "owner": measure.owner,
                "starts_on": measure.row.starts_on.isoformat(),
                "shows_from": month_text(measure.row.shows_from),
                "problem": measure.row.problem_id,
                "before": plain(measure.effect.before),
                "after": plain(measure.effect.after),
                "change": plain(measure.effect.change),
            }
            for measure in one.measures
        ],
        "rows_url": ROWS + figure,
    }


@api.get("/alerts/<int:alert_id>")
@only(roles.SEES_FIGURES_OF_GROUPS)
def show_alert(path: schemas.AlertPath) -> shapes.Alert:
    """One alert."""
    return _alert(alert_queries.get_shown(path.alert_id))


@api.post("/alerts/<int:alert_id>/acknowledge")
@only(roles.ANSWERS_ALERTS)
@idempotent
def acknowledge(path: schemas.AlertPath) -> shapes.Alert:
    """Somebody has seen it."""
    alerts.acknowledge(current_actor(), path.alert_id)
    return _alert(alert_queries.get_shown(path.alert_id))


@api.post("/alerts/<int:alert_id>/counter")
@only(roles.ANSWERS_ALERTS)
@idempotent
def counter(path: schemas.AlertPath, body: schemas.CounterBody) -> tuple[shapes.Alert, int]:
    """What is done about it, who carries it, from when."""
    wanted = alerts.Counter(body.what, body.owner, body.starts_on, body.problem)
    alerts.counter(current_actor(), path.alert_id, wanted)
    return _alert(alert_queries.get_shown(path.alert_id)), 201


@api.post("/alerts/<int:alert_id>/end")
@only(roles.ANSWERS_ALERTS)
@idempotent
def end(path: schemas.AlertPath, body: schemas.EndBody) -> shapes.Alert:
    """A level that will not come back: ended with a reason."""
    alerts.end(current_actor(), path.alert_id, body.reason)
    return _alert(alert_queries.get_shown(path.alert_id))


@api.get("/heat")
@only(roles.OPENS_INSIGHT)
def heat_map(query: schemas.HeatQuery) -> shapes.HeatByLayer | shapes.HeatByFirm:
    """Dimension by layer, or by firm for whom single firms may be seen; a firm sees its own beside the mean."""
    month = finished() if query.month is None else query.month
    if query.by == "firm":
        rows = heat.by_firm(current_actor(), month)
        firms: list[shapes.FirmRow] = [
            {
                "enterprise": one.code,
                "name": one.name,
                "layer": one.layer,
                "cells": [_firm_cell(cell, one.code, month) for cell in one.cells],
            }
            for one in rows
        ]
        return {"month": month_text(month), "by": "firm", **listed_part(firms, query)}
    found = heat.by_layer(current_actor(), month)
    items: list[shapes.HeatRow] = [
        {"dimension": code, "cells": [_cell(cell) for cell in cells]} for code, cells in found.items()
    ]
    return {"month": month_text(month), "by": "layer", **listed_part(items, query)}


def _cell(cell: Cell) -> shapes.HeatCell:
    return {
        "dimension": cell.dimension,
        "layer": cell.layer,
        "n": cell.n,
        "score": plain(cell.score),
        "reason": cell.reason,
        "change": plain(cell.change),
        "tone": cell.tone,
        "rows_url": ROWS + cell.figure,
    }


def _firm_cell(cell: heat.FirmCell, code: str, month: int) -> shapes.FirmCell:
    return {
        "dimension": cell.dimension,
        "score": plain(cell.score),
        "mean": plain(cell.mean),
        "tone": cell.tone,
        "rows_url": f"{ROWS}firm:{code}:{cell.dimension}:{month_text(month)}",
    }


@api.get("/rows")
@only(roles.OPENS_INSIGHT)
def rows(query: schemas.RowsQuery) -> shapes.FigureRows:
    """The rows of a figure: their sum, mean or median is the figure."""
    found = open_figure(current_actor(), query.figure)
    return {**_figure(found), **listed_part([_row(found, n) for n in range(len(found.rows))], query)}


def _figure(found: Figure) -> shapes.Figure:
    exact = found.exact
    amounts = [row.amount for row in found.rows]
    return {
        **cast("shapes.FigureFacts", found.facts),
        "figure": found.name,
        "title": found.title,
        "unit": found.unit,
        "kind": found.kind,
        "value": None if exact is None else float(rounded(exact, found.digits)),
        "hidden": found.hidden,
        "n": found.n,
        "sum": float(found.total),
        "mean": float(found.total / found.n) if found.n else None,
        "median": float(median(amounts)) if amounts else None,
    }


def _row(found: Figure, place: int) -> shapes.FigureRow:
    row = found.rows[place]
    mean = row.amount / row.n if row.n else row.amount
    return {
        "label": row.label,
        "detail": row.detail,
        "amount": float(row.amount),
        "score": float(mean) if found.kind == "mean" else None,
        "n": row.n,
        "enterprise": row.enterprise or None,
        "layer": row.layer or None,
        "url": row.url or None,
    }


@api.post("/scores")
@only(roles.KEEPS_SCORES)
@idempotent
def post_scores(body: schemas.ScoresBody) -> tuple[shapes.ScoresKept, int]:
    """Scores that came on paper or in an interview; the same firm, month, dimension and key again replaces."""
    count = import_scores(
        current_actor(),
        [(one.month, one.enterprise, one.dimension, one.exact, one.version, one.key) for one in body.scores],
    )
    return {"kept": count}, 201
