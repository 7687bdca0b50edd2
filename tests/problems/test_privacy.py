"""A department never meets a `park_only` author: page, API, list, export, search, messages, audit, photograph."""

from __future__ import annotations

import datetime as dt
import io

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from app.hall import clock
from app.hall.clock import ZONE
from app.hall.db.base import db
from app.problems import sight
from app.problems.reports import authors
from tests.problems.team import Keeper, Team, codes

NOON = dt.datetime(2026, 9, 1, 13, 37, tzinfo=ZONE)


def test_without_a_keeper_nobody_reports_without_a_name(team: Team, keeper: Keeper) -> None:
    authors._keepers.clear()  # the fixture puts back who was registered before
    body = {"category": "lamp", "text": "不亮", "visibility": "park_only"}
    answer = team.api("e01").post("/problems", body)
    assert (answer.status_code, answer.json["type"]) == (409, "urn:parklink:problem_nobody_keeps_authors")
    assert team.api("desk").get("/problems").json["total"] == 0


def test_a_hidden_author_is_met_nowhere(team: Team, keeper: Keeper) -> None:
    with clock.frozen(NOON):
        problem = team.report("e01", category="canteen", text="食堂太咸", visibility="park_only")
        number, one = problem["number"], problem["id"]
        team.do("desk", one, "classify", {"class": "process"})
        team.do("desk", one, "assign", {"departments": ["logistics"], "responsible": "logistics"})
        team.do("logistics", one, "ask", {"text": "哪天的菜？"})
        team.do("e01", one, "reply", {"text": "上周的"})
        team.do("e02", one, "reply", {"text": "冒充"}, 404)
        assert team.do("logistics", one, "respond", {"text": "会改"})["firms"] == []
        assert {told for _problem, told in keeper.told} >= {"problem_question", "problem_answered"}
        api, pages = team.api("logistics"), team.park.browse("logistics")
        seen = [
            api.get(f"/problems/{one}").text,
            api.get("/problems").text,
            api.get("/identity/notifications").text,
            *(
                pages.get(path).text
                for path in (
                    "/problems",
                    "/problems/all",
                    f"/problems/{number}",
                    "/problems/figures?rows=1",
                    "/identity/notifications",
                    "/identity/search?q=食堂",
                )
            ),
            team.park.browse("desk").get(f"/problems/{number}").text,
        ]
        for text in seen:
            for name in ("E01公司", "E01 Ltd", "e01 先生"):
                assert name not in text, name
        with team.park.app.app_context():
            member = team.park.actor("e01").member_id
            written = sa.text(
                "SELECT count(*) FROM audit_event WHERE member_id = :m AND action LIKE 'problem%'"
            )
            assert db.session.scalar(written, {"m": member}) == 0
            steps = sa.text("SELECT count(*) FROM problem_step WHERE member_id = :m")
            assert db.session.scalar(steps, {"m": member}) == 0
        assert "13:37" not in seen[0] and "13:37" not in pages.get(f"/problems/{number}").text
        assert "2026-09-01" in seen[0]
        sheet = load_workbook(io.BytesIO(pages.get("/problems/figures?as=xlsx").data)).active
        assert sheet is not None
        cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
        assert any(cell.startswith("2026-09-01") for cell in cells)
        assert not any("13:37" in cell or "E01" in cell for cell in cells)
        assert number in team.park.browse("e01").get("/me").text
        assert number not in team.park.browse("e02").get("/me").text


def test_hidden_and_named_reports_are_not_merged_and_hidden_authors_stay(team: Team, keeper: Keeper) -> None:
    with clock.frozen(NOON):
        first = team.report("e01", visibility="park_only")["id"]
        second = team.report("e02", visibility="park_only")["id"]
        named = team.report("e03")["id"]
        assert "merge_other_visibility" in codes(team.do("desk", named, "merge", {"into": first}, 409))
        team.do("desk", second, "merge", {"into": first})
    assert len(keeper.kept[first]) == 2


@pytest.mark.parametrize(
    ("due", "shown"),
    [((9, 30), 0), ((12, 0), 12), ((17, 59), 12), ((18, 30), 18), ((23, 59), 18), ((0, 0), 0)],
)
def test_a_due_is_shown_by_the_earlier_end_of_a_part_of_the_day(due: tuple[int, int], shown: int) -> None:
    day = dt.date(2026, 10, 1)
    assert sight.shown_due(clock.at(day, *due), True) == clock.at(day, shown)
    assert sight.shown_due(clock.at(day, *due), False) == clock.at(day, *due)


def test_numbers_do_not_tell_the_order(team: Team) -> None:
    numbers = [team.report(text=f"第{n}盏")["number"] for n in range(8)]
    assert len(set(numbers)) == 8 and numbers != sorted(numbers)


def test_a_department_sees_its_own_problems_only(team: Team) -> None:
    one = team.assigned("network", "it")
    assert team.api("property").get(f"/problems/{one}").status_code == 404
    assert team.api("worker").get("/problems").json["total"] == 0
    assert team.api("clerk").get("/problems").json["total"] == 1
    assert team.api("clerk").post(f"/problems/{one}/respond", {"text": "我来"}).status_code == 403
    assert team.api("vp").get("/problems").json["total"] == 1
    assert team.api("e02").get(f"/problems/{one}").status_code == 404
