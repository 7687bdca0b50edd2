"""The next month of the park's monthly figures: shown with its record where the figure stands, unknown with too few months."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.hall import clock
from app.hall.db.transaction import transaction
from app.insight.cockpit.models import FigureRow
from tests.factories import Park
from tests.insight.opening import figures, opens, page, rows_of
from tests.insight.park import Answers

OCTOBER = clock.at(dt.date(2026, 10, 3), 9)
SEPTEMBER = 2026 * 12 + 8
HOURS = [300] * 12 + [120, 120]  # the last one is September


@pytest.fixture
def answers(park: Park) -> Answers:
    return Answers(park)


def keep(park: Park, figure: str, amounts: list[int], last: int = SEPTEMBER) -> None:
    """Rows as the clockwork keeps them, two instruments or firms a month."""
    rows = []
    for place, amount in enumerate(amounts):
        month = last - len(amounts) + 1 + place
        for key, part in (("1", amount // 3), ("2", amount - amount // 3)):
            if part:
                row = {"figure": figure, "month": month, "key": key, "label_zh": f"{figure} {key}"}
                rows.append(row | {"label_en": "", "group": "", "amount": part, "url": ""})
    with park.app.app_context(), transaction() as session:
        session.execute(sa.insert(FigureRow), rows)


def test_shared_hours_fall_and_the_record_says_how_often_that_was_foreseen(answers: Answers) -> None:
    keep(answers.park, "shared_minutes", [60 * hours for hours in HOURS])
    with clock.frozen(OCTOBER):
        [found] = answers.vp.get("/insight/forecasts", figure="shared_minutes").json["items"]
        assert (found["figure"], found["dimension"], found["month"]) == ("shared_minutes", None, "2026-10")
        # the mean of the last twelve months: (10 × 300 + 2 × 120) ÷ 12
        assert (found["forecast"], found["level"], found["worse"]) == (120.0, 270.0, "below")
        assert found["warning"] is True
        assert found["backtest"] == {"hits": 1, "false_alarms": 0, "missed": 1, "quiet": 3}
        hits = rows_of(answers.vp, "record:shared_minutes:hits:2026-09")
        assert [(row["label"], row["detail"]) for row in hits["items"]] == [
            ("2026-09", "预测 120.0，界限 285.0，实际 120.0")
        ]
        for login in ("vp", "auditor"):
            soup = page(answers.park.browse(login), "/insight")
            words = " ".join(soup.get_text(" ").split())
            assert "2026-10 预测 120.0（" in words and "过去预警 命中 1 · 误报 0 · 漏报 1 · 平静 3" in words
            seen = dict(figures(soup))
            assert (
                "forecast:shared_minutes:2026-09" in seen and "record:shared_minutes:missed:2026-09" in seen
            )
            for name, written in seen.items():
                if name.startswith(("forecast:", "record:")):
                    opens(answers.park.api(login), name, written)


def test_too_few_months_and_a_hole_are_unknown(answers: Answers) -> None:
    park = answers.park
    keep(park, "needs", [4] * 11)  # eleven months
    keep(
        park, "gap_fen", [5_000_000] * 12, SEPTEMBER - 2
    )  # nothing kept in August: today's gaps alone are known
    keep(park, "gap_fen", [5_000_000])
    keep(park, "credits_earned", [50] * 13)
    keep(park, "credits_redeemed", [30] * 6)  # the six months before are true zeros: the room was in use
    with clock.frozen(OCTOBER):
        items = {one["figure"]: one for one in answers.vp.get("/insight/forecasts").json["items"]}
        states = {
            figure: (one["state"], one.get("months"))
            for figure, one in items.items()
            if figure in ("needs", "gap_fen", "credits_redeemed", "shared_minutes")
        }
        assert states == {
            "shared_minutes": ("insufficient", 0),
            "needs": ("insufficient", 11),
            "gap_fen": ("insufficient", 1),
            "credits_redeemed": ("ok", None),
        }
        words = page(answers.park.browse("vp"), "/insight").get_text(" ", strip=True)
        assert words.count("还不能预测，至少 12 个月") == 3
        assert answers.vp.get("/insight/forecasts", figure="weather").status_code == 404
        assert rows_of(answers.vp, "forecast:needs:2026-09")["hidden"] == "insufficient"


def test_a_gap_that_grows_is_warned_of(answers: Answers) -> None:
    keep(answers.park, "gap_fen", [1_000_000 * (10 + month) for month in range(14)])
    with clock.frozen(OCTOBER):
        [found] = answers.vp.get("/insight/forecasts", figure="gap_fen").json["items"]
        assert (found["forecast"], found["worse"], found["warning"]) == (24.0, "above", True)
        assert found["backtest"] == {"hits": 5, "false_alarms": 0, "missed": 0, "quiet": 0}


def test_the_start_page_of_the_park_begins_with_trends(answers: Answers) -> None:
    keep(answers.park, "shared_minutes", [60 * hours for hours in HOURS])
    keep(answers.park, "gap_fen", [5_000_000])
    answers.park.firm("S90")
    with clock.frozen(OCTOBER):
        vp = answers.park.browse("vp")
        home = vp.get("/").get_data(as_text=True)
        assert home.index('hx-get="/insight/start"') < home.index("等待我处理")
        part = vp.get("/insight/start", headers={"HX-Request": "true"}).get_data(as_text=True)
        assert "<h1" not in part and "企业满意指数" in part
        assert part.count("/insight/rows?figure=month%3Agap_fen") + part.count("figure=month:gap_fen") == 3
        assert part.index("<svg") < part.index("<table"), "the figures stand under the charts"
        for name, written in dict(figures(page(vp, "/insight/start"))).items():
            opens(answers.vp, name, written)
        assert 'hx-get="/insight/start"' not in answers.park.browse("s90").get("/").get_data(as_text=True)
        assert answers.park.browse("s90").get("/insight/start").status_code == 403
