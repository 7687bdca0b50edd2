"""Who may decide a claim, what an approval grants, and every reason against it."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.credits.claims import rules
from app.hall.errors import Conflict, Invalid, NotAllowed

DAY = dt.date(2026, 5, 4)
CASE = rules.Case(7, "submitted", 2, "patent", DAY, dt.date(2026, 5, 6), frozenset({21, 22}))
REVIEWER = rules.Reviewer(31, 1, may_review=True)
RULE = rules.Rule(1, "patent", 1, 100, "patent_no", dt.date(2026, 1, 1))


def test_a_reviewer_of_another_organisation_grants_what_the_day_of_the_deed_grants() -> None:
    june = dataclasses.replace(RULE, id=2, version=2, credits=80, valid_from=dt.date(2026, 6, 1))
    approval = rules.decide_approval(CASE, REVIEWER, [june, RULE], [])
    assert (approval.rule, approval.number) == (RULE, "CL-20260506-00007")


@pytest.mark.parametrize(
    ("reviewer", "codes"),
    [
        (rules.Reviewer(31, 1, False), ["only_reviewer"]),
        (rules.Reviewer(31, 2, True), ["reviewer_same_organisation"]),
        (rules.Reviewer(21, 1, True), ["reviewer_submitted"]),
        (rules.Reviewer(22, 2, False), ["only_reviewer", "reviewer_same_organisation", "reviewer_submitted"]),
    ],
)
def test_nobody_decides_in_a_cause_of_their_own_and_hears_every_reason(
    reviewer: rules.Reviewer, codes: list[str]
) -> None:
    with pytest.raises(NotAllowed) as refused:
        rules.decide_approval(CASE, reviewer, [RULE], [])
    assert [one.code for one in refused.value.reasons] == codes
    assert refused.value.code == codes[0]
    assert rules.open_decisions(CASE, reviewer) == frozenset()


def test_an_appeal_goes_to_another_reviewer() -> None:
    appealed = dataclasses.replace(CASE, state="appealed", rejected_by=31)
    assert rules.needs_other_reviewer(appealed, REVIEWER)
    with pytest.raises(NotAllowed) as refused:
        rules.check_decision(appealed, REVIEWER, "reject")
    assert refused.value.code == "other_reviewer_needed"
    other = rules.Reviewer(32, 1, True)
    assert rules.open_decisions(appealed, other) == {"approve", "reject"}
    assert not rules.needs_other_reviewer(appealed, other)


def test_who_rejected_an_earlier_appeal_may_still_revoke() -> None:
    decided = dataclasses.replace(CASE, state="approved", rejected_by=31)
    assert rules.check_decision(decided, REVIEWER, "revoke") == "CL-20260506-00007"


def test_both_caps_are_named_at_once() -> None:
    capped = dataclasses.replace(RULE, cap_period="year", cap_credits=150, cap_claims=1)
    with pytest.raises(Conflict) as refused:
        rules.decide_approval(CASE, REVIEWER, [capped], [rules.Earned(dt.date(2026, 1, 1), 100)])
    assert [one.code for one in refused.value.reasons] == ["cap_credits", "cap_claims"]


def test_a_day_without_a_rule_grants_nothing() -> None:
    with pytest.raises(Invalid) as refused:
        rules.decide_approval(CASE, REVIEWER, [dataclasses.replace(RULE, valid_to=dt.date(2026, 5, 3))], [])
    assert refused.value.params == {"code": "patent", "day": "2026-05-04"}


@given(
    st.sampled_from(
        ["draft", "submitted", "returned", "approved", "rejected", "appealed", "revoked", "withdrawn"]
    ),
    st.sampled_from(["approve", "return", "reject", "revoke"]),
    st.integers(20, 35),
    st.integers(1, 3),
    st.booleans(),
)
def test_what_the_page_offers_is_what_is_let_through(
    state: str, decision: str, member: int, organisation: int, may: bool
) -> None:
    case = dataclasses.replace(CASE, state=state, rejected_by=33)
    reviewer = rules.Reviewer(member, organisation, may)
    offered = decision in rules.open_decisions(case, reviewer)
    try:
        rules.check_decision(case, reviewer, decision)
    except (NotAllowed, Conflict):
        assert not offered
    else:
        assert offered


@given(
    st.lists(st.tuples(st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)), st.integers(1, 300)), max_size=8)
)
def test_a_year_never_grants_more_than_its_cap(deeds: list[tuple[dt.date, int]]) -> None:
    earned: list[rules.Earned] = []
    for day, credits in deeds:
        rule = dataclasses.replace(RULE, credits=credits, cap_period="year", cap_credits=500)
        if not rules.cap_reasons(rule, day, earned):
            earned.append(rules.Earned(day, credits))
    assert sum(one.credits for one in earned) <= 500
