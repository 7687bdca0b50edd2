"""Story 17: firms of one kind share a concern, the agenda proposes it, a resolution founds a base, projects come in time."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from app.hall import clock
from tests.factories import Api, Park

DAY = clock.at(dt.date(2026, 11, 23), 10)
LABEL, CONCERN = "高新技术企业", "检测排队久"
# The story's own numbers and other ones: how many firms of the kind there are, how many of them say it.
SHARES = [(8, 6), (5, 3)]


def firms_of(park: Park, count: int) -> list[str]:
    """So many firms of a kind, a university, the staff."""
    park.staff()
    university = park.organisation("U01", "university", name_zh="东圩理工大学")
    park.member("university", university, "university_office")
    codes = [f"S{n:02d}" for n in range(1, count + 1)]
    for code in codes:
        park.firm(code, name_zh=f"{code}专精企业")
    return codes


def done(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.json


def table(park: Park, codes: list[str]) -> Api:
    """A committee of the park, the university and three firms; answers its secretary."""
    secretary = park.api("secretary")
    done(secretary.post("/ecosystem/committee", {"name": "生态协同委员会"}), 201)
    done(secretary.post("/ecosystem/committee/labels", {"label": LABEL, "enterprises": codes}))
    for code in ("PARK", "U01", *codes[:3]):
        done(secretary.post("/ecosystem/committee/seats", {"organisation": code}), 201)
    return secretary


@pytest.mark.parametrize(("size", "saying"), SHARES)
def test_a_shared_concern_becomes_a_resolution_and_a_base(park: Park, size: int, saying: int) -> None:
    with clock.frozen(DAY):
        codes = firms_of(park, size)
        secretary, investment = table(park, codes), park.api("investment")
        for code in codes[:saying]:
            signal = {"kind": "visit", "text": "走访记录", "enterprise": code, "tags": [CONCERN]}
            done(investment.post("/ecosystem/signals", signal), 201)
            done(investment.post("/ecosystem/signals", signal), 201)  # said twice, counted once
        board = done(secretary.get("/ecosystem/committee"))
        assert board["missing_kinds"] == ["institute", "association", "bank"]
        sentence = f"{size} 家{LABEL}企业中有 {saying} 家提出「{CONCERN}」"
        assert [item["title"] for item in board["proposed"]] == [sentence]

        times = {"start": (DAY - dt.timedelta(hours=1)).isoformat(), "end": DAY.isoformat()}
        assert park.api("s01").post("/ecosystem/meetings", times).status_code == 403
        meeting = done(secretary.post("/ecosystem/meetings", times), 201)
        (item,) = meeting["agenda"]
        assert item["title"] == sentence
        path = f"/ecosystem/meetings/{meeting['id']}/items/{item['id']}"
        wish = {"text": "共建联合基地", "owner": "U01", "due_on": "2026-12-31"}

        assert secretary.post(f"{path}/resolutions", wish).status_code == 409  # nobody voted
        done(park.api("s01").post(f"{path}/vote", {"choice": "yes"}))
        done(park.api("university").post(f"{path}/vote", {"choice": "yes"}))
        assert secretary.post(f"{path}/resolutions", wish).status_code == 409  # two of five: no quorum
        outsider = park.api(codes[-1].lower()) if size > 3 else park.api("auditor")
        assert outsider.post(f"{path}/vote", {"choice": "yes"}).status_code == 403  # no seat
        done(park.api("s02").post(f"{path}/vote", {"choice": "no"}))
        seen = done(secretary.get(f"/ecosystem/meetings/{meeting['id']}"))["agenda"][0]["vote"]
        assert (seen["yes"], seen["no"], seen["quorum"], seen["carried"]) == (2, 1, 3, True)
        resolution = done(secretary.post(f"{path}/resolutions", wish), 201)
        form = park.browse("secretary").get(f"/ecosystem/bases/new?resolution={resolution['id']}")
        chosen = re.findall(r"<option selected value=\"\d+\">(S\d\d)专精企业", form.get_data(as_text=True))
        assert chosen == codes[:saying]  # those who said it are chosen already
        minutes = f"/ecosystem/meetings/{meeting['id']}/minutes"
        done(secretary.post(minutes, {"minutes": "同意共建，学校牵头。"}))
        assert park.api("s03").post(f"{path}/vote", {"choice": "no"}).status_code == 409  # it is over
        assert done(park.api("s03").get(f"/ecosystem/meetings/{meeting['id']}"))["minutes"]
        assert done(outsider.get(f"/ecosystem/meetings/{meeting['id']}"))["minutes"] is None  # no seat

        base = {
            "name": "成果转化联合基地",
            "university": "U01",
            "enterprises": codes[:saying],
            "founded_on": "2026-11-23",
        }
        done(secretary.post("/ecosystem/bases", base | {"resolution": resolution["id"]}), 201)
        page = park.browse(codes[-1].lower()).get("/ecosystem/projects").get_data(as_text=True)
        assert "成果转化联合基地" in page

    with clock.frozen(DAY + dt.timedelta(days=45)):  # 7 January: December had no meeting
        board = done(secretary.get("/ecosystem/committee"))
        assert board["overdue_months"] == ["2026-12"]
        assert [i["kind"] for i in board["proposed"]] == ["overdue", "concern"]  # a promise comes first
        assert board["proposed"][0]["title"] == "决议逾期 7 天：共建联合基地"
        page = park.browse("secretary").get("/ecosystem/committee").get_data(as_text=True)
        assert "有 1 个月没有召开会议：2026-12" in page
        drop = f"/ecosystem/committee/resolutions/{resolution['id']}/dropped"
        assert drop in page  # the secretary may say that it is no longer pursued, its owner may not
        owner = park.browse("university")
        assert drop not in owner.get("/ecosystem/committee").get_data(as_text=True)
        assert owner.post(drop, data={"note": "x"}).status_code == 403
        close = f"/ecosystem/resolutions/{resolution['id']}/done"
        assert park.api("s01").post(close, {"note": "x"}).status_code == 403
        done(park.api("university").post(close, {"note": "已挂牌"}))
        assert [i["kind"] for i in done(secretary.get("/ecosystem/committee"))["proposed"]] == ["concern"]


# Days from the start to production, and how many of them are in time (at most 183 days).
COURSES = [((60, 100, 150, 182, 183, 190), 5), ((1, 183, 184, 366), 2)]


@pytest.mark.parametrize(("days", "in_time"), COURSES)
def test_half_a_year_has_183_days(park: Park, days: tuple[int, ...], in_time: int) -> None:
    start = dt.date(2025, 3, 2)
    with clock.frozen(DAY):
        codes = firms_of(park, len(days))
        university = park.api("university")
        body = {"university": "U01", "started_on": str(start)}
        for code, length in zip(codes, days, strict=True):
            made = done(
                university.post("/ecosystem/projects", body | {"title": f"{code} 项目", "enterprise": code}),
                201,
            )
            path = f"/ecosystem/projects/{made['id']}"
            for step, stage in enumerate(("match", "research", "pilot", "production"), start=1):
                on = start + dt.timedelta(days=length * step // 4)
                done(university.post(f"{path}/advance", {"stage": stage, "on": str(on)}))
            assert university.post(f"{path}/advance", {"stage": "pilot", "on": str(start)}).status_code in (
                409,
                422,
            )
            assert done(university.get(path))["days"] == length
        rows = done(university.get("/ecosystem/projects"))["items"]
        assert sum(row["in_time"] for row in rows) == in_time
        stranger = park.firm("S99")
        assert stranger
        page = park.browse("s99").get("/ecosystem/projects").get_data(as_text=True)
        assert page.count("达标</span>") == in_time and page.count("超期</span>") == len(days) - in_time
        assert all(f"{code} 项目" not in page and f"{code}专精企业" not in page for code in codes)
        assert park.api("s99").get(f"/ecosystem/projects/{rows[0]['id']}").status_code == 404
