"""Four eyes: who proposes never decides."""

from __future__ import annotations

import pytest

from app.credits.park import rules
from app.hall.errors import Conflict, Invalid, NotAllowed, Refusal

OTHER = rules.Judge(8, may_decide=True)


def test_a_second_person_approves_or_turns_down_with_a_reason() -> None:
    assert rules.decide("proposed", 7, OTHER, True, "") == "approved"
    assert rules.decide("proposed", 7, OTHER, False, "太多") == "rejected"
    assert rules.is_open_for("proposed", 7, OTHER)


@pytest.mark.parametrize(
    ("state", "judge", "approve", "reason", "kind", "code"),
    [
        ("proposed", rules.Judge(7, True), True, "", NotAllowed, "four_eyes"),
        ("proposed", rules.Judge(8, False), True, "", NotAllowed, "only_park_staff"),
        ("approved", OTHER, True, "", Conflict, "proposal_decided"),
        ("rejected", OTHER, False, "x", Conflict, "proposal_decided"),
        ("proposed", OTHER, False, " ", Invalid, "reason_required"),
    ],
)
def test_everything_else_is_refused(
    state: str, judge: rules.Judge, approve: bool, reason: str, kind: type[Refusal], code: str
) -> None:
    with pytest.raises(kind) as refused:
        rules.decide(state, 7, judge, approve, reason)
    assert refused.value.code == code


def test_both_reasons_come_at_once() -> None:
    with pytest.raises(NotAllowed) as refused:
        rules.decide("proposed", 7, rules.Judge(7, False), True, "")
    assert [one.code for one in refused.value.reasons] == ["only_park_staff", "four_eyes"]
