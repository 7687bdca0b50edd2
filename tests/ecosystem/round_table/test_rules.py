"""The rules of the table: months without a meeting, votes, resolutions."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.ecosystem.round_table import rules


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.lists(st.dates(date(2020, 1, 1), date(2030, 1, 1)), max_size=30),
)
def test_every_past_month_is_held_or_overdue(founded: date, held: list[date]) -> None:
    today = date(2026, 11, 23)
    overdue = rules.overdue_months(founded, held, today)
    met = {(d.year, d.month) for d in held}
    past = [m for m in rules.months(founded, today) if m >= founded and m < date(2026, 11, 1)]
    assert sorted(overdue + [m for m in past if (m.year, m.month) in met]) == past


@given(st.integers(1, 30), st.lists(st.sampled_from(["yes", "no", "abstain"]), max_size=30))
def test_no_vote_is_carried_without_a_majority_of_seats_present(seats: int, votes: list[str]) -> None:
    count = rules.tally(seats, votes[:seats])
    assert count.quorate == (len(votes[:seats]) * 2 > seats)
    assert not count.carried or (count.quorate and count.yes > count.no)


def test_a_resolution_is_late_after_its_last_day_while_it_is_open() -> None:
    day = date(2026, 3, 31)
    assert [rules.is_overdue(state, day, date(2026, 4, 1)) for state in ("open", "done", "dropped")] == [
        True,
        False,
        False,
    ]
    assert not rules.is_overdue("open", day, day)
