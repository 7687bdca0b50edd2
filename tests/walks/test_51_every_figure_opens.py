"""Story 51: every figure of the cockpit opens rows that are that figure; who may not see firms is led to groups."""

from __future__ import annotations

import random

import pytest

from app.hall import clock
from tests.factories import Park
from tests.insight.opening import figures, opens, page
from tests.insight.park import Answers
from tests.walks.seeds import SEEDS, draw_for
from tests.walks.told_months import WEIGHTS, Told

LAYERS = {"small_micro": 12, "medium": 8}


def answered(draw: random.Random, firms: dict[str, list[str]], month: str) -> list[dict[str, object]]:
    """A month in which three firms of a layer or more say something of each dimension."""
    return [
        {"month": month, "enterprise": firm, "dimension": code, "score": draw.randrange(40, 100)}
        for code in WEIGHTS
        for layer, most in LAYERS.items()
        for firm in firms[layer][: draw.randrange(3, most + 1)]
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_51_every_figure_opens(park: Park, seed: int) -> None:
    """Eight months of random answers: all figures of two readers; with each further seed fifty figures of one."""
    draw, answers = draw_for(51, seed), Answers(park, **LAYERS)
    told = Told(draw)
    with clock.frozen(told.over()):
        for back in range(8):
            rows = answered(draw, answers.firms, told.name(back))
            assert answers.analyst.post("/insight/scores", {"scores": rows}).status_code == 201
        for login in ("vp", "auditor") if seed == 1 else [("vp", "auditor")[seed % 2]]:
            api = answers.park.api(login)
            seen = dict(figures(page(answers.park.browse(login), f"/insight?compare={told.name(3)}")))
            assert len(seen) > 60
            for name in seen if seed == 1 else draw.sample(list(seen), 50):
                found = opens(api, name, seen[name])
                if login == "auditor" and name.startswith(("score:", "paired:")):
                    assert all(row["n"] >= 5 and row["enterprise"] is None for row in found["items"])
