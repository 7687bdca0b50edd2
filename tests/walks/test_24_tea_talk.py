"""Story 24: the most silent of as many industries as possible; one declines, the other guests stay."""

from __future__ import annotations

import uuid

from app.hall import clock
from tests.voice.crew import Crew, at


def test_24_tea_talk_keeps_the_other_nine(crew: Crew) -> None:
    with clock.frozen(at("2026-12-01T10:00")):
        for n, code in enumerate(("E04", "E05", "E06", "E07", "E08", "E09", "E10", "E11", "E12")):
            crew.say(code, "听到", channel="phone", heard_on=f"2026-{n + 1:02d}-05")
        table = crew.get("keeper", "/voice/tea-talk", on="2026-12-10", seats=3)
        assert [one["enterprise"] for one in table["selected"]] == ["E04", "E05", "E06"]
        assert [one["silence_days"] for one in table["selected"]] == [339, 308, 280]
        refused = crew.post(
            "keeper", "/voice/gatherings", {"on": "2026-12-10", "question": "满意吗？累吗？"}, 422
        )
        assert [one["code"] for one in refused["reasons"]] == ["gathering_one_question"]
        body = {"on": "2026-12-10", "question": "最近一次白跑一趟是为什么？", "seats": 3}
        made = crew.post("keeper", "/voice/gatherings", body, 201)
        assert [one["enterprise"] for one in made["invitations"]] == ["E04", "E05", "E06"]
        crew.post("e04", f"/voice/gatherings/{made['id']}/answer", {"answer": "accepted"})
        mine = crew.post("e05", f"/voice/gatherings/{made['id']}/answer", {"answer": "declined"})
        assert [one["enterprise"] for one in mine["invitations"]] == ["E05"]
        assert (
            crew.api("e08").post(f"/voice/gatherings/{made['id']}/answer", {"answer": "declined"}).status_code
            == 404
        )
        shown = crew.get("keeper", f"/voice/gatherings/{made['id']}")["invitations"]
        # i4 E04, i1 E06, i0 E05 declined: of the industries left E07 (i2) is the most silent
        assert [(one["enterprise"], one["state"]) for one in shown] == [
            ("E04", "accepted"),
            ("E05", "declined"),
            ("E06", "sent"),
            ("E07", "sent"),
        ]
        rest = crew.get("keeper", "/voice/tea-talk", on="2027-02-28", seats=3)
        out = {one["enterprise"]: one["reason"] for one in rest["excluded"]}
        assert out["E05"] == "invited_recently"
        later = crew.get("keeper", "/voice/tea-talk", on="2027-03-01", seats=9)
        assert "E05" in [one["enterprise"] for one in later["selected"]]
    with clock.frozen(at("2026-12-10T17:00")):
        crew.post("keeper", f"/voice/gatherings/{made['id']}/hold", {"attended": ["E04", "E07"]})
        note = {"client_id": str(uuid.uuid4()), "enterprise": "E04", "text": "食堂菜太咸"}
        kept = crew.post("keeper", f"/voice/gatherings/{made['id']}/note", note, 201)
        linked = crew.post(
            "keeper", f"/voice/feedback/{kept['id']}/link", {"kind": "problem", "category": "canteen"}
        )
        assert linked["links"][0]["kind"] == "problem"
        states = {
            one["enterprise"]: one["state"]
            for one in crew.get("keeper", f"/voice/gatherings/{made['id']}")["invitations"]
        }
        assert states == {"E04": "attended", "E05": "declined", "E06": "silent", "E07": "attended"}
