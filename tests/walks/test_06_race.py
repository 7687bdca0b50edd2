"""Story 6: twenty members want the same hour at the same moment; one gets it, nobody sees an error page."""

from __future__ import annotations

from collections import Counter
from functools import partial

from tests.factories import Park
from tests.live import at_once, call, serving
from tests.walks.test_05_all_reasons import at, next_weekday, spectrometer

MEMBERS = 20


def test_twenty_members_one_hour(park: Park) -> None:
    park.firm("E01")
    for number in range(2, MEMBERS + 2):
        park.firm(f"E{number:02d}")
    resource = spectrometer(park.api("e01"))
    tokens = [
        park.api(f"e{number:02d}").headers["Authorization"].removeprefix("Bearer ")
        for number in range(2, MEMBERS + 2)
    ]
    monday = next_weekday(1)
    wish = {"resource": resource, "start": at(monday, 9), "end": at(monday, 10), "purpose": "测试"}
    with serving(park.app, threads=MEMBERS) as base:
        answers = at_once([partial(call, base, "POST", "/sharing/bookings", token, wish) for token in tokens])
    assert Counter(status for status, _ in answers) == {201: 1, 409: MEMBERS - 1}
    for status, body in answers:
        if status == 409:
            assert [reason["code"] for reason in body["reasons"]] == ["taken"]
            assert body["alternatives"]
