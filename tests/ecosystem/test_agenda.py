"""The computed agenda: promises first, then shared concerns, weak links and refused demand."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.ecosystem import agenda, pipeline, roundtable
from app.ecosystem.agenda import Idle, OpenResolution, RefusedDemand, Voice, WeakLink, propose

TODAY = date(2026, 11, 23)


def test_six_of_eight_specialised_firms() -> None:
    """Story 17: six of eight 专精特新 firms say 技术转化难; the same firm twice counts once."""
    hard = frozenset({"技术转化难"})
    voices = [Voice("signal", i, i, hard) for i in range(1, 7)] + [Voice("need", 1, 1, hard)]
    offers = [Idle(5, 50, hard), Idle(6, 50, frozenset({"仓储"})), Idle(7, 1, hard)]
    (item,) = propose(today=TODAY, voices=voices, idle=offers, groups={"专精特新": frozenset(range(1, 9))})
    assert item.params == {
        "topic": "技术转化难", "by": "tag", "firms": 6, "offers": 1,
        "group": "专精特新", "inside": 6, "size": 8,
    }  # fmt: skip
    assert item.evidence[-1] == ("offer", 5)


def test_two_firms_are_not_yet_a_concern() -> None:
    assert propose(today=TODAY, voices=[Voice("need", i, i, frozenset({"检测"})) for i in (1, 2)]) == []


def test_order() -> None:
    items = propose(
        today=TODAY,
        voices=[Voice("need", i, i, segment="cathode") for i in (1, 2, 3)],
        resolutions=[
            OpenResolution(1, date(2026, 11, 22)),
            OpenResolution(2, date(2026, 11, 1)),
            OpenResolution(3, TODAY),
        ],
        weak_links=[
            WeakLink("cathode", 1, 10200.0, None),
            WeakLink("anode", 3, 600.0, 3),
            WeakLink("precursor", 2, 990.0, 4),
        ],
        refused=[RefusedDemand("光谱仪", 12, 40.0, 5), RefusedDemand("细胞仪", 2, 9.0, 2)],
    )
    assert [i.key for i in items] == [
        "resolution:2", "resolution:1", "segment:cathode", "weak:cathode", "weak:precursor", "refused:光谱仪",
    ]  # fmt: skip


def test_one_group_of_voices_is_one_item() -> None:
    """Three needs with the same tag and the same segment are one concern, not two."""
    voices = [Voice("need", i, i, frozenset({"检测"}), "cathode") for i in (1, 2, 3)]
    assert [i.key for i in propose(today=TODAY, voices=voices)] == ["tag:检测"]


@given(
    st.lists(st.tuples(st.integers(1, 6), st.sampled_from("abc")), max_size=20),
    st.randoms(use_true_random=False),
)
def test_row_order_does_not_matter(rows: list[tuple[int, str]], rng: object) -> None:
    voices = [Voice("need", n, org, frozenset({tag})) for n, (org, tag) in enumerate(rows)]
    shuffled = list(voices)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert propose(today=TODAY, voices=shuffled) == propose(today=TODAY, voices=voices)


def test_five_projects_in_time_and_one_on_day_190() -> None:
    start = date(2026, 1, 5)
    days = (90, 120, 150, 182, 183, 190)
    projects = [pipeline.Project(i, start, start + timedelta(days=n)) for i, n in enumerate(days)]
    assert sum(map(pipeline.in_time, projects)) == 5
    assert [h.in_time for h in pipeline.half_years(projects)] == [2, 3]


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.lists(st.dates(date(2020, 1, 1), date(2030, 1, 1)), max_size=30),
)
def test_every_past_month_is_held_or_overdue(founded: date, held: list[date]) -> None:
    today = date(2026, 11, 23)
    overdue = roundtable.overdue_months(founded, held, today)
    met = {(d.year, d.month) for d in held}
    past = [m for m in roundtable.months(founded, today) if m >= founded and m < date(2026, 11, 1)]
    assert sorted(overdue + [m for m in past if (m.year, m.month) in met]) == past


@given(st.integers(1, 30), st.lists(st.sampled_from(["yes", "no", "abstain"]), max_size=30))
def test_no_vote_is_carried_without_a_majority_of_seats_present(seats: int, votes: list[str]) -> None:
    count = roundtable.tally(seats, votes[:seats])
    assert count.quorate == (len(votes[:seats]) * 2 > seats)
    assert not count.carried or (count.quorate and count.yes > count.no)


def test_machines_have_no_way_out_of_their_ends() -> None:
    for machine, states in pipeline.MACHINES.items():
        for steps in states.values():
            assert set(steps) <= set(states), machine
    assert agenda.ORDER[0] == "overdue"
