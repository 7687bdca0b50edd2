"""A need or offer is read by the secretary before it goes out; the park may switch that off."""

from __future__ import annotations

import pytest

from tests.factories import Park

NEED = {"title": "寻找液压站维修", "description": "两台液压站漏油，需要上门维修", "tags": ["维修"]}
OFFER = {"title": "液压站维修服务", "description": "液压站维修与换油，当天上门", "tags": ["维修"]}


@pytest.fixture
def two(park: Park) -> Park:
    park.staff()
    park.firm("E61", name_zh="望舒机电")
    park.firm("E62", name_zh="潮平液压")
    return park


def test_a_new_park_reads_everything_before_it_is_published(two: Park) -> None:
    asking, giving, secretary = two.api("e61"), two.api("e62"), two.api("secretary")
    need = asking.post("/ecosystem/needs", NEED)
    assert need.status_code == 201
    assert (need.json["state"], need.json["in_review"]) == ("draft", True)
    offer = giving.post("/ecosystem/offers", OFFER).json["id"]
    assert giving.get("/ecosystem/needs").json["total"] == 0
    assert giving.get(f"/ecosystem/posts/{need.json['id']}").status_code == 404
    assert asking.get("/ecosystem/matches").json["total"] == 0

    approve = f"/ecosystem/posts/{need.json['id']}/approve"
    assert asking.post(approve).status_code == 403
    assert two.api("auditor").post(approve).status_code == 403
    assert [p["id"] for p in secretary.get("/ecosystem/reviews").json["items"]] == [need.json["id"], offer]
    assert secretary.post(approve, key="k").json["state"] == "published"
    assert secretary.post(approve, key="k").status_code == 200  # a retry hears the first answer
    assert secretary.post(approve).status_code == 409
    assert secretary.post("/ecosystem/posts/9999/approve").status_code == 404

    returned = f"/ecosystem/posts/{offer}/return"
    assert secretary.post(returned, {"note": ""}).status_code == 422
    assert secretary.post(returned, {"note": "请写明服务范围"}).status_code == 200
    page = two.browse("e62").get(f"/ecosystem/posts/{offer}").get_data(as_text=True)
    assert "请写明服务范围" in page
    assert giving.post(f"/ecosystem/posts/{offer}/submit").json["in_review"] is True
    assert secretary.post(f"/ecosystem/posts/{offer}/approve").status_code == 200
    assert asking.get("/ecosystem/matches").json["total"] == 1


def test_several_posts_are_answered_together_each_judged_by_itself(two: Park) -> None:
    need = two.api("e61").post("/ecosystem/needs", NEED).json["id"]
    offer = two.api("e62").post("/ecosystem/offers", OFFER).json["id"]
    third = two.api("e62").post("/ecosystem/offers", OFFER | {"title": "液压油检测"}).json["id"]
    secretary = two.browse("secretary")
    page = secretary.get("/ecosystem/review").text
    assert all(f'name="chosen" value="{post}"' in page for post in (need, offer, third))
    two.api("secretary").post(f"/ecosystem/posts/{need}/approve")
    both = {"chosen": [str(need), str(offer)], "decision": "publish"}
    assert two.browse("e61").post("/ecosystem/review", data=both).status_code == 403
    shown = secretary.post("/ecosystem/review", data=both, follow_redirects=True).text
    assert "已处理 1 条" in shown and f"供需 {need}：" in shown  # it was read already
    back = {"chosen": [str(third)], "decision": "return"}
    assert f"供需 {third}：" in secretary.post("/ecosystem/review", data=back, follow_redirects=True).text
    secretary.post("/ecosystem/review", data=back | {"note": "请写明检测项目"})
    states = [two.api("e62").get(f"/ecosystem/posts/{post}").json for post in (offer, third)]
    assert [(one["state"], one.get("in_review")) for one in states] == [
        ("published", False),
        ("draft", False),
    ]
    assert "请写明检测项目" in two.browse("e62").get(f"/ecosystem/posts/{third}").text


def test_changed_words_are_read_again(two: Park) -> None:
    number = two.api("e61").post("/ecosystem/needs", NEED).json["id"]
    two.api("secretary").post(f"/ecosystem/posts/{number}/approve")
    browser = two.browse("e61")
    same = {"title": NEED["title"], "description": NEED["description"], "tags": "维修", "visibility": "park"}
    for change, state in (({"tags": "维修 液压"}, "published"), ({"title": "寻找别的什么东西"}, "draft")):
        assert browser.post(f"/ecosystem/posts/{number}/edit", data=same | change).status_code == 303
        assert two.api("e61").get(f"/ecosystem/posts/{number}").json["state"] == state


def test_the_park_may_trust_its_firms(two: Park) -> None:
    rules = {"refusal_days": 180, "most_open": 8, "least_percent": 30, "answer_days": 30, "review": "rules"}
    assert two.browse("e61").post("/ecosystem/review/policy", data=rules).status_code == 403
    assert two.browse("secretary").post("/ecosystem/review/policy", data=rules).status_code == 303
    asking, giving = two.api("e61"), two.api("e62")
    assert asking.post("/ecosystem/needs", NEED).json["state"] == "published"
    assert giving.post("/ecosystem/offers", OFFER).json["state"] == "published"
    assert asking.get("/ecosystem/matches").json["total"] == 1
    held = asking.post("/ecosystem/needs", NEED | {"description": "请加微信：hydro_88888"})
    assert (held.json["state"], held.json["flags"]) == ("draft", ["contact"])
    assert asking.post(f"/ecosystem/posts/{held.json['id']}/withdraw").json["state"] == "withdrawn"
    assert giving.post(f"/ecosystem/posts/{held.json['id']}/withdraw").status_code == 404


def test_the_demo_park_publishes_at_once(demo_park: Park) -> None:
    """What an outside script does: a need of one firm, an offer of another, and there is a match."""
    asking, giving = demo_park.api("e06"), demo_park.api("e09")
    need = asking.post("/ecosystem/needs", NEED).json["id"]
    offer = giving.post("/ecosystem/offers", OFFER).json["id"]
    found = asking.get("/ecosystem/matches", state="open").json["items"]
    assert (need, offer) in [(m["need"]["id"], m["offer"]["id"]) for m in found]
