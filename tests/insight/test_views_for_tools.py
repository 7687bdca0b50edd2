"""The read-only views for the park's own tools: what the dictionary names is there, and nothing of fewer than five firms."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from tests.factories import Park
from tests.insight.park import Answers

METHODS = Path(__file__).parents[2] / "docs" / "methods" / "insight.md"
VIEW = re.compile(r"`(bi_\w+)` \(([^)]+)\)")


def test_the_views_are_those_of_the_dictionary_and_hold_no_small_number(park: Park) -> None:
    text = METHODS.read_text("utf-8").replace("\n", " ")
    dictionary = {
        name: {one.split()[0] for one in re.split("[;:]", columns)[0].split(", ")}
        for name, columns in VIEW.findall(text)
    }
    assert set(dictionary) == {"bi_dimension", "bi_score", "bi_alert", "bi_figure"}
    answers = Answers(park, small_micro=6)
    with clock.frozen(clock.at(dt.date(2026, 10, 3), 9)):
        answers.say("2026-09", "finance", "small_micro", [60, 70, 80, 90, 100])
        answers.say("2026-09", "living", "small_micro", [60, 70, 80, 90])
    with park.app.app_context():
        for name, columns in dictionary.items():
            assert set(db.session.execute(sa.text(f"SELECT * FROM {name}")).keys()) == columns, name
        rows = db.session.execute(sa.text("SELECT dimension, month, firms, score FROM bi_score")).all()
        assert [tuple(row) for row in rows] == [("finance", "2026-09", 5, 80.0)]
