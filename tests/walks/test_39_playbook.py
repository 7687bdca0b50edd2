"""Stories 39 and 40: a playbook counts who proved it, and the third small thing at one place is more than small."""

from __future__ import annotations

import datetime as dt

import pytest

from app.hall import clock
from tests.problems.team import codes
from tests.voice.crew import Crew, at
from tests.walks.seeds import SEEDS, draw_for

DAY = dt.timedelta(days=1)
STEPS = ["对账", "见面", "三天内回话", "列出缺的材料"]


@pytest.mark.parametrize("seed", SEEDS)
def test_39_only_who_proved_it_counts(crew: Crew, seed: int) -> None:
    draw = draw_for(39, seed)
    steps = draw.sample(STEPS, draw.randrange(2, 5))
    firms = draw.sample([f"e{n:02d}" for n in range(4, 13)], draw.randrange(4, 8))
    proven = set(draw.sample(firms, draw.randrange(2, len(firms))))
    body = {"code": "micro-loans", "title": "小微企业融资", "category": "finance", "checklist": steps}
    with clock.frozen(at("2026-06-01T10:00")):
        made = crew.post("finance", "/problems/playbooks", body, 201)["id"]
        path = f"/problems/playbooks/{made}"
        crew.post("finance", f"{path}/approve", None, 409)  # who wrote it does not approve it
        crew.post("e04", f"{path}/approve", None, 403)
        crew.post("e04", f"{path}/adoptions", None, 409)  # not before it is in force
        assert crew.post("vp2", f"{path}/approve")["state"] == "in_force"
        for login in firms:
            done = steps if login in proven else steps[: draw.randrange(len(steps))]
            found = crew.api(login).post(f"{path}/adoptions", {"done": done}).json
            assert found["state"] == ("proven" if login in proven else "begun")
        assert (found["adopted"], found["begun"]) == (len(proven), len(firms))
        again = crew.api(firms[0]).post(f"{path}/adoptions", {"done": steps}).json
        assert again["begun"] == len(firms), "a firm that takes it up twice counts once"
        assert again["adopted"] == len(proven | {firms[0]})
        text = crew.park.browse("vp").get("/problems/playbooks").text
        assert "小微企业融资" in text and all(step in text for step in steps)


@pytest.mark.parametrize("seed", SEEDS)
def test_40_three_within_ninety_days_and_all_three_are_answered(crew: Crew, seed: int) -> None:
    team, draw = crew.team, draw_for(40, seed)
    firms = draw.sample([f"e{n:02d}" for n in range(4, 13)], 4)
    days = sorted(draw.sample(range(1, 90), 2))
    start = at("2026-03-02T10:00") + draw.randrange(30) * DAY
    made = []
    for login, after in zip(firms, (0, *days), strict=False):
        with clock.frozen(start + after * DAY):
            made.append(team.report(login, place=team.place))
    assert [one["repeat"] for one in made] == [1, 2, 3]
    with clock.frozen(start + (days[1] + 91) * DAY):  # the last of them is too long ago
        assert team.report(firms[3], place=team.place)["repeat"] == 1
    now = start + days[1] * DAY + dt.timedelta(hours=1)
    with clock.frozen(now):
        page = crew.park.browse("desk").get(f"/problems/{made[2]['number']}").text
        assert made[0]["number"] in page and made[1]["number"] in page, "it names the two before"
        oldest, *younger = (one["id"] for one in made)
        for one in draw.sample(younger, 2):
            team.do("desk", one, "merge", {"into": oldest})
        assert codes(team.do("desk", oldest, "merge", {"into": oldest}, 409))[0] == "merge_into_itself"
        kept = crew.get("desk", f"/problems/{oldest}")
        assert sorted(kept["firms"]) == sorted(f"{login.upper()}公司" for login in firms[:3])
        assert kept["registered_at"] == start.isoformat()
        team.do("property", oldest, "take")
        team.do("property", oldest, "respond", {"text": "一起换"})
        for login in firms[:3]:
            told = crew.get(login, "/identity/notifications")["items"]
            assert sum("有答复" in one["text"] for one in told) == 1, login
