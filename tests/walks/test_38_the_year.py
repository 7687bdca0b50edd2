"""Story 38: the year's 127 problems, their means, and every figure opens its rows, which add up."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

from app.hall import clock
from app.hall.db.transaction import transaction
from app.problems.clocks.models import ProblemClock
from app.problems.clocks.service import in_force
from app.problems.reports.models import Problem
from tests.problems.team import Team
from tests.voice.crew import Crew, at

YEAR = Path(__file__).resolve().parents[1] / "data" / "wider" / "problems.csv"


def _moved_in(team: Team) -> int:
    """The year as the file has it, brought into the park."""
    with YEAR.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
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


def test_38_the_year(crew: Crew) -> None:
    team = crew.team
    assert _moved_in(team) == 127
    with clock.frozen(at("2026-01-05T09:00")):
        answer = crew.get("vp", "/problems/report", **{"from": "2025-01-01", "to": "2025-12-31"})
        classes = answer["classes"]
        assert (answer["n"], [one["n"] for one in classes]) == (127, [76, 38, 13])
        assert [one["share_percent"] for one in classes] == [59.8, 29.9, 10.2]
        assert classes[0]["first_response_hours"]["mean"] == 12.0
        assert classes[1]["plan_days"]["mean"] == 10.0
        assert classes[2]["resolution_days"]["mean"] == 91.0
        assert round(classes[2]["resolution_months"], 1) == 3.0
        assert sum(one["late"] for one in classes) == 0

        page = team.park.browse("vp").get("/problems/figures?from=2025-01-01&to=2025-12-31").text
        assert all(shown in page for shown in ("59.8%", "29.9%", "10.2%", "12.0", "10.0", "91.0"))
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
        assert sum(number for href, number in opened.items() if "only=" not in href) == 127
        workbook = team.park.browse("vp").get("/problems/figures?as=xlsx&from=2025-01-01&to=2025-12-31")
        assert workbook.status_code == 200 and workbook.data[:2] == b"PK"
