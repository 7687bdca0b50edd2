"""What the table's papers tell whom: one firm's weakness is read by the staff, late promises by those at the table."""

from __future__ import annotations

import datetime as dt

import pytest

from app.ecosystem.round_table.agenda import OpenResolution, RefusedDemand, WeakLink, propose
from app.ecosystem.round_table.sight import reader_of
from tests.factories import Park

WITHHELD = "涉及个别单位的议题，仅对有权查看的人员显示"
#: Somebody at the table, somebody who is not, the one who prepares it, those who may know one firm's capacity.
SEAT, STRANGER, SECRETARY, OFFICER, AUDITOR = "e01", "e05", "secretary", "investment", "auditor"


def _agenda(owner: int) -> dict[str, object]:
    found = propose(
        today=dt.date(2027, 3, 2),
        resolutions=[OpenResolution(1, dt.date(2027, 2, 1), owner)],
        weak_links=[
            WeakLink("cathode", 1, 40.0, None, 1),
            WeakLink("anode", 2, 30.0, None, 3),
            WeakLink("salt", 3, 20.0, None, 0),
        ],
        refused=[RefusedDemand("打样", 4, 9.0, 2), RefusedDemand("检测", 3, 6.0, 3)],
    )
    return {item.key: item for item in found}


@pytest.mark.parametrize(
    ("login", "shown"),
    [
        (STRANGER, {"weak:anode", "weak:salt", "refused:检测"}),
        (SEAT, {"weak:anode", "weak:salt", "refused:检测", "resolution:1"}),
        *(
            (
                login,
                {"weak:cathode", "weak:anode", "weak:salt", "refused:打样", "refused:检测", "resolution:1"},
            )
            for login in (SECRETARY, OFFICER, AUDITOR)
        ),
    ],
)
def test_a_subject_of_one_or_two_firms_is_for_those_who_may_know_it(
    demo_park: Park, login: str, shown: set[str]
) -> None:
    with demo_park.app.test_request_context("/"):
        reader = reader_of(demo_park.actor(login))
        agenda = _agenda(owner=demo_park.actor(SECRETARY).organisation_id or 0)
        told = {key: reader.title(item) for key, item in agenda.items()}  # type: ignore[arg-type]
    assert {key for key, title in told.items() if title != WITHHELD} == shown


def test_the_owner_knows_that_it_is_late_and_only_the_officer_reads_the_size_of_a_small_gap(
    demo_park: Park,
) -> None:
    with demo_park.app.test_request_context("/"):
        stranger = demo_park.actor(STRANGER)
        agenda = _agenda(owner=stranger.organisation_id or 0)
        assert "逾期 29 天" in reader_of(stranger).title(agenda["resolution:1"])  # type: ignore[arg-type]
        notes = {
            login: reader_of(demo_park.actor(login)).note(agenda["weak:cathode"])  # type: ignore[arg-type]
            for login in (STRANGER, SECRETARY, OFFICER)
        }
    assert notes == {
        STRANGER: "",
        SECRETARY: "上次会议后新出现",
        OFFICER: "上次会议后新出现，缺口 40 万元",
    }


def test_pages_and_calls_show_the_day_of_a_resolution_to_those_who_may_know_of_delays(
    demo_park: Park,
) -> None:
    shown: dict[str, tuple[bool, bool, bool]] = {}
    for login in (STRANGER, SEAT, OFFICER):
        page = demo_park.browse(login).get("/ecosystem/committee").get_data(as_text=True)
        table = demo_park.api(login).get("/ecosystem/committee").json
        rows = demo_park.api(login).get("/ecosystem/resolutions").json["items"]
        late = any("逾期" in one["title"] for one in table["proposed"])
        shown[login] = ("决议逾期" in page, late, any(one["due_on"] for one in rows))
    assert shown == {STRANGER: (False,) * 3, SEAT: (True,) * 3, OFFICER: (True,) * 3}


def test_the_secretary_reads_no_capacity_of_one_firm_on_the_pages_of_gaps(demo_park: Park) -> None:
    assert "数额仅对招商人员显示" in demo_park.browse(SECRETARY).get("/ecosystem/gaps").get_data(as_text=True)
    assert "数额仅对招商人员显示" not in demo_park.browse(OFFICER).get("/ecosystem/gaps").get_data(
        as_text=True
    )
