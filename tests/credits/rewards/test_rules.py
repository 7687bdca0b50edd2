"""Every reason why a reward cannot be had, and which places a redeemed venue takes."""

from __future__ import annotations

import datetime as dt

import pytest

from app.credits.rewards import rules
from app.hall.errors import Conflict, Invalid

TODAY = dt.date(2026, 11, 23)
TERMS = rules.Terms(300, dt.date(2026, 1, 1))
FIRM = rules.Applicant("enterprise", "small", "battery", taken=0, available_credits=300)


def codes(terms: rules.Terms, applicant: rules.Applicant = FIRM, quantity: int = 1) -> list[str]:
    return [one.code for one in rules.reasons_against(terms, applicant, quantity, TODAY)]


def test_nothing_stands_in_the_way_of_the_last_one_for_the_last_credit() -> None:
    last = rules.Terms(
        300, TODAY, TODAY, left=1, limit=1, sizes=frozenset({"small"}), industries=frozenset({"battery"})
    )
    assert codes(last) == []


@pytest.mark.parametrize(
    ("terms", "quantity", "expected"),
    [
        (rules.Terms(1, dt.date(2026, 11, 24)), 1, ["reward_not_valid"]),
        (rules.Terms(1, dt.date(2026, 1, 1), dt.date(2026, 11, 22)), 1, ["reward_not_valid"]),
        (rules.Terms(1, dt.date(2026, 1, 1), left=1), 2, ["sold_out"]),
        (rules.Terms(1, dt.date(2026, 1, 1), left=0), 1, ["sold_out"]),
        (rules.Terms(1, dt.date(2026, 1, 1), limit=1), 2, ["limit_per_enterprise"]),
        (rules.Terms(1, dt.date(2026, 1, 1), sizes=frozenset({"large"})), 1, ["size_not_eligible"]),
        (rules.Terms(1, dt.date(2026, 1, 1), industries=frozenset({"ai"})), 1, ["industry_not_eligible"]),
        (rules.Terms(301, dt.date(2026, 1, 1)), 1, ["insufficient_credits"]),
        (rules.Terms(150, dt.date(2026, 1, 1)), 3, ["insufficient_credits"]),
    ],
)
def test_each_condition_has_its_own_reason(terms: rules.Terms, quantity: int, expected: list[str]) -> None:
    assert codes(terms, quantity=quantity) == expected


def test_all_reasons_come_at_once() -> None:
    nothing = rules.Terms(
        9, dt.date(2027, 1, 1), left=0, limit=1, sizes=frozenset({"large"}), industries=frozenset({"ai"})
    )
    school = rules.Applicant("university", "small", "battery", taken=1, available_credits=0)
    assert codes(nothing, school) == [
        "reward_not_valid",
        "sold_out",
        "limit_per_enterprise",
        "enterprises_only",
        "size_not_eligible",
        "industry_not_eligible",
        "insufficient_credits",
    ]


def test_what_is_short_is_said_in_credits() -> None:
    (reason,) = rules.reasons_against(TERMS, FIRM, 2, TODAY)
    assert reason.params == {"needed": 600, "available": 300}


def test_named_places_are_taken_as_named_and_numbered_ones_skip_what_is_taken() -> None:
    taken = {"孵化楼 02": dt.date(2026, 12, 1)}
    assert rules.places_for("孵化楼 01; 孵化楼 03", 2, "x", taken) == ("孵化楼 01", "孵化楼 03")
    assert rules.places_for("", 2, "孵化楼", taken) == ("孵化楼 01", "孵化楼 03")


def test_as_many_different_places_as_were_redeemed() -> None:
    for wanted in ("101", "101、101", "101,102,103"):
        with pytest.raises(Invalid) as refused:
            rules.places_for(wanted, 2, "x", {})
        assert refused.value.params == {"quantity": 2}


def test_every_taken_place_is_named() -> None:
    taken = {"101": dt.date(2026, 12, 1), "102": dt.date(2026, 12, 5)}
    with pytest.raises(Conflict) as refused:
        rules.places_for("101、102", 2, "x", taken)
    assert [one.params["day"] for one in refused.value.reasons] == ["2026-12-01", "2026-12-05"]


def test_days_end_before_the_end() -> None:
    assert list(rules.days_between(dt.date(2026, 2, 27), dt.date(2026, 3, 1))) == [
        dt.date(2026, 2, 27),
        dt.date(2026, 2, 28),
    ]
