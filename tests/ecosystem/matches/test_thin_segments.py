"""Where only one firm stands on a link of the chain, naming the link would name the firm: it stays hidden."""

from __future__ import annotations

from tests.factories import Park


def test_a_lonely_segment_is_hidden_until_both_said_yes(demo_park: Park) -> None:
    """E04 alone makes cathode material; three firms make casings."""
    asking, giving = demo_park.api("e06"), demo_park.api("e04")
    giving.post("/ecosystem/offers", {"title": "高镍正极试样寄送", "tags": ["试样"], "segment": "cathode"})
    need = {"title": "高镍正极试样寄送", "tags": ["试样"], "segment": "cathode"}
    assert (
        asking.post("/ecosystem/needs", need).json["segment"] == "cathode"
    )  # one's own words stay one's own
    crowded = demo_park.api("e11").post(
        "/ecosystem/offers", {"title": "铝壳试样寄送", "tags": ["铝壳"], "segment": "casing"}
    )
    seen = asking.get("/ecosystem/offers", q="高镍正极试样").json["items"]
    assert [row["segment"] for row in seen] == [None]
    assert asking.get(f"/ecosystem/posts/{crowded.json['id']}").json["segment"] == "casing"
    assert asking.get("/ecosystem/offers", segment="cathode").json["total"] == 0  # nor is it found by asking
    assert asking.get("/ecosystem/offers", segment="casing").json["total"] > 0

    match = next(
        m for m in asking.get("/ecosystem/matches").json["items"] if m["offer"]["title"] == need["title"]
    )
    codes = {reason["code"] for reason in match["reasons"]}
    assert "segment_related" in codes and "segment_same" not in codes
    assert match["offer"]["segment"] is None and match["need"]["segment"] == "cathode"
    browser = demo_park.browse("e06")
    for page in (f"matches/{match['id']}", "matches", f"posts/{match['offer']['id']}"):
        text = browser.get(f"/ecosystem/{page}").get_data(as_text=True)
        assert "同属「正极材料」环节" not in text
    staff = demo_park.browse("secretary").get(f"/ecosystem/matches/{match['id']}").get_data(as_text=True)
    assert "同属「正极材料」环节" in staff

    asking.post(f"/ecosystem/matches/{match['id']}/accept")
    done = giving.post(f"/ecosystem/matches/{match['id']}/accept").json
    assert "segment_same" in {reason["code"] for reason in done["reasons"]}
