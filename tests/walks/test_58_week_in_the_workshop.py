"""Story 58: a week in the workshop becomes a remark, a register of machines there, and a line of the year."""

from __future__ import annotations

import datetime as dt

import pytest

from app.hall import clock
from tests.voice.crew import Crew, at, reasons
from tests.walks.seeds import SEEDS, draw_for

MACHINES = ("铣床", "冷镦机 3 号", "搓丝机 1 号", "空压机", "数控车床 B", "退火炉", "行车", "磨床")


@pytest.mark.parametrize("seed", SEEDS)
def test_58_a_week_in_the_workshop(crew: Crew, seed: int) -> None:
    draw = draw_for(58, seed)
    firm = draw.choice(["E04", "E05", "E08", "E11", "E12"])
    first = dt.date(2026, 11, 2) + dt.timedelta(weeks=draw.randrange(3))
    last = first + dt.timedelta(days=4)
    words = draw.choice(["维保记录都是手写的", "交接本缺了三页", "换油靠老师傅记得"])
    seen = draw.sample(MACHINES, draw.randrange(3, 7))
    ours = sorted(draw.sample(range(len(seen)), draw.randrange(1, len(seen))))
    with clock.frozen(at(f"{first}T08:00")):
        body = {"login": "old", "enterprise": firm, "from": str(first), "until": str(last)}
        week = crew.post("old", "/voice/shadowings", body, 201)["id"]
        assert crew.post("old", f"/voice/shadowings/{week}/done", {"text": words}, 409)["type"].endswith(
            "yet"
        )
    with clock.frozen(at(f"{last}T18:00")):
        crew.post("old", f"/voice/shadowings/{week}/done", {"text": words})
        [remark] = crew.get("old", "/voice/feedback", channel="shadowing")["items"]
        assert (remark["text"], remark["enterprise"]) == (words, firm)
        path = f"/voice/feedback/{remark['id']}/link"
        register = {"kind": "register", "machines": [*seen, seen[0], " "]}
        assert crew.post("old", path, {"kind": "register"}, 422)["reasons"][0]["code"] == "machines_named"
        [made] = crew.post("old", path, register)["links"]
        assert (made["kind"], made["number"]) == ("register", str(len(seen)))
        assert crew.post("old", path, register)["links"] == [made], "told twice, there once"
        assert crew.get(firm.lower(), "/upkeep/machines")["total"] == 0, "the firm decides, not the park"
        page = crew.park.browse("old").get(f"/voice/feedback/{remark['id']}").text
        assert f"看到 {len(seen)} 台" in page and "等企业确认" in page
    _the_firm_decides(crew, firm, seen, ours, at(f"{last}T19:00"))
    with clock.frozen(at(f"{last}T20:00")):
        shown = crew.get("old", f"/voice/feedback/{remark['id']}")
        assert (shown["state"], shown["links"][0]["note"]) == ("answered", f"{len(ours)} / {len(seen)}")
        listed = {one["login"]: one for one in crew.get("keeper", "/voice/specialists")["items"]}
        assert not listed["old"]["without_a_week"] and listed["young"]["without_a_week"]
        page = crew.park.browse("keeper").get("/voice/people").text
        assert f"{firm}公司" in page and "今年还没有跟岗" in page
    # The firm keeps its register from now on; the next visit knows how many machines are due, not which.
    day = last + dt.timedelta(days=draw.randrange(3, 8))
    with clock.frozen(at(f"{day}T09:00")):
        due = ours[: draw.randrange(1, len(ours) + 1)]
        machines = {one["name"]: one["id"] for one in crew.get(firm.lower(), "/upkeep/machines")["items"]}
        for number in due:
            plan = {"name": "换油", "every_days": 30, "last_done_on": str(day - dt.timedelta(days=10))}
            crew.post(firm.lower(), f"/upkeep/machines/{machines[seen[number]]}/plans", plan, 201)
        visit = crew.visit(firm, str(day))
        assert crew.get("old", f"/voice/visits/{visit}/dossier")["machines_due"] == len(due)
        page = crew.park.browse("old").get(f"/voice/visits/{visit}").text
        assert f"{len(due)} 台设备" in page and 'href="/upkeep/park"' in page
        assert crew.api("old").get(f"/upkeep/machines/{machines[seen[due[0]]]}").status_code in (403, 404)


def _the_firm_decides(crew: Crew, firm: str, seen: list[str], ours: list[int], moment: dt.datetime) -> None:
    """Some of what was seen is the firm's, the rest is not; a page and a call do the same."""
    login = firm.lower()
    with clock.frozen(moment):
        told = [one["text"] for one in crew.get(login, "/identity/notifications")["items"]]
        assert sum(f"{len(seen)} 台设备" in text for text in told) == 1
        waiting = crew.get(login, "/upkeep/machine-proposals")
        assert [one["name"] for one in waiting["items"]] == seen
        assert (
            crew.api("e01")
            .post(f"/upkeep/machine-proposals/{waiting['items'][0]['id']}", {"take": True})
            .status_code
            == 404
        )
        page = crew.park.browse(login)
        shown = page.get("/upkeep/").text
        assert all(name in shown for name in seen) and 'href="/voice/mine"' in shown
        for number, one in enumerate(waiting["items"]):
            if number % 2:
                crew.post(login, f"/upkeep/machine-proposals/{one['id']}", {"take": number in ours})
            else:
                act = "take" if number in ours else "drop"
                assert page.post(f"/upkeep/proposals/{one['id']}", data={"act": act}).status_code == 303
        crew.post(login, f"/upkeep/machine-proposals/{waiting['items'][0]['id']}", {"take": True}, 409)
        names = {one["name"] for one in crew.get(login, "/upkeep/machines")["items"]}
        assert names == {seen[number] for number in ours}
        assert crew.get(login, "/upkeep/machine-proposals")["total"] == 0
        assert seen[0] not in page.get("/upkeep/").text or 0 in ours


def test_58_a_register_belongs_to_a_firm_with_a_name(crew: Crew) -> None:
    """A remark in confidence leads into no register: the firm's own list would say who spoke."""
    with clock.frozen(at("2026-11-02T10:00")):
        said = crew.say("E08", "磨床总坏", heard_on="2026-11-02", visibility="park_only")
        path = f"/voice/feedback/{said['id']}/link"
        refused = crew.post("old", path, {"kind": "register", "machines": ["磨床"]}, 409)
        assert reasons(refused) == ["feedback_register_needs_name"]
        assert "建设备台账" not in crew.park.browse("old").get(f"/voice/feedback/{said['id']}").text
