"""From two posts to an introduction and a signed outcome, over the API; nobody learns a name too early."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.ecosystem.market.models import Post
from app.ecosystem.matches import service as matches
from tests.factories import Park, words_of

NEED = {
    "title": "寻找正极材料粒度检测",
    "description": "每月十批磷酸铁锂粉体，需要激光粒度检测",
    "tags": ["检测", "材料"],
}
OFFER = {"title": "激光粒度仪对外检测", "description": "可测正极材料粉体的粒度分布", "tags": ["检测"]}


@pytest.fixture
def two(park: Park) -> tuple[Any, Any]:
    """Two firms, a need of the first and a matching offer of the second."""
    park.staff()
    park.trust_posts()
    park.firm("E01", name_zh="江澜电芯", name_en="Jianglan Cells", building="5号楼")
    park.firm("E24", name_zh="明澈检测", name_en="Mingche Testing", building="5号楼")
    park.firm("E30", name_zh="禾芽新材", building="5号楼")
    e01, e24 = park.api("e01"), park.api("e24")
    assert e01.post("/ecosystem/needs", NEED).status_code == 201
    assert e24.post("/ecosystem/offers", OFFER).status_code == 201
    return e01, e24


def only(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.json
    assert answer.json["total"] == 1, answer.json
    return dict(answer.json["items"][0])


def test_need_and_offer_meet(park: Park, two: tuple[Any, Any]) -> None:
    e01, e24 = two
    match = only(e01.get("/ecosystem/matches"))
    assert match["state"] == "proposed" and match["counterpart"] is None and match["side"] == "need"
    # Two in the building would know each other from "close by"; with a third firm in the market they do not.
    assert {r["code"] for r in match["reasons"]} == {"text", "tags"}
    assert all(r["message"] for r in match["reasons"])
    assert park.api("e30").get("/ecosystem/matches").json["total"] == 0

    asked = e01.post(f"/ecosystem/matches/{match['id']}/accept")
    assert asked.status_code == 200 and asked.json["state"] == "asked" and asked.json["counterpart"] is None
    seen = only(e24.get("/ecosystem/matches"))
    assert seen["their_answer"] is True and seen["counterpart"] is None
    done = e24.post(f"/ecosystem/matches/{match['id']}/accept", key="k1")
    assert done.json["state"] == "introduced" and done.json["counterpart"]["code"] == "E01"
    again = e24.post(f"/ecosystem/matches/{match['id']}/accept", key="k1")
    assert again.status_code == 200 and again.json == done.json
    assert e24.post(f"/ecosystem/matches/{match['id']}/accept").status_code == 409
    assert only(e01.get("/ecosystem/matches"))["counterpart"]["name"] == "明澈检测"
    intro = only(e01.get("/ecosystem/introductions"))
    assert intro["id"] == done.json["introduction"] and intro["state"] == "opened"
    assert park.api("e30").get(f"/ecosystem/introductions/{intro['id']}").status_code == 404


def test_no_name_before_both_said_yes(park: Park, two: tuple[Any, Any]) -> None:
    e01, e24 = two
    e24.post(
        "/ecosystem/offers",
        OFFER | {"title": "明澈检测的激光粒度仪正极检测", "description": "致电 13800138000"},
    )
    park.browse("secretary").post("/ecosystem/posts/3/publish")
    match = e01.get("/ecosystem/matches").json["items"][0]
    answers = [
        e01.get("/ecosystem/matches"),
        e01.get("/ecosystem/offers"),
        e01.get("/ecosystem/offers", q="明澈"),
        e01.post(f"/ecosystem/matches/{match['id']}/accept"),
        e01.post(f"/ecosystem/matches/{match['id']}/accept"),
        park.api("e30").post(f"/ecosystem/matches/{match['id']}/accept"),
    ]
    browser = park.browse("e01")
    pages = [
        "market",
        "market?q=粒度",
        "matches",
        f"matches/{match['id']}",
        "posts/2",
        "posts/3",
        "posts/similar?title=激光粒度仪检测&kind=offer",
    ]
    answers += [browser.get(f"/ecosystem/{page}") for page in pages]
    answers += [browser.post(f"/ecosystem/posts/2/{step}") for step in ("withdraw", "publish")]
    for answer in answers:
        text = answer.get_data(as_text=True)
        text = json.dumps(answer.json, ensure_ascii=False) if answer.is_json else words_of(text)
        for secret in ("明澈", "Mingche", "E24", "e24", "13800138000"):
            assert secret not in text, (answer.request.path, secret)
    assert e01.get("/ecosystem/offers", q="明澈").json["total"] == 0
    staff = park.browse("secretary").get(f"/ecosystem/matches/{match['id']}").get_data(as_text=True)
    assert "明澈检测" in staff and "江澜电芯" in staff
    auditor = park.browse("auditor").get(f"/ecosystem/matches/{match['id']}").get_data(as_text=True)
    assert "明澈" not in auditor


def test_no_is_final(park: Park, two: tuple[Any, Any]) -> None:
    """Story 18: however well the pair fits later, it is not proposed again within the period."""
    e01, e24 = two
    match = only(e01.get("/ecosystem/matches"))
    no = e24.post(f"/ecosystem/matches/{match['id']}/decline")
    assert no.status_code == 200 and no.json["state"] == "declined" and no.json["refused_until"]
    assert e01.post(f"/ecosystem/matches/{match['id']}/accept").status_code == 409
    browser = park.browse("e24")
    edited = browser.post(
        "/ecosystem/posts/2/edit",
        data={
            "title": NEED["title"],
            "description": NEED["description"],
            "tags": "检测 材料",
            "visibility": "park",
            "matching": "y",
        },
    )
    assert edited.status_code == 303
    e24.post("/ecosystem/offers", NEED)
    with park.app.app_context():
        matches.propose_all()
    assert [m["state"] for m in e01.get("/ecosystem/matches").json["items"]] == ["declined"]


def test_the_period_ends(park: Park, two: tuple[Any, Any]) -> None:
    import datetime as dt

    from app.hall import clock

    e01, _e24 = two
    match = only(e01.get("/ecosystem/matches"))
    e01.post(f"/ecosystem/matches/{match['id']}/decline", {"reason": "目前没有预算"})
    for days, states in ((179, ["declined"]), (180, ["declined", "proposed"])):
        with clock.frozen(clock.now() + dt.timedelta(days=days)), park.app.app_context():
            from app.hall.db.base import db
            from app.hall.db.transaction import transaction

            with transaction():
                db.session.execute(db.update(Post).values(deadline=clock.today() + dt.timedelta(days=9)))
            matches.propose_all()
        assert sorted(m["state"] for m in e01.get("/ecosystem/matches").json["items"]) == states


def test_outcome_counts_when_the_one_who_got_it_signs(park: Park, two: tuple[Any, Any]) -> None:
    e01, e24 = two
    match = only(e01.get("/ecosystem/matches"))
    e01.post(f"/ecosystem/matches/{match['id']}/accept")
    intro = e24.post(f"/ecosystem/matches/{match['id']}/accept").json["introduction"]
    path = f"/ecosystem/introductions/{intro}"
    for to in ("met", "agreed", "delivering"):
        assert e01.post(f"{path}/move", {"to": to}).status_code == 200
    body = {"metric": "新增订单", "baseline": 0, "actual": 80, "unit": "万元", "period": "2026 年"}
    made = e01.post(f"{path}/outcomes", body, key="o1")
    assert made.status_code == 201 and made.json["state"] == "recorded" and made.json["change"] == 80
    assert e01.post(f"{path}/outcomes", body, key="o1").json == made.json
    assert e01.post(f"{path}/outcomes", body | {"actual": 81}, key="o1").status_code == 409
    confirm = f"{path}/outcomes/{made.json['id']}/confirm"
    assert e01.post(confirm).status_code == 403
    assert park.api("e30").post(confirm).status_code == 404
    assert park.api("investment").post(confirm).status_code == 403
    assert only(e01.get("/ecosystem/introductions"))["confirmed_outcomes"] == 0
    assert e24.post(confirm).json["state"] == "confirmed"
    assert e24.post(confirm).status_code == 409
    seen = only(e01.get("/ecosystem/introductions"))
    assert (seen["state"], seen["confirmed_outcomes"]) == ("verified", 1)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": "abc"},
        {"title": "   x   "},
        NEED | {"tags": ["x" * 31]},
        NEED | {"budget_fen": -1},
        NEED | {"budget_fen": 1.5},
        NEED | {"deadline": "2020-01-01"},
        NEED | {"deadline": "soon"},
        NEED | {"unknown": 1},
        NEED | {"visibility": "everybody"},
        NEED | {"tags": ["江澜电芯"]},
        [],
        "x",
    ],
)
def test_bad_needs_are_refused(park: Park, body: Any) -> None:
    park.firm("E01", name_zh="江澜电芯")
    answer = park.api("e01").post("/ecosystem/needs", body)
    assert answer.status_code == 422, answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"


def test_readers_change_nothing(park: Park) -> None:
    park.staff()
    assert park.api("auditor").post("/ecosystem/needs", NEED).status_code == 403
    assert park.api("reviewer").post("/ecosystem/offers", OFFER).status_code == 403
