"""Story 25: the channels of a quarter side by side; activities before and after they were changed (story 49)."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from app.hall import clock
from tests.voice.crew import Crew, at
from tests.walks.seeds import SEEDS, draw_for
from tests.walks.shown import half_up


@pytest.mark.parametrize("seed", SEEDS)
def test_a_contact_over_tea_brings_more_problems_than_one_online(crew: Crew, seed: int) -> None:
    draw = draw_for(25, seed)
    contacts, found_online = draw.randrange(4, 10), draw.randrange(1, 4)
    guests = draw.sample([f"E{n:02d}" for n in range(4, 13)], draw.randrange(2, 5))
    complaints = [draw.randrange(1, 4) for _guest in guests]
    with clock.frozen(at("2026-11-05T10:00")):
        for n in range(contacts):  # a firm and a day each: one conversation
            day = dt.date(2026, 10, 12) + dt.timedelta(days=n)
            one = crew.say("E04", f"线上 {n}", channel="online", heard_on=str(day))
            if n < found_online:
                link = {"kind": "problem", "category": "canteen"}
                crew.post("old", f"/voice/feedback/{one['id']}/link", link)
        for code, many in zip(guests, complaints, strict=True):
            for n in range(many):
                said = crew.say(code, f"茶会第 {n} 句", channel="tea_talk", heard_on="2026-11-03")
                link = {"kind": "problem", "category": "other"}
                crew.post("old", f"/voice/feedback/{said['id']}/link", link)
        found = crew.get("analyst", "/voice/channels", on="2026-11-05")
        rows = {row["channel"]: row for row in found["channels"]}
        online, tea = rows["online"], rows["tea_talk"]
        assert (online["contacts"], online["problems"], online["problems_per_contact"]) == (
            contacts,
            found_online,
            half_up(Fraction(found_online, contacts), 2),
        )
        assert (tea["contacts"], tea["problems"], tea["problems_per_contact"]) == (
            len(guests),
            sum(complaints),
            half_up(Fraction(sum(complaints), len(guests)), 2),
        )
        times = half_up(Fraction(sum(complaints), len(guests)) / Fraction(found_online, contacts), 1)
        assert found["best"] == {"channel": "tea_talk", "against": "online", "times": times}
        assert rows["paper"]["dead"] and not online["dead"]
        page = crew.park.browse("vp").get("/voice/channels?on=2026-11-05").text
        assert f"{times:.1f}" in page and "没有声音的渠道" in page


def test_an_activity_is_compared_with_the_one_before_it(crew: Crew) -> None:
    last = 0
    for day, came, changed in (("2026-09-04", 20, ""), ("2026-10-09", 41, "周五 16:00，讲案例")):
        with clock.frozen(at(f"{day}T09:00")):
            body = {"kind": "activity", "on": day, "title": "分享会", "series": "每月", "invited": 50}
            last = crew.post("keeper", "/voice/gatherings", {**body, "changed": changed}, 201)["id"]
            refused = crew.post("keeper", f"/voice/gatherings/{last}/hold", {"came": 51}, 422)
            assert [one["code"] for one in refused["reasons"]] == ["gathering_counts_wrong"]
            held = crew.post("keeper", f"/voice/gatherings/{last}/hold", {"came": came})
    assert (held["percent"], held["before"]["percent"]) == (82.0, 40.0)
    assert (held["before"]["points"], held["before"]["relative_percent"]) == (42.0, 105.0)
    assert "+42.0 个百分点" in crew.park.browse("keeper").get(f"/voice/gatherings/{last}").text


def test_layers_of_few_voices_are_hidden_with_what_would_give_them_away(crew: Crew) -> None:
    """Large 1 and medium 0 add up to fewer than five: the next smallest, five small ones, is hidden too."""
    crew.park.firm("E13", size="micro", registered_on=dt.date(2020, 1, 6))
    with clock.frozen(at("2026-11-05T10:00")):
        for code in ("E06", "E07", "E10", "E11", "E13", "E04"):
            crew.say(code, "听到", channel="phone", heard_on="2026-11-02")
        layers = {one["layer"]: one["heard"] for one in crew.get("vp", "/voice/channels")["layers"]}
        assert [layers[one] for one in ("large", "medium", "small_micro")] == [None] * 3
        for code in ("E04", "E08", "E12", "E05", "E09"):
            crew.say(code, "也听到", channel="phone", heard_on="2026-11-03")
        layers = {one["layer"]: one["heard"] for one in crew.get("vp", "/voice/channels")["layers"]}
        # large 3 and medium 2 are hidden; together they are five, so the rest may be read
        assert [layers[one] for one in ("large", "medium", "small_micro")] == [None, None, 5]
