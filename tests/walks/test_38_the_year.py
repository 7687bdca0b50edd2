"""Story 38: the year's 127 problems, their means, and every figure opens its rows, which add up."""

from __future__ import annotations

import csv
import datetime as dt
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from app.hall import clock
from app.hall.db.transaction import transaction
from app.problems.clocks.models import ProblemClock
from app.problems.clocks.service import in_force
from app.problems.reports.models import Problem
from tests.problems.team import Team
from tests.voice.crew import Crew, at
from tests.walks.seeds import SEEDS, draw_for
from tests.walks.shown import half_up

YEAR = Path(__file__).resolve().parents[1] / "data" / "wider" / "problems.csv"


def _lines(seed: int) -> list[dict[str, str]]:
    """The year as the file has it; by the seed a year of other numbers, every clock met."""
    if seed == 1:
        with YEAR.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    draw, found = draw_for(38, seed), []
    for n in range(draw.randrange(40, 70)):
        kind = draw.choices(("immediate", "process", "longterm"), (60, 30, 10))[0] if n > 2 else KINDS[n]
        start = at("2025-01-06T10:00") + dt.timedelta(days=draw.randrange(200))
        line = dict.fromkeys(("planned_at", "resolved_at"), "") | {"problem": f"P{n:03d}", "class": kind}
        line["registered_at"] = start.isoformat()
        line["responded_at"] = (start + dt.timedelta(hours=draw.randrange(1, 25))).isoformat()
        if kind != "immediate":
            line["planned_at"] = (start + dt.timedelta(days=draw.randrange(2, 15))).isoformat()
        line["resolved_at"] = (start + dt.timedelta(days=draw.randrange(15, 120))).isoformat()
        found.append(line)
    return found


KINDS = ("immediate", "process", "longterm")


def _mean(lines: list[dict[str, str]], column: str, unit: dt.timedelta) -> Fraction:
    """The mean of what the lines themselves say."""
    spans = [
        dt.datetime.fromisoformat(one[column]) - dt.datetime.fromisoformat(one["registered_at"])
        for one in lines
        if one[column]
    ]
    return Fraction(
        sum(spans, dt.timedelta()) // dt.timedelta(microseconds=1), unit // dt.timedelta(microseconds=1)
    ) / len(spans)


def _moved_in(team: Team, lines: list[dict[str, str]]) -> int:
    with team.park.app.app_context(), transaction() as session:
        version = in_force().id
        for line in lines:
            moments: dict[str, Any] = {
                name: at(line[name][:19])
                for name in ("registered_at", "responded_at", "planned_at", "resolved_at")
                if line[name]
            }
            problem = Problem(
                number=f"WT-{line['problem']}",
                state="in_progress",
                problem_class=line["class"],
                category="other",
                text=line["problem"],
                visibility="named",
                channel="firm",
                sent_at=moments["registered_at"],
                **moments,
            )
            session.add(problem)
            session.flush()
            session.add(
                ProblemClock(
                    problem_id=problem.id,
                    ordinal=1,
                    problem_class=line["class"],
                    start="registered",
                    started_at=moments["registered_at"],
                    rule_version_id=version,
                )
            )
    return len(lines)


@pytest.mark.parametrize("seed", SEEDS)
def test_38_the_year(crew: Crew, seed: int) -> None:
    team, lines = crew.team, _lines(seed)
    total = _moved_in(team, lines)
    assert seed > 1 or total == 127
    mine = [[one for one in lines if one["class"] == kind] for kind in KINDS]
    shares = [half_up(Fraction(100 * len(one), total)) for one in mine]
    hours = _mean(mine[0], "responded_at", dt.timedelta(hours=1))
    days = _mean(mine[1], "planned_at", dt.timedelta(days=1))
    long = _mean(mine[2], "resolved_at", dt.timedelta(days=1))
    if seed == 1:
        assert (shares, hours, days, long) == ([59.8, 29.9, 10.2], 12, 10, 91)
    with clock.frozen(at("2026-01-05T09:00")):
        answer = crew.get("vp", "/problems/report", **{"from": "2025-01-01", "to": "2025-12-31"})
        classes = answer["classes"]
        assert (answer["n"], [one["n"] for one in classes]) == (total, [len(one) for one in mine])
        assert [one["share_percent"] for one in classes] == shares
        assert classes[0]["first_response_hours"]["mean"] == pytest.approx(float(hours))
        assert classes[1]["plan_days"]["mean"] == pytest.approx(float(days))
        assert classes[2]["resolution_days"]["mean"] == pytest.approx(float(long))
        assert classes[2]["resolution_months"] == pytest.approx(float(long * 12 / 365))
        assert sum(one["late"] for one in classes) == 0

        page = team.park.browse("vp").get("/problems/figures?from=2025-01-01&to=2025-12-31").text
        assert all(f"{share:.1f}%" in page for share in shares)
        assert all(f"{float(mean):.1f}" in page for mean in (hours, days, long))
        links = re.findall(
            r'<a href="(/problems/figures\?[^"#]+)#rows">([\d.]+)</a>', page.replace("&amp;", "&")
        )
        counted = [(href, int(text)) for href, text in links if "only=" not in href or "late" in href]
        assert len(links) >= 3 * 6  # n, late, firm, silence, reopened of every class, and the means there are
        opened = {}
        for href, number in counted:
            rows = team.park.browse("vp").get(href).text
            body = rows[rows.index('id="rows"') :]
            opened[href] = len(re.findall(r"<tr><td>(?:<a [^>]+>)?WT-P\d+", body))
            assert opened[href] == number, href
        assert sum(number for href, number in opened.items() if "only=" not in href) == total
        workbook = team.park.browse("vp").get("/problems/figures?as=xlsx&from=2025-01-01&to=2025-12-31")
        assert workbook.status_code == 200 and workbook.data[:2] == b"PK"
