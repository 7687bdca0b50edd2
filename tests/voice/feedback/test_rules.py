"""Who may know what of an author: by role, by size of the group, to the day, and never by subtraction."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hall.clock import ZONE
from app.voice.feedback.rules import (
    Author,
    Crowd,
    Disclosed,
    disclose,
    shown_due,
    shown_moment,
    suppressed,
    total_may_be_shown,
)

WHO = Author("E06", "林某（虚构）", "medium", "5 号楼")


def test_of_an_anonymous_author_nothing_is_shown_and_of_a_named_one_all() -> None:
    for visibility in ("anonymous", "", "public"):
        assert disclose(visibility, WHO, Crowd(99, 99)) == Disclosed()
    assert disclose("named", WHO, Crowd(1, 1)) == Disclosed("E06", "林某（虚构）", "medium", "5 号楼")


@pytest.mark.parametrize(
    ("same_layer", "same_building", "layer", "building"),
    [
        (5, 5, "medium", "5 号楼"),
        (4, 5, None, "5 号楼"),
        (5, 4, "medium", None),
        (4, 4, None, None),
        (0, 0, None, None),
    ],
)
def test_layer_and_building_only_while_five_firms_share_them(
    same_layer: int, same_building: int, layer: str | None, building: str | None
) -> None:
    assert disclose("park_only", WHO, Crowd(same_layer, same_building)) == Disclosed(
        None, None, layer, building
    )


@given(st.integers(0, 50), st.integers(0, 50))
def test_a_park_only_firm_is_never_named(same_layer: int, same_building: int) -> None:
    seen = disclose("park_only", WHO, Crowd(same_layer, same_building))
    assert seen.firm is None and seen.name is None


def test_no_author_nothing_to_show() -> None:
    assert disclose("named", None, Crowd(9, 9)) == Disclosed()
    assert disclose("park_only", Author("E1", "x"), Crowd(9, 9)) == Disclosed()


def test_moments_to_the_day() -> None:
    at = dt.datetime(2026, 9, 30, 14, 5, 33, tzinfo=ZONE)
    assert shown_moment("park_only", at).time is None
    assert shown_moment("anonymous", at).time is None
    assert shown_moment("named", at).time == dt.time(14, 5)


@pytest.mark.parametrize(
    ("due", "day", "by"),
    [
        ("2026-09-30T16:30", "2026-09-30", "12:00"),
        ("2026-09-30T12:00", "2026-09-30", "12:00"),
        ("2026-09-30T11:59", "2026-09-29", "24:00"),
        ("2026-09-30T18:00", "2026-09-30", "18:00"),
        ("2026-09-30T17:59", "2026-09-30", "12:00"),
        ("2026-09-30T23:59", "2026-09-30", "18:00"),
        ("2026-10-01T00:00", "2026-09-30", "24:00"),
        ("2027-01-01T08:00", "2026-12-31", "24:00"),
    ],
)
def test_a_due_is_shown_as_the_earlier_part_of_the_day(due: str, day: str, by: str) -> None:
    shown = shown_due("park_only", dt.datetime.fromisoformat(due))
    assert (shown.day.isoformat(), shown.by) == (day, by)


def test_a_named_due_is_shown_to_the_minute() -> None:
    shown = shown_due("named", dt.datetime(2026, 9, 30, 16, 30, tzinfo=ZONE))
    assert (shown.day.isoformat(), shown.by) == ("2026-09-30", "16:30")


@given(st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)), st.times())
def test_a_shown_due_is_never_later_than_the_true_one(day: dt.date, time: dt.time) -> None:
    due = dt.datetime.combine(day, time, ZONE)
    shown = shown_due("park_only", due)
    end = dt.datetime.combine(shown.day, dt.time(), ZONE) + dt.timedelta(hours=int(shown.by[:2]))
    assert end <= due < end + dt.timedelta(hours=12)


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"a": 5, "b": 6}, ""),
        ({"a": 4, "b": 6, "c": 7}, "ab"),  # alone it could be worked out from the total
        ({"a": 4, "b": 7, "c": 7}, "ab"),  # the smaller name of two alike
        ({"a": 1, "b": 2, "c": 9}, "abc"),  # together three: still fewer than five
        ({"a": 3, "b": 2, "c": 9}, "ab"),
        ({"a": 4}, "a"),
        ({"a": 0, "b": 5}, "ab"),
        ({}, ""),
    ],
)
def test_no_small_cell_can_be_worked_out(counts: dict[str, int], hidden: str) -> None:
    assert suppressed(counts) == frozenset(hidden)


def test_without_a_total_only_the_small_ones_are_hidden() -> None:
    assert suppressed({"a": 4, "b": 6, "c": 7}, total_shown=False) == {"a"}


@given(st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 30), max_size=7))
def test_what_is_hidden_is_two_cells_of_five_firms_or_the_total_goes_too(counts: dict[str, int]) -> None:
    hidden = suppressed(counts)
    assert all(count >= 5 for name, count in counts.items() if name not in hidden)
    if hidden and total_may_be_shown(counts, hidden):
        assert len(hidden) >= 2 and sum(counts[name] for name in hidden) >= 5
    elif hidden:
        assert hidden == set(counts)
