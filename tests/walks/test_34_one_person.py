"""Stories 34, 35, 37: one person carries it, three departments meet every week, and closing needs the five haves."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup

from app.hall import clock
from tests.problems.team import codes
from tests.voice.crew import Crew, at
from tests.walks.seeds import SEEDS, draw_for

DAY = dt.timedelta(days=1)
VICE = {"property": "vp", "it": "vp", "logistics": "vp", "finance": "vp2"}


@pytest.mark.parametrize("seed", SEEDS)
def test_34_one_person_carries_it(crew: Crew, seed: int) -> None:
    team, draw = crew.team, draw_for(34, seed)
    one, other = draw.sample(sorted(VICE), 2)
    start = at("2026-03-02T10:00") + draw.randrange(90) * DAY

    def asked(departments: list[str], login: str, expect: int = 409, by: str = "desk") -> list[str]:
        body = {"departments": departments, "responsible": login}
        answer = team.do(by, problem, "assign", body, expect)
        return codes(answer) if expect == 409 else answer["departments"]

    with clock.frozen(start):
        problem = team.report(category="network", text="网络慢")["id"]
        team.do("desk", problem, "classify", {"class": "immediate"})
        assert asked([one], "worker") == ["not_head_of_department"]
        assert asked([one], other) == ["not_head_of_department"]
        assert asked([], one) == ["no_department"]
        assert asked([one], "nobody") == ["unknown_person"]
        assert asked([one], one, 200) == [one]
        assert asked([one, other], one) == ["cross_department_needs_vice_president"]
        # over both: the one vice president they share, else the one for enterprise service
        right = VICE[one] if VICE[one] == VICE[other] else "vp"
        wrong = "vp2" if right == "vp" else "vp"
        assert asked([one, other], wrong) == ["other_vice_president"]
        assert asked([one, other], right, by=right) == ["self_assigned"]
        assert sorted(asked([one, other], right, 200)) == sorted([one, other])
        assert crew.get("desk", f"/problems/{problem}")["responsible"] == f"{right} 先生"
    leave = start.date() + draw.randrange(5, 20) * DAY
    last = leave + draw.randrange(1, 10) * DAY
    with crew.park.app.app_context():
        team.duty("acting", "clerk", one, leave, last)
    for day, expect in ((leave - DAY, 409), (leave, 200), (last, 200), (last + DAY, 409)):
        with clock.frozen(at(f"{day}T12:00")):
            problem = team.report(category="network", text=f"第 {day} 天")["id"]
            team.do("desk", problem, "classify", {"class": "immediate"})
            assert asked([one], "clerk", expect) == ([one] if expect == 200 else ["not_head_of_department"])


@pytest.mark.parametrize("seed", SEEDS)
def test_35_buses_a_meeting_each_week_and_all_that_was_promised(crew: Crew, seed: int) -> None:
    team, draw = crew.team, draw_for(35, seed)
    lines, gap = draw.randrange(2, 5), draw.randrange(3, 8)
    start = dt.date(2026, 3, 2) + draw.randrange(90) * DAY

    def on(day: dt.date) -> dt.datetime:
        return at(f"{day}T09:00")

    def unmet() -> bool:
        page = BeautifulSoup(crew.park.browse("vp").get("/problems/overview").text, "html.parser")
        cards = [one for one in page.select("section.pl-card") if one.h2 and one.h2.text == "协调会逾期"]
        return any(problem["number"] in one.text for one in cards)

    with clock.frozen(on(start)):
        problem = team.report(category="transport", text="早高峰公交间隔太长")
        number = problem["id"]
        team.do("desk", number, "classify", {"class": "longterm"})
        body = {"departments": ["property", "logistics", "finance"], "responsible": "vp"}
        team.do("desk", number, "assign", body)
        team.do("vp", number, "respond", {"text": "正在与公交公司谈"})
        team.do("vp", number, "task-force", {"members": ["property", "logistics"]})
        stages = [
            {"what": f"第 {n + 1} 条", "owner": "logistics", "due_on": str(start + (10 + n) * DAY)}
            for n in range(lines)
        ]
        promised = {"what": "班线", "quantity": lines, "unit": "条", "promised_on": str(start + 20 * DAY)}
        plan = {"what": "加班线", "owner": "logistics", "until_on": str(start + 30 * DAY)}
        team.do("vp", number, "plan", {**plan, "deliverables": [promised], "milestones": stages})
    met = start + gap * DAY
    with clock.frozen(on(start + 7 * DAY) if gap == 7 else on(met)):
        assert not unmet()
        step = {"what": "定站点", "owner": "property", "due_on": str(met + 5 * DAY)}
        team.do("vp", number, "coordinations", {"minutes": "一刻钟一班", "next_steps": [step]}, 201)
    with clock.frozen(on(met + 7 * DAY)):
        assert not unmet()
    with clock.frozen(on(met + 8 * DAY)):
        assert unmet(), "overdue on day 8"
        team.do("vp", number, "coordinations", {"minutes": "站牌到位", "next_steps": []}, 201)
        assert not unmet()
    end = met + 14 * DAY
    with clock.frozen(on(end)):
        for n in range(lines):
            team.do("vp", number, "milestone", {"milestone": n + 1})
        team.do("vp", number, "progress", {"text": "已开通"})
        given = {"what": "班线", "promised": lines, "unit": "条"}
        less = [{**given, "delivered": lines - 1}]
        assert codes(team.do("vp", number, "resolve", {"text": "开通", "deliverables": less}, 409)) == [
            "undelivered"
        ]
        team.do("vp", number, "resolve", {"text": "全开了", "deliverables": [{**given, "delivered": lines}]})
        path = crew.get("e01", f"/problems/{number}")["path"]
        assert [row["kind"] for row in path].count("meeting") == 2
        piles = [(row["delivered"], row["promised"]) for row in path if row["kind"] == "deliverable"]
        assert piles == [(lines, lines)]
        text = crew.park.browse("e01").get(f"/problems/{problem['number']}").text
        assert re.search(rf"<b>{lines} / {lines}</b> 条", text)


HAVES = ("no_division", "no_feedback", "no_review")


@pytest.mark.parametrize("seed", SEEDS)
def test_37_closing_is_refused_with_all_that_is_missing(crew: Crew, seed: int) -> None:
    team, draw = crew.team, draw_for(37, seed)
    start = at("2026-03-02T10:00") + draw.randrange(90) * DAY
    silent = draw.random() < 0.5
    verdict, score = draw.choice((("yes", 100), ("partly", 50)))
    with clock.frozen(start):
        fresh = team.report()["id"]
        assert codes(team.do("desk", fresh, "close", None, 409)) == list(HAVES)
        problem, other = team.resolved(), team.resolved(text="另一处")
        for again in range(draw.randrange(1, 3)):
            team.do("e01", other, "confirm", {"solved": "no", "text": f"第 {again + 1} 次还是不行"})
            team.do("it", other, "resolve", {"text": "又修了"})
        assert codes(team.do("it", problem, "close", None, 409)) == ["no_feedback", "no_review"]
        for login, refused in (("it", 403), ("vp", 403), ("e02", 404)):
            team.do(login, problem, "confirm", {"solved": "yes"}, refused)
    with clock.frozen(start + 7 * DAY - dt.timedelta(seconds=1)):
        assert crew.get("desk", f"/problems/{problem}")["state"] == "resolved"
        if not silent:
            assert team.do("e01", problem, "confirm", {"solved": verdict})["score"] == score
    with clock.frozen(start + 7 * DAY):
        assert crew.get("desk", f"/problems/{problem}")["state"] == "confirmed"
        assert codes(team.do("it", problem, "close", None, 409)) == ["no_review"]
        team.do("it", problem, "review", {"effect": "恢复", "cause": "老化", "repeatable": True})
        assert team.do("it", problem, "close")["state"] == "closed"
        day = str(start.date())
        found = crew.get("desk", "/problems/report", **{"from": day, "to": day})["classes"]
        confirmed = [one["confirmed"] for one in found if one["confirmed"]]
        assert sum(one["firm"] for one in confirmed) == (0 if silent else 1)
        assert sum(one["silence"] for one in confirmed) >= (1 if silent else 0)
