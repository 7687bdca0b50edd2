"""The whole answer of `flask insight assess`: contract-wider 1 and 4.1–4.6, from the facts of a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from app.insight.alerts.rules import Alert, Leading, alerts_of, leading_of, mentions_by_month
from app.insight.reading import Folder, month_text
from app.insight.scores.rules import Scores, Series, index_of, layers_of, outliers, series_of, within_and_mix

Answer = dict[str, object]


def assess(folder: Folder, month: int | None) -> dict[str, list[Answer]]:
    """Series, alerts, leading warnings, index, mix and outliers; of one month only where `month` is given."""
    series = series_of(folder.responses, folder.dimensions)
    whole = {one.dimension: one for one in series if one.layer is None}
    mentions = mentions_by_month(folder.mentions)

    def wanted(m: int) -> bool:
        return month is None or m == month

    return {
        "series": [_series(one, month) for one in series],
        "alerts": [
            alert_answer(row) for one in series for row in alerts_of(one, mentions) if wanted(row.month)
        ],
        "leading": [
            leading_answer(row)
            for dimension in folder.dimensions
            if dimension.code in whole
            for row in leading_of(whole[dimension.code], dimension, mentions)
            if wanted(row.month)
        ],
        "index": [row for m, row in _index(folder, whole) if wanted(m)],
        "mix": [row for m, row in _mix(folder, whole) if wanted(m)],
        "outliers": [
            {"month": month_text(m), "dimension": code, "below": float(below)}
            for m, scores in _scores(whole).items()
            if wanted(m)
            for code, below in outliers(scores)
        ],
    }


def _plain(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _series(series: Series, month: int | None) -> Answer:
    months = [
        {"month": month_text(m), "n": one.n, "score": _plain(one.shown), "reason": one.reason}
        for m, one in enumerate(series.months, start=series.first)
        if month is None or m == month
    ]
    return {"dimension": series.dimension, "layer": series.layer, "months": months}


def alert_answer(row: Alert) -> Answer:
    """One month of one series as the command and the calls write it."""
    paired = row.paired and {
        "n": row.paired.n,
        "mean_change": float(row.paired.mean_change),
        "same_direction": row.paired.same_direction,
    }
    return {
        "dimension": row.dimension,
        "layer": row.layer,
        "month": month_text(row.month),
        "state": row.state,
        "reasons": [f"{month_text(m)}:{why}" for m, why in row.reasons],
        "level": _plain(row.level),
        "points": _plain(row.points),
        "relative_percent": _plain(row.relative_percent),
        "last_points": _plain(row.last_points),
        "last_relative_percent": _plain(row.last_relative_percent),
        "paired": paired,
        "weak": row.weak,
        "themes": [{"theme": theme, "firms": firms, "of": of} for theme, firms, of in row.themes],
    }


def leading_answer(row: Leading) -> Answer:
    """One month of one theme ahead of its dimension."""
    return {
        "dimension": row.dimension,
        "theme": row.theme,
        "month": month_text(row.month),
        "state": row.state,
        "score_before": _plain(row.score_before),
        "score": _plain(row.score),
        "share_before": None if row.share_before is None else list(row.share_before),
        "share": list(row.share),
        "share_before_month": None if row.month_before is None else month_text(row.month_before),
    }


def _scores(whole: Mapping[str, Series]) -> dict[int, Scores]:
    """Month to the shown scores of the dimensions that are available then."""
    found: dict[int, Scores] = {}
    for code, series in whole.items():
        for m, one in enumerate(series.months, start=series.first):
            scores = found.setdefault(m, {})
            if one.shown is not None:
                scores[code] = one.shown
    return dict(sorted(found.items()))


def _index(folder: Folder, whole: Mapping[str, Series]) -> Sequence[tuple[int, Answer]]:
    scores = _scores(whole)
    weighed = [whole[d.code] for d in folder.dimensions if d.weight]
    same = [m for m in scores if all(one.not_comparable(m - 1, one.at(m).version) is None for one in weighed)]
    return [
        (
            row.month,
            {
                "month": month_text(row.month),
                "index": _plain(row.index),
                "coverage": float(row.coverage),
                "missing": list(row.missing),
                "contributions": row.contributions
                and {code: float(points) for code, points in row.contributions.items()},
            },
        )
        for row in index_of(scores, folder.dimensions, same)
    ]


def _mix(folder: Folder, whole: Mapping[str, Series]) -> Sequence[tuple[int, Answer]]:
    layers = layers_of(folder.responses)
    found = []
    for code, series in whole.items():
        for m in range(series.first + 1, series.first + len(series.months)):
            now, before = series.at(m), series.at(m - 1)
            if now.reason or series.not_comparable(m - 1, now.version):
                continue
            groups = []
            for place, one in ((m - 1, before), (m, now)):
                group: dict[str, list[Fraction]] = {}
                for firm, score in one.scores.items():
                    group.setdefault(layers[place][firm], []).append(score)
                groups.append(group)
            within, mix = within_and_mix(*groups)
            row: Answer = {"dimension": code, "month": month_text(m), "change": float(within + mix)}
            found.append((m, {**row, "within": float(within), "mix": float(mix)}))
    return found
