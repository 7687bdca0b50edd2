"""Every fen can be worked out on paper."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hall.errors import Conflict, Invalid
from app.sharing import states
from app.sharing.calendar.rules import DAY, Interval, total_minutes
from app.sharing.use import rules as use_rules
from app.sharing.use.rules import RateRule, Tariff, Voucher

FLAT = Tariff(50_000)
NINE_TO_TEN = Interval(540, 600)


def test_story_8_four_hundred_hours_at_500_yuan_are_200_000_yuan():
    assert (
        sum(use_rules.price(FLAT, "any", [Interval(d * DAY + 540, d * DAY + 1020)]) for d in range(50))
        == 20_000_000
    )


def test_story_9_booked_9_to_10_used_half_past_9_to_half_past_10():
    used = [Interval(570, 630)]
    assert use_rules.charge(FLAT, "any", "union", NINE_TO_TEN, used).amount_fen == 75_000
    assert use_rules.charge(FLAT, "any", "greater", NINE_TO_TEN, used).amount_fen == 50_000
    assert use_rules.charge(FLAT, "any", "booked", NINE_TO_TEN, used).amount_fen == 50_000
    assert (
        use_rules.charge(FLAT, "any", "used", NINE_TO_TEN, [Interval(570, 590)]).amount_fen == 16_667
    )  # 16,666.67


def test_story_9_half_of_three_hours_then_half_of_the_hour_that_nobody_took():
    three = Interval(600, 780)
    assert use_rules.is_late(start=1000, cancelled=400, free_until_minutes=1440)
    full = use_rules.forfeit(FLAT, "any", three, 0.5, "late_cancellation")
    assert (full.charged_minutes, full.amount_fen) == (90, 75_000)
    relet = use_rules.forfeit(
        FLAT, "any", three, 0.5, "late_cancellation", [Interval(600, 720), Interval(0, 30)]
    )
    assert (relet.charged_minutes, relet.amount_fen) == (30, 25_000)


def test_use_in_two_stretches_counts_once_where_they_overlap():
    used = [Interval(540, 570), Interval(560, 575), Interval(600, 610)]
    assert use_rules.charge(FLAT, "any", "used", NINE_TO_TEN, used).charged_minutes == 45
    assert use_rules.charge(FLAT, "any", "union", NINE_TO_TEN, used).charged_minutes == 70


def test_greater_prefers_what_was_booked_when_both_are_as_long():
    dear_later = Tariff(100, (RateRule(1, 900, opens=600, closes=1440),))
    owed = use_rules.charge(dear_later, "any", "greater", NINE_TO_TEN, [Interval(600, 660)])
    assert owed.amount_fen == 100


def test_the_most_specific_rate_counts():
    tariff = Tariff(
        1000,
        (
            RateRule(1, 800, opens=1080, closes=1440),
            RateRule(2, 500, group="university"),
            RateRule(3, 300, group="university", weekdays=frozenset({5}), opens=1080, closes=1440),
        ),
    )
    friday = 1 * DAY  # 1970-01-02
    evening = [Interval(friday + 1020, friday + 1140)]
    assert use_rules.price(tariff, "sme", evening) == 1000 + 800
    assert use_rules.price(tariff, "university", evening) == 500 + 300


def test_a_night_across_midnight_is_priced_by_each_day():
    tariff = Tariff(600, (RateRule(1, 300, opens=0, closes=360),))
    assert use_rules.price(tariff, "any", [Interval(1380, 1500)]) == 600 + 300


def test_rounding_is_half_up_and_once():
    assert use_rules.price(Tariff(1), "any", [Interval(0, 30)]) == 1  # half a fen
    assert use_rules.price(Tariff(1), "any", [Interval(0, 29)]) == 0
    assert use_rules.price(Tariff(1), "any", [Interval(0, 20), Interval(100, 120), Interval(200, 220)]) == 1
    assert use_rules.half_up(Fraction(3, 2)) == 2


def test_vouchers_first_then_credits_up_to_the_share_of_the_rest():
    paid = use_rules.pay(100_000, [Voucher(7, 30_000), Voucher(8, 50_000, 0.5)], 1_000, 100, 0.3)
    # 30,000 from the first; the second may cover half of the bill, of which 30,000 is already covered: 20,000.
    assert paid.vouchers == ((7, 30_000), (8, 20_000))
    assert (paid.credits, paid.cash_fen) == (150, 35_000)  # 30 % of 50,000 is 15,000 fen = 150 credits


def test_unknown_words_are_refused():
    with pytest.raises(Invalid):
        use_rules.charge(FLAT, "any", "guess", NINE_TO_TEN, [])
    with pytest.raises(Invalid):
        use_rules.forfeit(FLAT, "any", NINE_TO_TEN, 1.5, "late_cancellation")
    with pytest.raises(Invalid):
        use_rules.pay(-1)


times = st.tuples(st.integers(0, 3000), st.integers(1, 900)).map(lambda p: Interval(p[0], p[0] + p[1]))
rates = st.builds(
    lambda i, p, g, o, n: RateRule(i, p, g, opens=o, closes=min(DAY, o + n)),
    st.integers(1, 9),
    st.integers(0, 99_999),
    st.sampled_from([None, "sme", "university"]),
    st.integers(0, DAY - 1),
    st.integers(1, DAY),
)
tariffs = st.builds(Tariff, st.integers(0, 99_999), st.lists(rates, max_size=4).map(tuple))


@given(tariffs, st.sampled_from(use_rules.BILLINGS), times, st.lists(times, max_size=4))
def test_a_settlement_is_never_negative_and_never_above_the_terms(tariff, billing, booked, used):
    owed = use_rules.charge(tariff, "sme", billing, booked, used)
    assert 0 <= owed.amount_fen <= use_rules.price(tariff, "sme", [booked, *used])
    assert sum(line.minutes for line in owed.lines) == owed.charged_minutes <= total_minutes([booked, *used])


@given(tariffs, times, st.floats(0, 1), st.lists(times, max_size=4), times)
def test_letting_again_never_makes_giving_up_dearer(tariff, booked, ratio, relet, more):
    before = use_rules.forfeit(tariff, "sme", booked, ratio, "late_cancellation", relet)
    after = use_rules.forfeit(tariff, "sme", booked, ratio, "late_cancellation", [*relet, more])
    assert 0 <= after.amount_fen <= before.amount_fen <= use_rules.price(tariff, "sme", [booked])


@given(
    st.integers(0, 10**9), st.integers(0, 10**6), st.integers(1, 1000), st.floats(0, 1), st.integers(0, 10**9)
)
def test_a_payment_adds_up(amount, credits, credit_fen, share, voucher):
    paid = use_rules.pay(amount, [Voucher(1, voucher)], credits, credit_fen, share)
    assert paid.vouchers_fen + paid.credits_fen + paid.cash_fen == amount
    assert paid.cash_fen >= 0 and paid.credits <= credits and paid.vouchers_fen <= voucher


def test_what_is_over_stays_over():
    for state in ("rejected", "expired", "settled"):
        for target in states.BOOKING:
            with pytest.raises(Conflict):
                states.step(states.BOOKING, state, target)
