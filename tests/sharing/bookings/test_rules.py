"""A refusal names everything that stands in the way, and offers what can be had."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.sharing.bookings import offers
from app.sharing.bookings import rules as booking_rules
from app.sharing.bookings.offers import Candidate, Offer
from app.sharing.bookings.rules import Situation, Standing, Terms, Wish
from app.sharing.calendar import rules as calendar_rules
from app.sharing.calendar.rules import DAY, Calendar, Interval, OpeningHours, UnitState, free_times

MONDAY = 4 * DAY
WORKWEEK = Calendar(tuple(OpeningHours(d, 9 * 60, 17 * 60) for d in range(1, 6)))


def span(day: int, start: float, end: float) -> Interval:
    return Interval(MONDAY + day * DAY + round(start * 60), MONDAY + day * DAY + round(end * 60))


def decided(wish, calendar, units, terms, standing, now, listed=True):
    facts = Situation(calendar, tuple(units), terms, standing, now, listed=listed)
    return booking_rules.decide(wish, facts)


def codes(wish, units=None, terms=None, standing=None, now=0, listed=True, ragged=False):
    return decided(
        Wish(wish, ragged),
        WORKWEEK,
        units or [UnitState(1)],
        terms or Terms(),
        standing or Standing(),
        now,
        listed,
    ).codes


def test_story_5_wednesday_11_to_18_meets_the_outage_and_closing_time():
    outage = UnitState(1, outages=(span(2, 10, 12),))
    verdict = decided(Wish(span(2, 11, 18)), WORKWEEK, [outage], Terms(), Standing(), 0)
    assert verdict.codes == ("closed", "outage")
    closed, still = verdict.reasons
    assert closed.params["spans"] == ((span(2, 17, 18).start, span(2, 17, 18).end),)
    assert still.params["spans"] == ((span(2, 11, 12).start, span(2, 11, 12).end),)


def test_a_wish_that_breaks_everything_hears_everything():
    terms = Terms(step=30, shortest=60, longest=240, lead=60, quota=100)
    standing = Standing("XRD", 60, suspended_until=10**9, outsiders_from=10**9)
    unit = UnitState(1, (span(0, 8, 12),), (span(0, 12, 13),))
    wish = Interval(span(0, 8, 9).start + 5, span(0, 13, 14).start)
    assert codes(wish, [unit], terms, standing, now=wish.start, listed=False) == (
        "withdrawn",
        "closed",
        "outage",
        "taken",
        "too_long",
        "too_late",
        "off_step",
        "not_qualified",
        "internal_first",
        "quota",
        "suspended",
    )


def test_too_short_too_early_and_seconds():
    assert codes(span(0, 9, 9.5), terms=Terms(shortest=60)) == ("too_short",)
    assert codes(span(0, 9, 10), terms=Terms(horizon=60)) == ("too_early",)
    assert codes(span(0, 9, 10), ragged=True) == ("off_step",)


def test_the_edges_are_allowed():
    start = span(0, 9, 10).start
    terms = Terms(shortest=60, longest=60, lead=30, horizon=30, quota=120)
    assert codes(span(0, 9, 10), terms=terms, standing=Standing(used_quota=60), now=start - 30) == ()
    assert codes(span(0, 9, 10), [UnitState(1, (), (span(0, 8, 9), span(0, 10, 11)))]) == ()


def test_the_owner_needs_no_qualification_and_has_no_quota():
    standing = Standing("XRD", 10**6, 10**9, 10**9, own_resource=True)
    assert codes(span(0, 9, 10), standing=standing, terms=Terms(quota=60)) == ()


def test_the_second_unit_serves_when_the_first_is_taken():
    units = [UnitState(2), UnitState(1, (), (span(0, 9, 10),))]
    assert decided(Wish(span(0, 9, 10)), WORKWEEK, units, Terms(), Standing(), 0).unit == 2


def test_with_no_unit_free_the_nearest_miss_is_told():
    units = [UnitState(1, (span(0, 9, 10),), (span(0, 9, 10),)), UnitState(2, (), (span(0, 9.5, 10),))]
    assert codes(span(0, 9, 10), units) == ("taken",)


def test_buffers_of_both_bookings_count():
    # 9–10 with a quarter after it does not fit before a booking at 10.
    assert codes(span(0, 9, 10), [UnitState(1, (), (span(0, 10, 11),))], Terms(after=15)) == ("taken",)
    assert codes(span(0, 9, 9.5), [UnitState(1, (), (span(0, 10, 11),))], Terms(after=15)) == ()


def test_a_quota_week_runs_from_monday():
    assert (
        calendar_rules.quota_week(span(0, 0, 1).start)
        == calendar_rules.quota_week(span(6, 23, 24).start)
        == Interval(MONDAY, MONDAY + 7 * DAY)
    )


def candidate(**changes):
    values = {
        "resource": 1,
        "calendar": WORKWEEK,
        "units": (UnitState(1),),
        "terms": Terms(),
    }
    return Candidate(**(values | changes))


def test_alternatives_of_story_5_start_when_the_outage_ends():
    unit = UnitState(1, outages=(span(2, 10, 12),))
    found = offers.starts_for(candidate(units=(unit,)), span(2, 11, 18), now=0, reach=2 * DAY, limit=3)
    # Seven hours fit neither before nor after the outage on Wednesday: Tuesday 10–17 and Thursday 9–16 are nearest.
    assert found[:2] == [span(3, 9, 16), span(1, 10, 17)]


def test_a_wish_that_is_too_long_is_offered_the_longest():
    found = offers.starts_for(candidate(terms=Terms(longest=120)), span(0, 9, 15), 0, DAY, 1)
    assert found == [span(0, 9, 11)]


def test_nothing_is_offered_from_the_day_on_which_the_qualification_has_ended():
    """Taken on Tuesday; the training counts until the end of Wednesday, so Thursday's free hours are no help."""
    taken = (UnitState(1, occupied=(span(1, 9, 17),)),)
    wished, ends = span(1, 10, 12), MONDAY + 3 * DAY
    for limit, expected in (
        (None, [span(0, 15, 17), span(2, 9, 11), span(3, 9, 11)]),
        (ends, [span(0, 15, 17), span(2, 9, 11)]),
        (MONDAY + 2 * DAY + 9 * 60, [span(0, 15, 17)]),  # to begin at that very minute is too late
    ):
        one = candidate(units=taken, begins_before=limit)
        assert sorted(offers.starts_for(one, wished, 0, 2 * DAY, 9)) == expected


def test_ranking_weighs_nearness_price_and_fitness():
    wished = span(0, 10, 11)
    same_later = Offer(1, span(0, 12, 13), 100)  # 120 minutes
    dearer_now = Offer(2, span(0, 10, 11), 150)  # 240 · 0.5 = 120, same regret, earlier start
    unlike_now = Offer(3, span(0, 10, 11), 100, 0.25)  # 240 · 0.75 = 180
    tomorrow = Offer(1, span(1, 10, 11), 100)  # 1440
    # The wished instrument first, however far; then the others, the least regret first.
    assert offers.rank([tomorrow, unlike_now, same_later, dearer_now], wished, 1, 100) == [
        same_later,
        tomorrow,
        dearer_now,
        unlike_now,
    ]


def test_others_keep_two_places_of_a_list():
    wished = span(0, 10, 11)
    own = [Offer(1, span(day, 10, 11), 100) for day in range(5)]
    others = [Offer(number, span(0, 10, 11), 100, 0.5) for number in (2, 3, 4)]
    found = offers.rank([*others, *own], wished, 1, 100)
    assert [offer.resource for offer in found] == [1, 1, 1, 2, 3]


gaps = st.tuples(st.integers(0, 5 * 96), st.integers(1, 30)).map(
    lambda p: Interval(MONDAY + p[0] * 15, MONDAY + (p[0] + p[1]) * 15)
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(gaps, max_size=10),
    st.lists(gaps, max_size=3),
    gaps,
    st.sampled_from([5, 15, 30, 60]),
    st.integers(0, 4),
    st.integers(0, 4),
    st.integers(MONDAY, MONDAY + DAY),
)
def test_every_alternative_passes_the_decision_and_every_free_interval_can_be_booked(
    occupied, outages, wished, step, before, after, now
):
    terms = Terms(step=step, shortest=step, longest=600, before=before * 5, after=after * 5)
    unit = UnitState(1, tuple(outages), tuple(occupied))
    for offer in offers.starts_for(candidate(units=(unit,), terms=terms), wished, now, 3 * DAY, 10):
        assert decided(Wish(offer), WORKWEEK, [unit], terms, Standing(), now).codes == ()
    grain = Terms(step=1, shortest=1, longest=10**6, before=before * 5, after=after * 5)
    for gap in free_times(
        WORKWEEK, Interval(MONDAY, MONDAY + 5 * DAY), outages, occupied, before * 5, after * 5
    ):
        assert decided(Wish(gap), WORKWEEK, [unit], grain, Standing(), 0).codes == ()
