"""Story 52: ninety per cent push, 88.8 do not, an unmet mandatory condition is nothing, an unknown one is asked for."""

from __future__ import annotations

import pytest

from app.hall import clock
from tests.factories import Park
from tests.policy.park import NOW, Policies, equal_conditions


@pytest.fixture
def people(park: Park) -> Policies:
    return Policies(park)


def test_nine_of_ten_push_and_eight_of_nine_do_not(people: Policies) -> None:
    with clock.frozen(NOW):
        firm = people.firm("F1")
        people.publish(equal_conditions(10, "ten"))
        people.publish(equal_conditions(9, "nine"))
        people.report(firm, **{f"a{n}": 1 for n in range(1, 10)}, a10=0)
        assert people.fit(firm, "ten")["fit_percent"] == 90.0
        people.report(firm, a9=0, a10=1)
        assert people.fit(firm, "nine")["fit_percent"] == 88.8
        assert people.fit(firm, "nine")["state"] == "near"
        # The ten were pushed when they stood at 90.0, once; the nine only while all nine held.
        assert sorted(push["policy"] for push in people.pushes(firm)) == ["nine", "ten"]
        people.report(firm, a9=1)
        assert len(people.pushes(firm)) == 2


def test_a_mandatory_condition_unmet_is_nothing_and_unknown_is_one_question(people: Policies) -> None:
    with clock.frozen(NOW):
        firm = people.firm("F1")
        people.publish(equal_conditions(20, "twenty", mandatory=1))
        people.report(firm, a1=0, **{f"a{n}": 1 for n in range(2, 21)})
        unmet = people.fit(firm, "twenty")
        assert (unmet["fit_percent"], unmet["state"], unmet["ask"]) == (0.0, "ineligible", [])
        people.report(firm, a1="")
        unknown = people.fit(firm, "twenty")
        assert (unknown["fit_percent"], unknown["state"], unknown["ask"]) == (95.0, "ask", ["c1"])
        assert people.pushes(firm) == []
        people.report(firm, a1=1)
        (push,) = people.pushes(firm)
        assert (push["policy"], push["state"], push["fit_percent"]) == ("twenty", "sent", 100.0)
        sources = {use["source"] for condition in push["conditions"] for use in condition["uses"]}  # type: ignore[attr-defined]
        assert sources == {"self_declared"}


def test_at_night_the_push_waits_for_the_morning(people: Policies) -> None:
    with clock.frozen(clock.at(NOW.date(), 22)):
        firm = people.firm("F1")
        people.publish(equal_conditions(10))
        people.report(firm, **{f"a{n}": 1 for n in range(1, 11)})
        assert people.fit(firm, "ten")["state"] == "push"
        assert people.pushes(firm) == []
