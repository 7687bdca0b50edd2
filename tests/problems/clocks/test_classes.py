"""Classes: one clock for each, what a change of class leaves behind, and when the next is due at the earliest."""

from __future__ import annotations

import pytest

from app.problems.clocks.rules import Case, Change, Pause, Reopening, clocks_of
from tests.problems.clocks.test_rules import RULES, SHIPPED, at, day, show


class TestClasses:
    def test_a_roadmap_within_thirty_days_then_the_milestone(self) -> None:
        waiting = Case("P", "longterm", at("2026-03-02T10:00"))
        found = show(waiting, "2026-03-10T12:00")
        assert (found.clock, found.due_on) == ("milestone", day("2026-04-01"))
        planned = Case("P", "longterm", at("2026-03-02T10:00"), milestone_on=day("2026-06-30"))
        assert show(planned, "2026-07-01T00:00").state == "missed"
        assert show(planned, "2026-06-30T23:59").due_at == at("2026-07-01T00:00")

    def test_a_change_does_not_save_a_clock_that_was_due(self) -> None:
        case = Case(
            "P", "immediate", at("2026-03-02T10:00"), changes=(Change(at("2026-03-03T10:00:01"), "process"),)
        )
        old, new = clocks_of(case, RULES, SHIPPED, at("2026-03-03T11:00"))
        assert (old.state, old.late_minutes) == ("missed", 60)
        assert (new.state, new.due_on, new.extended) == ("running", day("2026-03-17"), False)

    def test_a_change_at_the_last_moment_cancels(self) -> None:
        case = Case(
            "P", "immediate", at("2026-03-02T10:00"), changes=(Change(at("2026-03-03T10:00"), "process"),)
        )
        assert clocks_of(case, RULES, SHIPPED, at("2026-03-05T11:00"))[0].state == "cancelled"

    def test_a_day_clock_is_due_on_the_day_that_holds_the_moment(self) -> None:
        case = Case(
            "P", "longterm", at("2026-03-02T10:00"), changes=(Change(at("2026-03-20T15:00"), "process"),)
        )
        new = clocks_of(case, RULES, SHIPPED, at("2026-03-21T15:00"))[-1]
        assert (new.due_on, new.extended, new.due_at) == (day("2026-03-21"), True, at("2026-03-22T00:00"))
        equal = Case(
            "P", "longterm", at("2026-03-02T10:00"), changes=(Change(at("2026-03-16T15:00"), "process"),)
        )
        new = clocks_of(equal, RULES, SHIPPED, at("2026-03-16T16:00"))[-1]
        assert (new.due_on, new.extended) == (day("2026-03-17"), False)

    def test_a_change_to_longterm_with_a_milestone(self) -> None:
        case = Case(
            "P",
            "process",
            at("2026-03-02T10:00"),
            milestone_on=day("2026-03-10"),
            changes=(Change(at("2026-03-10T15:00"), "longterm"),),
        )
        old, new = clocks_of(case, RULES, SHIPPED, at("2026-03-10T16:00"))
        assert (old.state, new.due_on, new.extended) == ("cancelled", day("2026-03-11"), True)

    def test_two_changes_are_three_clocks(self) -> None:
        changes = (Change(at("2026-03-05T15:00"), "longterm"), Change(at("2026-03-02T15:00"), "process"))
        case = Case("P", "immediate", at("2026-03-02T10:00"), changes=changes)
        found = clocks_of(case, RULES, SHIPPED, at("2026-03-06T15:00"))
        assert [(c.problem_class, c.state) for c in found] == [
            ("immediate", "cancelled"),
            ("process", "cancelled"),
            ("longterm", "running"),
        ]

    @pytest.mark.parametrize(
        ("answered", "due_on", "paused_days"),
        [("2026-03-14T09:00", "2026-03-21", 4), (None, "2026-03-17", 0)],
    )
    def test_a_question_after_the_cancellation(
        self, answered: str | None, due_on: str, paused_days: int
    ) -> None:
        # 15 days from 2 March are the 17th; 11 to 14 March are quiet once answered, an open question ends with the clock.
        asked = Pause(at("2026-03-10T09:00"), at(answered) if answered else None)
        case = Case(
            "P",
            "process",
            at("2026-03-02T10:00"),
            pauses=(asked,),
            changes=(Change(at("2026-03-05T15:00"), "longterm"),),
        )
        old = clocks_of(case, RULES, SHIPPED, at("2026-03-20T12:00"))[0]
        assert (old.state, old.due_on, old.paused_days) == ("cancelled", day(due_on), paused_days)

    def test_a_reopening_is_a_further_clock(self) -> None:
        case = Case(
            "P",
            "immediate",
            at("2026-03-02T10:00"),
            at("2026-03-04T10:00"),
            reopenings=(Reopening(at("2026-03-20T10:00"), at("2026-03-20T12:00")),),
        )
        first, second = clocks_of(case, RULES, SHIPPED, at("2026-03-21T10:00"))
        assert (first.state, first.late_minutes) == ("missed", 24 * 60)
        assert (second.state, second.due_at) == ("met", at("2026-03-21T10:00"))
