"""Lots: first to expire is first taken, nothing expired is spent, nothing is made or lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.credits.ledger import rules

LOTS = st.lists(
    st.builds(
        lambda amount, used, held, expires: (amount + used + held, used, held, expires),
        st.integers(0, 50),
        st.integers(0, 50),
        st.integers(0, 50),
        st.integers(1, 20),
    ),
    max_size=7,
).map(
    lambda rows: [
        rules.Lot(number, amount, expires, used, held)
        for number, (amount, used, held, expires) in enumerate(rows, start=1)
    ]
)


@given(LOTS, st.integers(0, 400), st.integers(0, 21))
def test_a_spending_takes_what_there_is_and_no_more(lots: list[rules.Lot], credits: int, at: int) -> None:
    taken = rules.first_expiring(lots, credits, at)
    free = {one.id: one.free for one in lots if one.expires_at > at}
    assert all(0 < one.credits <= free[one.lot_id] for one in taken)
    assert sum(one.credits for one in taken) == min(credits, rules.available(lots, at))


@given(LOTS, st.integers(1, 400), st.integers(0, 21))
def test_no_lot_is_touched_while_an_earlier_one_has_something_left(
    lots: list[rules.Lot], credits: int, at: int
) -> None:
    taken = {one.lot_id: one.credits for one in rules.first_expiring(lots, credits, at)}
    usable = sorted((one for one in lots if one.expires_at > at), key=lambda one: (one.expires_at, one.id))
    touched = [one for one in usable if one.id in taken]
    for one in usable:
        if touched and (one.expires_at, one.id) < (touched[-1].expires_at, touched[-1].id):
            assert taken.get(one.id, 0) == one.free


@given(LOTS, st.integers(0, 21))
def test_what_expires_when_adds_up_to_what_can_be_spent(lots: list[rules.Lot], at: int) -> None:
    assert sum(credits for _, credits in rules.expiring(lots, at)) == rules.available(lots, at)


def test_texts_cannot_borrow_from_each_other() -> None:
    one = rules.seal_digest(rules.Block("", 1, 1, 1, 0, "ab"), [(1, "c")])
    assert one != rules.seal_digest(rules.Block("", 1, 1, 1, 0, "a"), [(1, "bc")])


def test_a_revoked_earning_leaves_owed_what_was_spent() -> None:
    assert rules.shortfall_of(100, expired=10, free=60) == 30
    assert rules.shortfall_of(100, expired=0, free=100) == 0
