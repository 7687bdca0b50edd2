"""What a closed survey says, figure by figure with its n and its sentences, and its line over versions."""

from __future__ import annotations

from typing import cast

from flask import render_template
from flask.typing import ResponseReturnValue

from app.hall.errors import Conflict
from app.hall.web.answers import download
from app.hall.web.guards import only
from app.identity.door import roles
from app.voice import words as room_words
from app.voice.pages import bp
from app.voice.results.drawing import Drawing, draw
from app.voice.results.rows import Results
from app.voice.results.rules import FEWEST, silent_layers
from app.voice.results.series import Point
from app.voice.results.sheet import workbook
from app.voice.surveys import queries, words
from app.voice.surveys.models import SurveyVersion
from app.voice.surveys.service import get_version
from app.voice.surveys.states import CLOSED


def _results(row: SurveyVersion) -> Results:
    if row.state != CLOSED or row.results is None:
        raise Conflict("voice_survey_results_later")
    return cast("Results", row.results)


def lines(row: SurveyVersion) -> dict[str, Drawing]:
    """The line of every dimension over the closed versions of this survey, where there are at least two."""
    versions = queries.closed_of(row.survey_id)
    points: dict[str, list[Point]] = {}
    for one in versions:
        for found in cast("Results", one.results)["dimensions"]:
            point = Point(f"v{one.number}", found["plain"], found["n"], tuple(found["content"]))
            points.setdefault(found["dimension"], []).append(point)
    return {name: draw(found) for name, found in points.items() if len(found) > 1}


@bp.get("/surveys/<int:survey_id>/results")
@only(roles.SEES_SURVEYS)
def survey_results(survey_id: int) -> ResponseReturnValue:
    """Every figure with its n; where fewer than five firms answered, only that they were fewer."""
    row = get_version(survey_id)
    results = _results(row)
    by_dimension: dict[str, list[object]] = {}
    for one in results["questions"]:
        by_dimension.setdefault(one["dimension"], []).append(one)
    return render_template(
        "voice/surveys/results.html",
        row=row,
        results=results,
        by_dimension=by_dimension,
        silent=silent_layers(results["rates"]),
        lines=lines(row),
        fewest=FEWEST,
        layers=room_words.LAYERS,
        dimensions=words.DIMENSIONS,
        **words.NAMES,
    )


@bp.get("/surveys/<int:survey_id>/results.xlsx")
@only(roles.SEES_SURVEYS)
def export_results(survey_id: int) -> ResponseReturnValue:
    """The figures of the page as a workbook; sheets of single firms are never exported."""
    row = get_version(survey_id)
    name = f"{row.survey.code}-{row.number}.xlsx"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return download(workbook(_results(row)), name, kind)
