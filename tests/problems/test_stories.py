"""Stories 32–42 as the park lives them: over HTTP, with the contract's own days and numbers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.hall import clock
from app.hall.clock import ZONE
from app.hall.db.transaction import transaction
from app.problems.work.handlers import watch
from app.problems.work.models import DispatchRuleRow
from tests.problems.team import Keeper, Team, codes


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


def shown(team: Team, problem: int, login: str = "desk") -> Any:
    return team.api(login).get(f"/problems/{problem}").json


def clock_of(team: Team, problem: int) -> tuple[str, str | None]:
    found = shown(team, problem)["clock"]
    return found["state"], found["due_at"]


@pytest.mark.parametrize(("second", "state"), [(0, "met"), (1, "missed")])
def test_32_an_immediate_problem_is_answered_within_24_hours_to_the_second(
    team: Team, second: int, state: str
) -> None:
    with clock.frozen(at("2026-09-30T18:30:00")):
        problem = team.assigned()
        assert clock_of(team, problem) == ("running", "2026-10-01T18:30:00+08:00")
    with clock.frozen(at(f"2026-10-01T18:30:0{second}")):
        team.do("it", problem, "respond", {"text": "马上到"})
        assert clock_of(team, problem)[0] == state


@pytest.mark.parametrize(("moment", "state"), [("2026-10-07T23:59", "met"), ("2026-10-08T00:00", "missed")])
def test_32_a_plan_is_due_at_the_end_of_the_fifteenth_day(team: Team, moment: str, state: str) -> None:
    with clock.frozen(at("2026-09-22T10:00")):
        problem = team.assigned("canteen", "logistics")
        team.do("logistics", problem, "respond", {"text": "收到"})
        assert clock_of(team, problem) == ("running", "2026-10-08T00:00:00+08:00")
    with clock.frozen(at(moment)):
        plan = {"what": "每周两道新菜", "owner": "logistics", "until_on": "2026-10-20"}
        assert team.do("logistics", problem, "plan", plan)["state"] == "planned"
        assert clock_of(team, problem)[0] == state


def test_32_a_question_moves_the_due_and_while_it_is_open_there_is_none(team: Team) -> None:
    with clock.frozen(at("2026-09-22T10:00")):
        problem = team.assigned("canteen", "logistics")
    with clock.frozen(at("2026-09-24T16:00")):
        team.do("logistics", problem, "ask", {"text": "哪个窗口？"})
        assert clock_of(team, problem) == ("paused", None)
    with clock.frozen(at("2026-09-28T09:00")):
        team.do("e01", problem, "reply", {"text": "三号窗口"})
        assert clock_of(team, problem) == ("running", "2026-10-12T00:00:00+08:00")


def test_33_a_change_of_class_helps_nobody_and_nothing_depends_on_the_job(team: Team) -> None:
    with clock.frozen(at("2026-09-01T10:00")):
        problem = team.assigned("transport", "property")
    with clock.frozen(at("2026-09-10T15:00")):
        refused = team.do("desk", problem, "classify", {"class": "immediate"}, 409)
        assert codes(refused) == ["reason_missing"]
        team.do("desk", problem, "classify", {"class": "immediate", "reason": "今天就能修"})
        found = shown(team, problem)["clock"]
        assert (found["due_at"], found["extended"]) == ("2026-09-11T15:00:00+08:00", True)
    with clock.frozen(at("2026-09-11T16:00")):
        assert clock_of(team, problem)[0] == "missed"
        with team.park.app.app_context():
            assert [watch(), watch()] == [1, 0]
        told = team.api("vp").get("/identity/notifications").json
        breach = [one for one in told["items"] if "超时" in one["text"]]
        assert len(breach) == 1
    with clock.frozen(at("2026-09-11T17:00")):
        team.do("desk", problem, "classify", {"class": "longterm", "reason": "还是要长期办"})
        with team.park.app.app_context():
            watch()
        again = [
            one
            for one in team.api("vp").get("/identity/notifications").json["items"]
            if "超时" in one["text"]
        ]
        assert len(again) == 1


def test_34_one_person_carries_it(team: Team) -> None:
    slow = team.report(category="network", text="网络慢")["id"]
    team.do("desk", slow, "classify", {"class": "immediate"})
    it = {"departments": ["it"]}
    assert codes(team.do("desk", slow, "assign", {**it, "responsible": "clerk"}, 409)) == [
        "not_head_of_department"
    ]
    assert codes(team.do("desk", slow, "assign", {**it, "responsible": "nobody"}, 409)) == ["unknown_person"]
    assert codes(team.do("desk", slow, "assign", {"departments": [], "responsible": "it"}, 409)) == [
        "no_department"
    ]
    assert team.do("desk", slow, "assign", {**it, "responsible": "it"})["state"] == "assigned"
    both = {"departments": ["it", "finance"]}
    refused = team.do("desk", slow, "assign", {**both, "responsible": "it"}, 409)
    assert codes(refused) == ["cross_department_needs_vice_president"]
    assert codes(team.do("desk", slow, "assign", {**both, "responsible": "vp2"}, 409)) == [
        "other_vice_president"
    ]
    assert codes(team.do("vp", slow, "assign", {**both, "responsible": "vp"}, 409)) == ["self_assigned"]
    assert team.do("desk", slow, "assign", {**both, "responsible": "vp"})["departments"] == ["it", "finance"]


def test_34_the_acting_head_for_those_days_only(team: Team) -> None:
    with team.park.app.app_context():
        team.duty("acting", "clerk", "it", dt.date(2026, 9, 10), dt.date(2026, 9, 12))
    for moment, expected in (("2026-09-12T23:59", 200), ("2026-09-13T00:00", 409)):
        with clock.frozen(at(moment)):
            problem = team.report(category="network", text=moment)["id"]
            team.do("desk", problem, "classify", {"class": "immediate"})
            team.do("desk", problem, "assign", {"departments": ["it"], "responsible": "clerk"}, expected)


def test_35_buses_meet_every_week_and_deliver_two_of_two(team: Team) -> None:
    with clock.frozen(at("2026-09-01T10:00")):
        problem = team.report(category="transport", text="早高峰公交间隔40分钟")["id"]
        team.do("desk", problem, "classify", {"class": "longterm"})
        body = {"departments": ["property", "logistics", "finance"], "responsible": "vp"}
        team.do("desk", problem, "assign", body)
        team.do("vp", problem, "respond", {"text": "正在与公交公司谈"})
        roadmap = {
            "what": "加两条线",
            "owner": "logistics",
            "until_on": "2026-09-30",
            "deliverables": [{"what": "班线", "quantity": 2, "unit": "条", "promised_on": "2026-09-15"}],
        }
        refused = team.do("vp", problem, "plan", roadmap, 409)
        assert codes(refused) == ["no_task_force", "no_roadmap"]
        team.do("vp", problem, "task-force", {"members": ["property", "logistics"]})
        stages = [
            {"what": "第一条", "owner": "logistics", "due_on": "2026-09-08"},
            {"what": "第二条", "owner": "logistics", "due_on": "2026-09-20"},
        ]
        assert team.do("vp", problem, "plan", {**roadmap, "milestones": stages})["state"] == "planned"
        assert clock_of(team, problem) == ("running", "2026-09-09T00:00:00+08:00")
    steps = [{"what": "定站点", "owner": "property", "due_on": "2026-09-10"}]
    for day in ("2026-09-08", "2026-09-15"):
        with clock.frozen(at(f"{day}T09:00")):
            meeting = {"minutes": "早高峰15分钟一班", "next_steps": steps if day < "2026-09-10" else []}
            team.do("vp", problem, "coordinations", meeting, 201)
    with clock.frozen(at("2026-09-15T16:00")):
        team.do("vp", problem, "milestone", {"milestone": 1})
        team.do("vp", problem, "progress", {"text": "第一条已开"})
        delivered = [{"what": "班线", "promised": 2, "delivered": 1, "unit": "条"}]
        refused = team.do("vp", problem, "resolve", {"text": "开通", "deliverables": delivered}, 409)
        assert codes(refused) == ["open_milestones", "undelivered"]
        team.do("vp", problem, "milestone", {"milestone": 2})
        delivered[0]["delivered"] = 2
        team.do("vp", problem, "resolve", {"text": "两条线已开", "deliverables": delivered})
        path = shown(team, problem, "e01")["path"]
        assert [row["kind"] for row in path].count("meeting") == 2
        assert [(row["delivered"], row["promised"]) for row in path if row["kind"] == "deliverable"] == [
            (2, 2)
        ]
        assert "minutes" not in next(row for row in path if row["kind"] == "meeting")


def test_37_five_haves(team: Team) -> None:
    with clock.frozen(at("2026-09-01T10:00")):
        fresh = team.report()["id"]
        assert codes(team.do("desk", fresh, "close", None, 409)) == [
            "no_division",
            "no_feedback",
            "no_review",
        ]
        problem = team.resolved()
        assert codes(team.do("it", problem, "close", None, 409)) == ["no_feedback", "no_review"]
        team.do("it", problem, "confirm", {"solved": "yes"}, 403)
        team.do("e02", problem, "confirm", {"solved": "yes"}, 404)
        assert team.do("e01", problem, "confirm", {"solved": "yes", "came_after_minutes": 40})["score"] == 100
        assert codes(team.do("it", problem, "close", None, 409)) == ["no_review"]
        team.do("it", problem, "review", {"effect": "恢复", "cause": "老化", "repeatable": True})
        assert team.do("it", problem, "close")["state"] == "closed"


def test_37_seven_days_of_silence_confirm_and_are_counted_apart(team: Team) -> None:
    with clock.frozen(at("2026-09-01T10:00")):
        quiet, firm = team.resolved(), team.resolved(text="另一处")
        team.do("e01", firm, "confirm", {"solved": "partly"})
    with clock.frozen(at("2026-09-08T09:59:59")):
        assert shown(team, quiet)["state"] == "resolved"
    with clock.frozen(at("2026-09-08T10:00")):
        assert shown(team, quiet)["state"] == "confirmed"
        team.do("it", quiet, "review", {"effect": "恢复", "cause": "老化", "repeatable": False})
        found = team.api("desk").get("/problems/report").json["classes"][0]
        assert (found["n"], found["confirmed"]) == (2, {"firm": 1, "silence": 1})


def test_37_the_third_reopening_goes_to_the_vice_president(team: Team) -> None:
    with clock.frozen(at("2026-09-01T10:00")):
        problem = team.resolved()
        for number in (1, 2, 3):
            team.do("e01", problem, "confirm", {"solved": "no", "text": f"第{number}次还是不行"})
            who = "vp" if number == 3 else "it"
            assert shown(team, problem)["responsible"] == f"{who} 先生"
            if number < 3:
                team.do("it", problem, "resolve", {"text": "又修了"})
        assert team.do("it", problem, "resolve", {"text": "经办人可以"}, 403)
    with clock.frozen(at("2026-09-02T10:00")):
        team.do("vp", problem, "resolve", {"text": "副总督办已修"})
    with clock.frozen(at("2026-10-03T10:00")):
        refused = team.do("e01", problem, "reopen", {"text": "又坏"}, 409)
        assert codes(refused) == ["reopening_too_late"]


def test_39_playbook_counts_only_who_proved_it(team: Team) -> None:
    body = {
        "code": "micro-loans",
        "title": "小微企业融资",
        "category": "finance",
        "checklist": ["对账", "见面"],
    }
    made = team.api("finance").post("/problems/playbooks", body).json
    assert team.api("finance").post(f"/problems/playbooks/{made['id']}/approve").status_code == 409
    assert team.api("e01").post(f"/problems/playbooks/{made['id']}/approve").status_code == 403
    assert team.api("e01").post(f"/problems/playbooks/{made['id']}/adoptions").status_code == 409
    assert team.api("vp2").post(f"/problems/playbooks/{made['id']}/approve").json["state"] == "in_force"
    for n in range(4, 10):
        team.park.firm(f"E{n:02d}")
    for n in range(4, 10):
        done = ["对账", "见面"] if n < 9 else ["对账"]
        answer = team.api(f"e{n:02d}").post(f"/problems/playbooks/{made['id']}/adoptions", {"done": done})
        assert answer.json["state"] == ("proven" if n < 9 else "begun")
    assert (answer.json["adopted"], answer.json["begun"]) == (5, 6)


def test_40_small_things_grow(team: Team) -> None:
    first = team.report("e01", place=team.place)
    second = team.report("e02", place=team.place)
    third = team.report("e03", place=team.place)
    assert [one["repeat"] for one in (first, second, third)] == [1, 2, 3]
    for one in (second, third):
        team.do("desk", one["id"], "merge", {"into": first["id"]})
    assert codes(team.do("desk", first["id"], "merge", {"into": first["id"]}, 409))[0] == "merge_into_itself"
    kept = shown(team, first["id"])
    assert kept["firms"] == ["E01公司", "E02公司", "E03公司"]
    assert kept["registered_at"] == first["registered_at"]
    team.do("property", first["id"], "take")
    team.do("property", first["id"], "respond", {"text": "一起换"})
    for login in ("e01", "e02", "e03"):
        told = team.api(login).get("/identity/notifications").json["items"]
        assert sum("有答复" in one["text"] for one in told) == 1, login


def test_42_a_report_from_the_street(team: Team) -> None:
    problem = team.report(place=team.place, text="不亮")
    assert (problem["department"], problem["state"], problem["clock"]["kind"]) == (
        "property",
        "registered",
        "first_response",
    )
    told = team.api("worker").get("/identity/notifications").json["items"]
    assert any(problem["number"] in one["text"] for one in told)
    assert team.do("worker", problem["id"], "take")["responsible"] == "property 先生"
    assert team.do("worker", problem["id"], "respond", {"text": "十分钟到"})["state"] == "responded"


def test_what_a_report_answers_is_what_its_reader_reads(team: Team, keeper: Keeper) -> None:
    """The answer is made of what was just written; the same reader who asks again reads the same."""
    with team.park.app.app_context(), transaction() as session:
        session.add(DispatchRuleRow(category="lamp", place="*", department_id=team.departments["it"]))
    said = (
        ("e01", {}, ["property"], ["E01公司"]),
        ("e01", {"place": team.place}, ["property"], ["E01公司"]),
        ("e01", {"category": "network", "class": "process"}, ["it"], ["E01公司"]),
        ("e01", {"category": "canteen"}, [], ["E01公司"]),
        ("e01", {"category": "network", "visibility": "park_only"}, ["it"], []),
        ("desk", {"enterprise": "E02"}, ["property"], ["E02公司"]),
        ("desk", {"category": "canteen"}, [], []),
    )
    for login, body, asked, firms in said:
        with clock.frozen(at("2026-09-01T13:37:00")):
            card = team.report(login, **body)
            again = team.api(login).get(f"/problems/{card['id']}").json
        assert (card["departments"], card["firms"]) == (asked, firms), body
        assert card == {name: again[name] for name in card}
