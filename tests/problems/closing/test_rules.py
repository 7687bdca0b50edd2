"""Five haves: each missing alone, all missing together; silence to the second; playbooks with proof."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from app.problems.closing.rules import (
    Closing,
    Proof,
    Review,
    adopted,
    confirmation,
    effect,
    missing_for_closing,
    reuse_ratio,
)

EXPECTED = json.loads(
    (Path(__file__).resolve().parents[2] / "data" / "wider" / "expected.json").read_text("utf-8")
)
DELIVERED = dt.datetime(2026, 9, 20, 9, tzinfo=dt.UTC)
NOW = DELIVERED + dt.timedelta(days=1)
REVIEW = Review("five points", "too few", True)
WHOLE = Closing("charging points", DELIVERED, "ithead", 1, DELIVERED, True, REVIEW)


def test_the_contracts_cases() -> None:
    cases = [
        replace(WHOLE, text=" "),
        replace(WHOLE, first_responsible=None),
        replace(WHOLE, clocks=0),
        replace(WHOLE, answer_delivered_at=None),
        replace(WHOLE, review=None),
        WHOLE,
    ]
    assert [list(missing_for_closing(case, NOW)) for case in cases] == EXPECTED["five haves"]


def test_all_that_is_missing_is_said_at_once() -> None:
    empty = Closing("text", None, "", 0, None, True, Review())
    assert missing_for_closing(empty, NOW) == tuple(reasons[0] for reasons in EXPECTED["five haves"][:5])


@pytest.mark.parametrize(
    "review",
    [replace(REVIEW, effect=""), replace(REVIEW, cause=" "), replace(REVIEW, repeatable=None)],
)
def test_half_a_review_is_none(review: Review) -> None:
    assert missing_for_closing(replace(WHOLE, review=review), NOW) == ("no_review",)


def test_that_it_cannot_be_repeated_is_an_answer() -> None:
    assert missing_for_closing(replace(WHOLE, review=replace(REVIEW, repeatable=False)), NOW) == ()


def test_silence_of_seven_days_confirms() -> None:
    week = DELIVERED + dt.timedelta(days=7)
    assert confirmation(DELIVERED, False, week - dt.timedelta(seconds=1)) is None
    assert confirmation(DELIVERED, False, week) == "silence"
    assert confirmation(DELIVERED, True, NOW) == "firm"
    assert confirmation(None, True, week) is None  # nobody can confirm what never arrived
    silent = replace(WHOLE, confirmed_by_firm=False)
    assert missing_for_closing(silent, NOW) == ("no_feedback",)
    assert missing_for_closing(silent, week) == ()


def test_adopted_is_who_proved_it_once_each() -> None:
    proofs = [Proof("E1", True), Proof("E1", True), Proof("it", checklist_complete=True), Proof("E2")]
    assert adopted(proofs) == {"E1", "it"}


def test_an_effect_needs_five() -> None:
    scores = {f"E{n}": (Fraction(60), Fraction(60 + n)) for n in range(1, 5)}
    assert (effect(scores).n, effect(scores).change) == (4, None)
    scores["E5"] = (Fraction(70), Fraction(60))
    assert (effect(scores).n, effect(scores).change) == (5, Fraction(0))
    scores["E6"] = (None, Fraction(100))  # unknown before: not counted
    assert effect(scores).n == 5


def test_reuse() -> None:
    assert reuse_ratio(3, 4) == Fraction(3, 4)
    assert reuse_ratio(0, 0) is None
