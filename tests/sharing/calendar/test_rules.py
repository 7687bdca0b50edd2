"""Opening rules, exceptions, outages and buffers: what a person with a paper calendar would say."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.hall.errors import Invalid
from app.sharing.calendar import rules as calendar_rules
from app.sharing.calendar.rules import DAY, Calendar, Interval, OpeningHours

MONDAY = 4 * DAY  # 1970-01-05
WORKWEEK = Calendar(tuple(OpeningHours(d, 9 * 60, 17 * 60) for d in range(1, 6)))


def at(day: int, hour: float) -> int:
    return MONDAY + day * DAY + round(hour * 60)


def span(day: int, start: float, end: float) -> Interval:
    return Interval(at(day, start), at(day, end))


def test_a_week_of_office_hours_is_five_times_eight_hours():
    week = calendar_rules.open_times(WORKWEEK, Interval(MONDAY, MONDAY + 7 * DAY))
    assert week == [span(d, 9, 17) for d in range(5)]


def test_the_window_cuts_the_first_and_the_last_day():
    assert calendar_rules.open_times(WORKWEEK, Interval(at(0, 12), at(1, 10))) == [
        span(0, 12, 17),
        span(1, 9, 10),
    ]


def test_hours_across_midnight_belong_to_the_day_they_began_on():
    friday_night = Calendar((calendar_rules.opening_hours(5, "22:00", "02:00"),))
    assert calendar_rules.open_times(friday_night, Interval(at(5, 0), at(6, 0))) == [span(5, 0, 2)]
    assert calendar_rules.open_times(friday_night, Interval(at(4, 0), at(7, 0))) == [span(4, 22, 26)]


def test_round_the_clock_is_one_interval_without_seams():
    always = Calendar(tuple(calendar_rules.opening_hours(d, "00:00", "24:00") for d in range(1, 8)))
    assert calendar_rules.open_times(always, Interval(MONDAY, MONDAY + 14 * DAY)) == [
        Interval(MONDAY, MONDAY + 14 * DAY)
    ]


def test_an_exception_wins_over_the_weekday_and_over_a_holiday():
    day = MONDAY // DAY
    both = Calendar(WORKWEEK.rules, {day: ((600, 720),), day + 1: ()}, frozenset({day, day + 2}))
    assert calendar_rules.open_times(both, Interval(MONDAY, at(4, 0))) == [span(0, 10, 12), span(3, 9, 17)]


def test_a_lunch_break_is_two_rules():
    broken = Calendar((OpeningHours(1, 540, 720), OpeningHours(1, 780, 1020)))
    assert calendar_rules.open_times(broken, Interval(MONDAY, at(1, 0))) == [span(0, 9, 12), span(0, 13, 17)]


def test_free_time_leaves_room_for_the_new_bookings_buffer():
    # Somebody holds 12–13 and a quarter of an hour after it; a new booking also needs a quarter after itself.
    free = calendar_rules.free_times(
        WORKWEEK, span(0, 0, 24), [span(0, 9, 10)], [span(0, 12, 13.25)], after=15
    )
    assert free == [span(0, 10, 11.75), span(0, 13.25, 17)]


@pytest.mark.parametrize("text", ["9:00", "25:00", "24:01", "09:60", "０９:００", "", "09:00:00", "-1:00"])
def test_a_clock_time_that_is_none_is_refused(text):
    with pytest.raises(Invalid):
        calendar_rules.clock_minutes(text)


@pytest.mark.parametrize("hours", [("09:00", "09:00"), ("24:00", "02:00"), ("09:02", "17:00")])
def test_hours_that_cannot_be_represented_are_refused(hours):
    with pytest.raises(Invalid):
        calendar_rules.opening_hours(1, *hours)


def test_an_empty_interval_cannot_exist():
    with pytest.raises(Invalid):
        Interval(5, 5)


minutes = st.integers(0, 3 * DAY)
intervals = st.tuples(minutes, st.integers(1, 700)).map(lambda p: Interval(p[0], p[0] + p[1]))
rules = st.builds(
    lambda w, o, length: OpeningHours(w, o, o + length),
    st.integers(1, 7),
    st.integers(0, DAY - 1),
    st.integers(1, DAY),
)
calendars = st.builds(
    Calendar,
    st.lists(rules, max_size=6).map(tuple),
    st.dictionaries(st.integers(-1, 3), st.lists(st.just((60, 200)), max_size=1).map(tuple), max_size=2),
    st.frozensets(st.integers(-1, 3), max_size=2),
)


def open_at(calendar: Calendar, minute: int) -> bool:
    """Minute by minute: today's hours, or yesterday's that reach past midnight."""
    for day in (minute // DAY, minute // DAY - 1):
        if day in calendar.exceptions:
            hours = calendar.exceptions[day]
        elif day in calendar.holidays:
            hours = ()
        else:
            hours = tuple((r.opens, r.closes) for r in calendar.rules if r.weekday == (day + 3) % 7 + 1)
        if any(o <= minute - day * DAY < c for o, c in hours):
            return True
    return False


@settings(max_examples=60, deadline=None)
@given(
    calendars,
    st.lists(intervals, max_size=4),
    st.lists(intervals, max_size=4),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_free_time_is_brute_force_by_minute(calendar, outages, occupied, before, after):
    window = Interval(0, 3 * DAY)
    free = calendar_rules.free_times(calendar, window, outages, occupied, before, after)

    def minute_is_free(m: int) -> bool:
        return (
            open_at(calendar, m)
            and not any(o.start <= m < o.end for o in outages)
            and not any(o.start < m + 1 + after and m - before < o.end for o in occupied)
        )

    expected = {m for m in range(window.start, window.end) if minute_is_free(m)}
    assert {m for i in free for m in range(i.start, i.end)} == expected
    assert all(a.end < b.start for a, b in itertools.pairwise(free))


@given(st.lists(intervals, max_size=8), st.lists(intervals, max_size=8))
def test_cutting_out_is_set_difference(kept, cut):
    def minutes_of(items):
        return {m for i in items for m in range(i.start, i.end)}

    assert minutes_of(calendar_rules.without(kept, cut)) == minutes_of(kept) - minutes_of(cut)


@given(intervals, intervals)
def test_bookings_that_overlap_share_a_slot_and_aligned_ones_that_do_not_share_none(a, b):
    a = Interval(a.start // 5 * 5, a.start // 5 * 5 + a.minutes * 5)
    b = Interval(b.start // 5 * 5, b.start // 5 * 5 + b.minutes * 5)
    assert bool(set(calendar_rules.slots_of(a)) & set(calendar_rules.slots_of(b))) == a.overlaps(b)
