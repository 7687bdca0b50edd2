"""Story 24: the most silent of as many industries as possible; one declines, the other guests stay."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid

import pytest

from app.hall import clock
from tests.voice.crew import Crew, at
from tests.walks.seeds import SEEDS, draw_for


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


@pytest.mark.parametrize("seed", SEEDS)
def test_24_no_other_table_is_better_and_a_decline_keeps_the_rest(crew: Crew, seed: int) -> None:
    """Nine firms of five industries, heard on drawn days: every table of so many seats is compared by hand."""
    draw = draw_for(24, seed)
    day, seats = dt.date(2026, 12, 10), draw.randrange(3, 6)
    firms = {f"E{n:02d}": f"i{n % 5}" for n in range(4, 13)}
    heard = {code: day - dt.timedelta(days=draw.randrange(20, 300)) for code in firms}
    with clock.frozen(at("2026-12-01T10:00")):
        for code, when in heard.items():
            crew.say(code, "听到", channel="phone", heard_on=str(when))
        for login in ("e01", "e02", "e03"):  # three that want no invitation
            assert (
                crew.park.browse(login).post("/voice/invitations/out", data={"out": "1"}).status_code == 303
            )

        def worth(table: tuple[str, ...]) -> tuple[int, int, int]:
            kinds = [firms[code] for code in table]
            silence = sum((day - heard[code]).days for code in table)
            return len(set(kinds)), -sum(kinds.count(one) ** 2 for one in set(kinds)), silence

        found = crew.get("keeper", "/voice/tea-talk", on=str(day), seats=seats)
        chosen = tuple(one["enterprise"] for one in found["selected"])
        assert worth(chosen) == max(map(worth, itertools.combinations(firms, seats)))
        body = {"on": str(day), "question": "最近一次白跑一趟是为什么？", "seats": seats}
        made = crew.post("keeper", "/voice/gatherings", body, 201)
        gone = draw.choice(chosen)
        crew.post(gone.lower(), f"/voice/gatherings/{made['id']}/answer", {"answer": "declined"})
        invited = crew.get("keeper", f"/voice/gatherings/{made['id']}")["invitations"]
        kept = {one["enterprise"] for one in invited if one["state"] != "declined"}
        assert set(chosen) - {gone} < kept and len(kept) == seats and gone not in kept
        [new] = kept - set(chosen)
        others = [tuple(sorted({*chosen, code} - {gone})) for code in firms if code not in chosen]
        assert worth(tuple(sorted(kept))) == max(map(worth, others)), new
