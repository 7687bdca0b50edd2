"""Story 59: from visit to policy, one officer, one day; the sentence is typed once and the path is readable both ways."""

from __future__ import annotations

import sqlalchemy as sa

from app.hall import clock, jobs
from app.hall.db.base import Base, db
from tests.policy.park import equal_conditions
from tests.voice.crew import Crew, at

SAID = "交货期又被货车限行耽误了三天"


def times_typed(crew: Crew) -> list[str]:
    """Every table and column of the database that holds the sentence exactly as it was typed, once a row."""
    found = []
    with crew.park.app.app_context():
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, sa.Text | sa.String):
                    query = sa.select(sa.func.count()).select_from(table).where(column == SAID)
                    found += [f"{table.name}.{column.name}"] * (db.session.scalar(query) or 0)
    return found


def test_59_from_visit_to_policy(crew: Crew) -> None:
    team = crew.team
    park = crew.park
    staff = park.actor("park").organisation_id
    for login in ("policy", "policy2"):
        park.member(login, staff, "policy_officer")
    with clock.frozen(at("2026-11-02T09:00")):
        visit = crew.visit("E04", "2026-11-02")
        dossier = crew.get("old", f"/voice/visits/{visit}/dossier")
        assert dossier["enterprise"] == "E04"
        remark = crew.say("E04", SAID, visit=visit)
        link = {"kind": "problem", "category": "freight", "class": "process", "theme": "限行"}
        linked = crew.post("old", f"/voice/feedback/{remark['id']}/link", link)
        problem = linked["links"][0]["id"]
        crew.post("old", f"/voice/visits/{visit}/record", {"note": "看了发货口"})
        assert crew.post("old", f"/voice/visits/{visit}/close")["state"] == "closed"
        team.do("desk", problem, "classify", {"class": "process"})
        both = {"departments": ["property", "logistics"], "responsible": "property"}
        refused = team.do("desk", problem, "assign", both, 409)  # a head, of two departments
        assert "cross_department_needs_vice_president" in str(refused)
        team.do("desk", problem, "assign", {**both, "responsible": "vp"})
        team.do("vp", problem, "respond", {"text": "已约交管部门"})
        team.do("vp", problem, "plan", {"what": "夜间通道", "owner": "vp", "until_on": "2026-11-12"})
    with clock.frozen(at("2026-11-02T14:00")):
        others = [
            team.assigned("freight", "logistics", login=firm, text="货车限行") for firm in ("e01", "e02")
        ]
        cause = {"factor": "货车限行 +2 小时", "since_on": "2026-08-01", "title": "夜间货运通道"}
        body = {**cause, "category": "freight", "problems": [problem, *others]}
        made = crew.post("vp", "/problems/initiatives", body, 201)
        path = f"/ecosystem/initiatives/{made['initiative']}"
        crew.post("secretary", "/ecosystem/committee", {"name": "委员会"}, 201)
        proposed = crew.get("secretary", "/ecosystem/committee")["proposed"]
        assert [one["kind"] for one in proposed if cause["factor"] in one["title"]] == ["initiative"]
        crew.post("secretary", f"{path}/agree", {"lead": "logistics"})
        promise = {"what": "夜间通行证", "owner": "logistics", "quantity": 40, "unit": "张"}
        crew.post("logistics", f"{path}/deliverables", {**promise, "promised_on": "2026-11-09"}, 201)
    with clock.frozen(at("2026-11-02T16:00")):
        [row] = crew.get("vp", path)["deliverables"]
        crew.post("logistics", f"{path}/deliverables/{row['id']}", {"delivered": 40})
        crew.post("logistics", f"{path}/end", {"text": "夜间通道已开，40 张通行证已发"})
        with park.app.app_context():
            jobs.deliver_outbox()
        shown = crew.get("e04", f"/problems/{problem}")
        assert shown["state"] == "resolved"
        crew.post("e04", f"/problems/{problem}/confirm", {"solved": "yes"})
        team.do("vp", problem, "review", {"effect": "准点", "cause": "限行", "repeatable": True})
        team.do("vp", problem, "close")
        book = {
            "code": "night-freight",
            "title": "夜间货运",
            "category": "freight",
            "checklist": ["约交管", "定路线", "发通行证"],
            "problem": problem,
        }
        draft = crew.post("vp", "/problems/playbooks", book, 201)
        assert (
            crew.api("vp").post(f"/problems/playbooks/{draft['id']}/approve").status_code == 409
        )  # one writes, another approves
        crew.post("vp2", f"/problems/playbooks/{draft['id']}/approve")
        need = crew.post("old", f"/voice/feedback/{remark['id']}/link", {"kind": "need", "title": "智能仓储"})
        assert {one["kind"] for one in need["links"]} == {"problem", "need"}
        signal = crew.post("old", f"/voice/feedback/{remark['id']}/link", {"kind": "signal"})
        assert {one["kind"] for one in signal["links"]} == {"problem", "need", "signal"}
    with clock.frozen(at("2026-11-16T10:00")):
        [again] = [
            one
            for one in crew.get("keeper", "/voice/visits", state="open")["items"]
            if one["enterprise"] == "E04"
        ]
        scores = {"score_before": 62, "score": 84}
        done = crew.post(again["specialist"], f"/voice/visits/{again['id']}/record", scores)
        assert (again["why"], done["score_before"], done["score"]) == ("revisit", 62, 84)
        rules = park.api("policy").post("/policy/versions", {"text": equal_conditions(1, "freight-aid")})
        assert park.api("policy2").post(f"/policy/versions/{rules.json['id']}/approve").status_code == 200
        for code in ("e04", "e05", "e06", "e07", "e08"):
            fact = {"fact": "a1", "value": int(code != "e08")}
            assert park.api(code).post("/policy/facts", {"facts": [fact]}).status_code == 201
        with park.app.app_context():
            jobs.deliver_outbox()
        pushed = [
            code
            for code in ("e04", "e05", "e06", "e07", "e08")
            if park.api(code).get("/policy/pushes").json["items"]
        ]
        assert pushed == ["e04", "e05", "e06", "e07"]
        forward = crew.get("old", f"/voice/feedback/{remark['id']}")
        assert {one["kind"] for one in forward["links"]} == {"problem", "need", "signal"}
        backward = {one["kind"] for one in crew.get("vp", f"/problems/{problem}")["path"]}
        assert "source" in backward
        assert times_typed(crew).count("feedback.text") == 1
