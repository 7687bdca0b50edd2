"""Story 41: three complaints with one cause outside; several owners deliver, and the end answers all three."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest

from app.hall import clock
from app.hall.jobs import deliver_outbox
from tests.problems.team import Team, codes
from tests.voice.crew import Crew, at
from tests.walks.seeds import SEEDS, draw_for

FACTOR, TITLE = "3条地铁在建，限行+2小时", "货运夜间通行"
PROMISES = (("夜间通道", "logistics"), ("通行证", "property"), ("中转站", "finance"))


def _reported(team: Team) -> list[int]:
    found = []
    for firm, text in (("e01", "交货被限行耽误"), ("e02", "货车绕行两小时"), ("e03", "夜里才能进城")):
        found.append(team.assigned("freight", "logistics", login=firm, text=text))
    return found


def _counts(seed: int) -> tuple[int, int, int, int]:
    """Complaints and firm-months before and after; the story's own, then others by the seed."""
    if seed == 1:
        return 1, 6, 9, 3
    draw = draw_for(41, seed)
    return draw.randrange(3), draw.randrange(5, 13), draw.randrange(5, 12), draw.randrange(1, 5)


def _chance(k0: int, e0: int, k1: int, e1: int) -> Fraction:
    """So many or more of them afterwards, had nothing changed."""
    n, share = k0 + k1, Fraction(e1, e0 + e1)
    return sum((comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(k1, n + 1)), Fraction(0))


@pytest.mark.parametrize("seed", SEEDS)
def test_41_outside_the_park(crew: Crew, seed: int) -> None:
    team = crew.team
    k0, e0, k1, e1 = _counts(seed)
    percent = f"{float(100 * _chance(k0, e0, k1, e1)):.2f}%"
    with clock.frozen(at("2026-09-07T10:00")):
        problems = _reported(team)
        body = {"factor": FACTOR, "since_on": "2026-09-01", "title": TITLE, "category": "freight"}
        counted = {
            "before": {"complaints": k0, "firm_months": e0},
            "after": {"complaints": k1, "firm_months": e1},
        }
        few = team.api("vp").post("/problems/initiatives", {**body, "problems": problems[:2]})
        assert few.status_code == 422 and few.json["type"] == "urn:parklink:initiative_too_few"
        assert (
            team.api("e01").post("/problems/initiatives", {**body, "problems": problems}).status_code == 403
        )
        made = crew.post("vp", "/problems/initiatives", {**body, **counted, "problems": problems}, 201)
        assert made["p"] == pytest.approx(float(_chance(k0, e0, k1, e1)))
        assert seed > 1 or percent == "0.04%"
        number = made["initiative"]
        again = crew.post(
            "vp", "/problems/initiatives", {**body, **counted, "problems": _reported(team)}, 201
        )
        assert again["initiative"] == number  # one cause of one day has one open initiative
        assert crew.get("e01", f"/problems/{problems[0]}")["state"] == "handed_over"
        crew.post("secretary", "/ecosystem/committee", {"name": "委员会"}, 201)
        [item] = [
            one
            for one in crew.get("secretary", "/ecosystem/committee")["proposed"]
            if one["kind"] == "initiative"
        ]
        assert FACTOR in item["title"]
        page = team.park.browse("secretary").get(f"/ecosystem/initiatives/{number}").text
        assert percent in page and "不" not in page[: page.index(percent)][-3:]

        path = f"/ecosystem/initiatives/{number}"
        assert team.api("logistics").post(f"{path}/agree", {"lead": "logistics"}).status_code == 403
        crew.post("secretary", f"{path}/agree", {"lead": "logistics"})
        for what, owner in PROMISES:
            promise = {"what": what, "owner": owner, "quantity": 1, "unit": "个", "promised_on": "2026-10-30"}
            crew.post("logistics", f"{path}/deliverables", promise, 201)
        early = team.api("logistics").post(f"{path}/end", {"text": "完成"})
        assert (early.status_code, early.json["type"]) == (409, "urn:parklink:initiative_undelivered")
    with clock.frozen(at("2026-10-31T10:00")):
        late = [
            one
            for one in crew.get("secretary", "/ecosystem/committee")["proposed"]
            if one["kind"] == "initiative"
        ]
        assert "3" in late[0]["note"]
        rows = crew.get("vp", path)["deliverables"]
        for row, (_what, owner) in zip(rows, PROMISES, strict=True):
            crew.post(owner, f"{path}/deliverables/{row['id']}", {"delivered": 1})
        crew.post("logistics", f"{path}/end", {"text": "夜间通道、通行证、中转站都已就绪。"})
        with team.park.app.app_context():
            deliver_outbox()
        for firm, problem in zip(("e01", "e02", "e03"), problems, strict=True):
            assert crew.get(firm, f"/problems/{problem}")["state"] == "resolved"
            told = crew.get(firm, "/identity/notifications")["items"]
            assert any("已处理，解决了吗" in one["text"] for one in told), firm
            shown = (
                team.park.browse(firm)
                .get(f"/problems/{crew.get(firm, f'/problems/{problem}')['number']}")
                .text
            )
            assert "夜间通道、通行证、中转站都已就绪。" in shown
            confirmed = team.do(firm, problem, "confirm", {"solved": "yes"})
            assert confirmed["state"] == "confirmed"


def test_41_counted_by_the_parks_own_rows_and_given_up(crew: Crew) -> None:
    team = crew.team
    with clock.frozen(at("2026-08-03T10:00")):
        team.report("e01", category="freight", text="送货晚了")
    with clock.frozen(at("2026-09-07T10:00")):
        problems = _reported(team)
        body = {
            "factor": FACTOR,
            "since_on": "2026-09-01",
            "title": TITLE,
            "category": "freight",
            "months": 3,
            "problems": problems,
        }
        made = crew.post("desk", "/problems/initiatives", body, 201)
        assert (made["before"]["complaints"], made["after"]["complaints"]) == (1, 3)
        firms = made["after"]["firm_months"]  # one month begun for each firm that was there
        assert made["before"]["firm_months"] == 3 * firms >= 9
        refused = team.do("desk", problems[0], "assign", {"departments": ["it"], "responsible": "it"}, 409)
        assert codes(refused) == ["not_in_this_state"]
        path = f"/ecosystem/initiatives/{made['initiative']}"
        crew.post("secretary", f"{path}/drop", {"text": "市里已经解决"})
        back = crew.get("logistics", f"/problems/{problems[0]}")
        assert back["state"] == "assigned" and back["clock"]["state"] == "running"
        assert team.api("secretary").post(f"{path}/drop", {"text": "再放弃"}).status_code == 409
