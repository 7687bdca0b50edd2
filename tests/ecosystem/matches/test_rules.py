"""Two answers to a match: what each of them does, and everything that stands in its way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ecosystem.matches.rules import LIVE, MATCH, OPEN, Answerer, Pair, after_answers, decide
from app.hall.errors import Conflict, NotAllowed, NotFound, Refusal

DAY = date(2026, 3, 31)
NEED, OFFER, THIRD = (Answerer(n, may_write=True) for n in (10, 20, 30))
FRESH = Pair("proposed", 10, 20, None, None, DAY)
ASKED = replace(FRESH, state="asked", need_says=True)


def test_a_first_yes_asks_the_other_side() -> None:
    for who, side, other in ((NEED, "need", 20), (OFFER, "offer", 10)):
        decision = decide(FRESH, who, True, DAY)
        assert (decision.side, decision.state, decision.other) == (side, "asked", other)
        assert (decision.told, decision.opens, decision.closes) == ("match_asked", False, False)


def test_a_second_yes_opens_the_introduction_which_is_what_the_other_side_hears_of() -> None:
    decision = decide(ASKED, OFFER, True, DAY)
    assert (decision.state, decision.opens, decision.closes, decision.told) == ("introduced", True, True, "")


def test_a_no_closes_and_is_told_only_to_somebody_who_was_asked() -> None:
    assert decide(FRESH, NEED, False, DAY).told == ""
    decision = decide(ASKED, OFFER, False, DAY)
    assert (decision.state, decision.closes, decision.told, decision.other) == (
        "declined",
        True,
        "match_declined",
        10,
    )


def test_a_yes_can_be_taken_back_while_the_other_side_has_not_answered() -> None:
    assert decide(ASKED, NEED, False, DAY).state == "declined"


@pytest.mark.parametrize(
    ("pair", "who", "says", "kind", "code"),
    [
        (FRESH, replace(NEED, may_write=False), True, NotAllowed, "ecosystem_readers"),
        (None, NEED, True, NotFound, "match_not_found"),
        (FRESH, THIRD, True, NotFound, "match_not_found"),
        (FRESH, replace(THIRD, reads_all=True), True, NotAllowed, "not_your_match"),
        (replace(FRESH, state="declined"), NEED, True, Conflict, "match_closed"),
        (replace(FRESH, state="lapsed"), OFFER, False, Conflict, "match_closed"),
        (replace(FRESH, expires_on=DAY - timedelta(days=1)), NEED, True, Conflict, "match_lapsed"),
        (ASKED, NEED, True, Conflict, "already_answered"),
    ],
)
def test_who_may_not_answer(
    pair: Pair | None, who: Answerer, says: bool, kind: type[Refusal], code: str
) -> None:
    with pytest.raises(kind) as refused:
        decide(pair, who, says, DAY)
    assert refused.value.code == code


def test_all_that_stands_in_the_way_is_said_at_once() -> None:
    with pytest.raises(Conflict) as refused:
        decide(replace(ASKED, expires_on=DAY - timedelta(days=1)), NEED, True, DAY)
    assert [reason.code for reason in refused.value.reasons] == ["match_lapsed", "already_answered"]


def test_the_last_day_still_counts() -> None:
    assert decide(FRESH, NEED, True, FRESH.expires_on).state == "asked"


@given(
    st.sampled_from([None, True]),
    st.sampled_from([None, True]),
    st.sampled_from([NEED, OFFER]),
    st.booleans(),
)
def test_every_answer_is_a_way_through_the_machine(
    need_says: bool | None, offer_says: bool | None, who: Answerer, says: bool
) -> None:
    """The state an answer leads to is reached by listed steps, and no answer reopens anything."""
    if need_says and offer_says:
        return
    pair = replace(
        FRESH, state=after_answers(need_says, offer_says), need_says=need_says, offer_says=offer_says
    )
    try:
        state = decide(pair, who, says, DAY).state
    except Conflict as refused:
        assert refused.code == "already_answered"
        return
    reached, new = {pair.state}, {pair.state}
    while new:
        new = {step for known in new for step in MATCH[known]} - reached
        reached |= new
    assert state in reached - {pair.state} or state == pair.state == "asked"
    assert (state in LIVE) == says


def test_open_matches_are_those_that_can_be_answered() -> None:
    assert set(OPEN) == {state for state, steps in MATCH.items() if "declined" in steps}
