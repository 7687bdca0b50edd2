"""The computed agenda: promises first, then shared concerns, weak links and refused demand."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.ecosystem.round_table.agenda import (
    ORDER,
    Idle,
    OpenResolution,
    RefusedDemand,
    Voice,
    WeakLink,
    propose,
)

TODAY = date(2026, 11, 23)


def test_six_of_eight_specialised_firms() -> None:
    """Story 17: six of eight 专精特新 firms say 技术转化难; the same firm twice counts once."""
    hard = frozenset({"技术转化难"})
    voices = [Voice("signal", i, i, hard) for i in range(1, 7)] + [Voice("need", 1, 1, hard)]
    offers = [Idle(5, 50, hard), Idle(6, 50, frozenset({"仓储"})), Idle(7, 1, hard)]
    (item,) = propose(today=TODAY, voices=voices, idle=offers, groups={"专精特新": frozenset(range(1, 9))})
    assert item.params == {
        "topic": "技术转化难",
        "by": "tag",
        "firms": 6,
        "offers": 1,
        "group": "专精特新",
        "inside": 6,
        "size": 8,
    }
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
        "resolution:2",
        "resolution:1",
        "segment:cathode",
        "weak:cathode",
        "weak:precursor",
        "refused:光谱仪",
    ]


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


def test_a_promise_comes_before_everything_else() -> None:
    assert ORDER[0] == "overdue"
