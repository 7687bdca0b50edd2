"""Clocks: the contract's cases, cases worked by hand on a wall calendar, and what no pause and no job may do."""

from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.identity.calendar.rules import Calendar, calendar_of
from app.identity.calendar.seed import shipped_rows
from app.problems.clocks.reading import read_cases
from app.problems.clocks.rules import (
    ZONE,
    Case,
    Change,
    Clock,
    ClockRules,
    Pause,
    Term,
    clocks_of,
)
from app.problems.clocks.warnings import due_warnings, last_quarter, moment_of, moved

WIDER = Path(__file__).resolve().parents[2] / "data" / "wider"
EXPECTED = json.loads((WIDER / "expected.json").read_text("utf-8"))
SHIPPED = calendar_of(shipped_rows())
RULES = ClockRules()
WORKING = ClockRules(process=Term("plan", 15, "working_day"))
NOON = "2026-09-30T12:00"


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text + ("" if "+" in text else "+08:00"))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def written(name: str) -> Case:
    cases, _columns, problems = read_cases(WIDER / "clocks.csv")
    assert problems == []
    return {row.case.id: row.case for row in cases}[name]


def show(case: Case, now: str = NOON, rules: ClockRules = RULES, calendar: Calendar = SHIPPED) -> Clock:
    return clocks_of(case, rules, calendar, at(now))[-1]


def process(start: str, *pauses: tuple[str, str | None], met: str | None = None) -> Case:
    asked = tuple(Pause(at(a), at(b) if b else None) for a, b in pauses)
    return Case("P", "process", at(start), at(met) if met else None, asked)


class TestContract:
    def test_c1_and_c2_one_second_decides(self) -> None:
        first, second = show(written("C1")), show(written("C2"))
        due, state = EXPECTED["C1"]
        assert (first.due_at, first.state, first.due_on) == (at(due), state, None)
        assert (second.due_at, second.state) == (at(due), EXPECTED["C2"])

    def test_c3_and_c4_the_day_ends_at_midnight(self) -> None:
        third, fourth = show(written("C3")), show(written("C4"))
        due, state = EXPECTED["C3"]
        assert (third.due_on, third.state) == (day(due), state)
        assert third.due_at == at("2026-10-08T00:00")
        assert (fourth.due_on, fourth.state) == (day(due), EXPECTED["C4"])

    def test_c3_in_working_days(self) -> None:
        found = show(written("C3"), rules=WORKING)
        assert [found.due_on, found.provisional] == [day(EXPECTED["C3 working"][0]), False]

    def test_c5_four_days_paused_or_one(self) -> None:
        found, working = show(written("C5")), show(written("C5"), rules=WORKING)
        assert [found.due_on, found.paused_days] == [day(EXPECTED["C5"][0]), 4]
        assert [working.due_on, working.paused_days] == [day(EXPECTED["C5 working"][0]), 1]
        assert found.state == working.state == "running"

    def test_c6_is_paused_until_the_tenth_day(self) -> None:
        found = show(written("C6"))
        assert [found.state, found.due_on] == EXPECTED["C6"]
        assert (found.due_at, found.late_minutes, found.paused_days) == (None, 0, 0)
        again = show(written("C6"), "2026-10-12T12:00")
        assert (again.state, again.due_on, again.paused_days) == ("running", day("2026-10-17"), 10)
        assert show(written("C6"), "2026-10-03T23:59").state == "paused"  # the ninth paused day
        assert show(written("C6"), "2026-10-04T00:00").state == "running"  # the tenth

    def test_c7_a_question_after_the_due_saves_nothing(self) -> None:
        found = show(written("C7"))
        assert [str(found.due_on), found.state] == EXPECTED["C7"]
        assert found.late_minutes == (13 * 24 + 12) * 60  # 17 Sep 00:00 to 30 Sep 12:00

    def test_c8_an_open_question_ends_with_the_plan(self) -> None:
        found = show(written("C8"))
        assert [str(found.due_on), found.state, found.paused_days] == EXPECTED["C8"]

    def test_fifteen_working_days_into_a_year_nobody_published(self) -> None:
        found = show(process("2026-12-25T09:00"), rules=WORKING)
        assert [str(found.due_on), found.provisional] == EXPECTED["year not published"]
        assert not show(process("2026-12-25T09:00")).provisional  # calendar days need no notice

    def test_eight_working_hours(self) -> None:
        rules = ClockRules(immediate=Term("first_response", 8, "working_hour"))
        found = show(Case("P", "immediate", at("2026-09-30T16:30")), rules=rules)
        assert found.due_at == at(EXPECTED["8 working hours"])
        assert (found.due_on, found.state) == (None, "running")

    def test_changed_to_immediate_gives_a_day_more(self) -> None:
        case = Case(
            "P", "longterm", at("2026-09-01T10:00"), changes=(Change(at("2026-09-10T15:00"), "immediate"),)
        )
        old, new = clocks_of(case, RULES, SHIPPED, at("2026-09-10T16:00"))
        assert (old.state, old.due_on, old.problem_class) == ("cancelled", day("2026-10-01"), "longterm")
        assert [str(new.due_at), str(new.extended)] == EXPECTED["reclassified"]
        assert new.state == "running"


class TestPauses:
    def test_days_of_two_pauses_count_once(self) -> None:
        case = process(
            "2026-03-02T10:00",
            ("2026-03-03T09:00", "2026-03-06T09:00"),  # 4, 5, 6
            ("2026-03-05T09:00", "2026-03-08T09:00"),  # 6, 7, 8
        )
        found = show(case, "2026-03-10T12:00")
        assert (found.paused_days, found.due_on) == (5, day("2026-03-22"))

    def test_only_ten_days_are_skipped(self) -> None:
        case = process("2026-03-02T10:00", ("2026-03-03T09:00", "2026-03-30T09:00"))
        found = show(case, "2026-03-10T12:00")
        # 3 counted; 4–13 skipped; then fourteen more: 27 March
        assert (found.paused_days, found.due_on) == (10, day("2026-03-27"))

    def test_a_question_on_the_due_day_moves_nothing(self) -> None:
        case = process("2026-03-02T10:00", ("2026-03-17T08:00", "2026-03-20T08:00"))
        assert show(case, "2026-03-17T12:00").due_on == day("2026-03-17")
        still = process("2026-03-02T10:00", ("2026-03-17T08:00", None))
        assert show(still, "2026-03-17T12:00").state == "running"
        assert show(still, "2026-03-18T00:00").state == "missed"

    def test_a_question_the_day_before_the_due_pauses(self) -> None:
        case = process("2026-03-02T10:00", ("2026-03-16T23:00", None))
        assert show(case, "2026-03-25T12:00").state == "paused"
        found = show(case, "2026-03-26T00:00")  # 17–26 March are the ten days
        assert (found.state, found.due_on) == ("running", day("2026-03-27"))

    def test_an_answer_after_the_clock_was_met_counts_in_full(self) -> None:
        case = process("2026-03-02T10:00", ("2026-03-16T09:00", "2026-03-19T09:00"), met="2026-03-18T09:00")
        found = show(case, "2026-04-01T12:00")
        assert (found.state, found.paused_days, found.due_on) == ("met", 3, day("2026-03-20"))

    def test_a_question_asked_after_the_clock_was_met_is_no_pause(self) -> None:
        case = process("2026-03-02T10:00", ("2026-03-10T09:00", None), met="2026-03-09T09:00")
        found = show(case, "2026-03-12T12:00")
        assert (found.state, found.paused_days, found.due_on) == ("met", 0, day("2026-03-17"))

    def test_the_open_question_keeps_the_days_of_the_answered_one(self) -> None:
        case = process(
            "2026-12-20T10:00", ("2026-12-21T09:00", "2026-12-23T09:00"), ("2026-12-24T09:00", None)
        )
        found = show(case, "2026-12-26T12:00", rules=WORKING)
        assert (found.state, found.paused_days, found.provisional) == ("paused", 2, True)

    def test_hours_never_pause(self) -> None:
        case = Case("P", "immediate", at("2026-09-30T10:00"), None, (Pause(at("2026-09-30T11:00")),))
        found = show(case, "2026-10-01T11:00")
        assert (found.state, found.late_minutes, found.paused_days) == ("missed", 60, 0)

    def test_a_cap_of_nothing_is_no_pause(self) -> None:
        rules = ClockRules(process=Term("plan", 15, "calendar_day", 0))
        case = process("2026-03-02T10:00", ("2026-03-03T09:00", None))
        found = show(case, "2026-03-04T12:00", rules=rules)
        assert (found.state, found.due_on) == ("running", day("2026-03-17"))


class TestMoments:
    def test_moments_after_the_look_are_taken_as_written(self) -> None:
        case = process("2026-03-02T10:00", met="2026-03-10T09:00")
        assert show(case, "2026-03-03T12:00").state == "met"
        late = process("2026-03-02T10:00", met="2026-03-18T00:10")
        found = show(late, "2026-03-03T12:00")
        assert (found.state, found.late_minutes) == ("missed", 10)

    def test_the_day_is_the_parks_day(self) -> None:
        case = Case("P", "process", at("2026-03-01T17:30:00+00:00"))  # 2 March 01:30 in the park
        assert show(case, "2026-03-02T12:00").due_on == day("2026-03-17")

    def test_unmet_at_the_end_of_the_day_is_missed(self) -> None:
        case = process("2026-03-02T10:00")
        assert show(case, "2026-03-17T23:59:59").state == "running"
        assert show(case, "2026-03-18T00:00").state == "missed"


class TestWarnings:
    def test_half_three_quarters_and_the_breach_once_each(self) -> None:
        case = Case("P", "immediate", at("2026-09-30T18:00"))
        for now, kinds in (
            ("2026-10-01T05:59", ()),
            ("2026-10-01T06:00", ("half",)),
            ("2026-10-01T12:00", ("half", "three_quarters")),
            ("2026-10-01T18:01", ("half", "three_quarters", "breach")),
        ):
            assert due_warnings(show(case, now), None, at(now)) == kinds

    def test_messages_of_process_wait_for_working_hours(self) -> None:
        clock = show(process("2026-09-22T10:00"), "2026-10-08T12:00")
        moments = [moment_of(clock, Fraction(share)) for share in ("1/2", "3/4", "1")]
        assert [str(SHIPPED.working_moment(moment))[:16] for moment in moments if moment] == [
            "2026-09-30 09:00",  # half: 30 Sep 05:00
            "2026-10-08 09:00",  # three quarters: 4 Oct, a holiday
            "2026-10-08 09:00",  # breach: 8 Oct 00:00
        ]

    def test_a_clock_that_was_met_in_time_is_not_warned(self) -> None:
        case = Case("P", "immediate", at("2026-09-30T18:00"), at("2026-10-01T07:00"))
        late = "2026-10-02T18:00"
        assert due_warnings(show(case, late), case.met_at, at(late)) == ("half",)

    def test_a_paused_clock_is_silent(self) -> None:
        assert due_warnings(show(written("C6")), None, at(NOON)) == ()

    def test_the_last_quarter_belongs_to_the_vice_president(self) -> None:
        case = Case("P", "immediate", at("2026-09-30T18:00"))
        for now, hers in (("2026-10-01T11:59", False), ("2026-10-01T12:00", True)):
            assert last_quarter(show(case, now), at(now)) is hers

    def test_a_published_year_moves_only_what_runs(self) -> None:
        now, later = show(process("2026-12-25T09:00"), rules=WORKING), show(process("2026-12-25T09:00"))
        assert moved(now, later)
        done = show(process("2026-12-25T09:00", met="2026-12-26T09:00"), rules=WORKING)
        assert not moved(done, later)


MINUTES = st.integers(0, 60 * 24 * 60)
MOMENTS = MINUTES.map(lambda minutes: at("2026-08-20T00:00") + dt.timedelta(minutes=minutes))


@st.composite
def pauses(draw: st.DrawFn) -> Pause:
    asked = draw(MOMENTS)
    length = draw(st.none() | st.integers(0, 20 * 24 * 60))
    return Pause(asked, None if length is None else asked + dt.timedelta(minutes=length))


CASES = st.builds(
    Case,
    id=st.just("P"),
    problem_class=st.sampled_from(("immediate", "process", "longterm")),
    registered_at=MOMENTS,
    met_at=st.none(),
    pauses=st.lists(pauses(), max_size=4).map(tuple),
)
ANY_RULES = st.sampled_from((RULES, WORKING))


def by_definition(case: Case, rules: ClockRules) -> dt.date:
    """The due day with answered pauses, straight from the words of the contract: sets of days, no walk."""
    term = rules.term(case.problem_class)
    start = case.registered_at.astimezone(ZONE).date()
    counted = [start + dt.timedelta(days=n) for n in range(1, 300)]
    if term.unit == "working_day":
        counted = [one for one in counted if SHIPPED.works(one)]
    paused = {
        one
        for one in counted
        for pause in case.pauses
        if pause.answered_at
        and pause.asked_at.astimezone(ZONE).date() < one <= pause.answered_at.astimezone(ZONE).date()
    }
    skipped = [one for one in counted if one in paused][: term.pause_cap]
    return [one for one in counted if one not in skipped][term.span - 1]


@given(CASES, ANY_RULES, MOMENTS)
def test_answered_pauses_by_definition(case: Case, rules: ClockRules, now: dt.datetime) -> None:
    answered = tuple(pause for pause in case.pauses if pause.answered_at)
    case = Case("P", "process", case.registered_at, None, answered)
    assert clocks_of(case, rules, SHIPPED, now)[-1].due_on == by_definition(case, rules)


@given(CASES, ANY_RULES, st.lists(MOMENTS, min_size=2, max_size=6).map(sorted))
def test_a_missed_clock_stays_missed(case: Case, rules: ClockRules, looks: list[dt.datetime]) -> None:
    states = [clocks_of(case, rules, SHIPPED, now)[-1].state for now in looks]
    if "missed" in states:
        assert set(states[states.index("missed") :]) == {"missed"}


@given(CASES, ANY_RULES, MOMENTS, MOMENTS)
def test_a_further_question_never_makes_a_missed_clock_good(
    case: Case, rules: ClockRules, now: dt.datetime, asked: dt.datetime
) -> None:
    before = clocks_of(case, rules, SHIPPED, now)[-1]
    more = Case("P", case.problem_class, case.registered_at, None, (*case.pauses, Pause(max(asked, now))))
    if before.state == "missed":
        assert clocks_of(more, rules, SHIPPED, now)[-1] == before


@given(CASES, ANY_RULES, MOMENTS, st.randoms())
def test_the_order_of_pauses_does_not_matter(case: Case, rules: ClockRules, now: dt.datetime, random) -> None:  # type: ignore[no-untyped-def]
    mixed = list(case.pauses)
    random.shuffle(mixed)
    other = Case("P", case.problem_class, case.registered_at, None, tuple(mixed))
    assert clocks_of(other, rules, SHIPPED, now) == clocks_of(case, rules, SHIPPED, now)


@given(CASES, ANY_RULES, MOMENTS, st.lists(MOMENTS, max_size=3))
def test_a_job_that_runs_late_twice_or_never_changes_no_state(
    case: Case, rules: ClockRules, now: dt.datetime, runs: list[dt.datetime]
) -> None:
    alone = clocks_of(case, rules, SHIPPED, now)
    for run in runs:
        clocks_of(case, rules, SHIPPED, run)
    assert clocks_of(case, rules, SHIPPED, now) == alone


@given(CASES, ANY_RULES, MOMENTS)
def test_no_question_stops_a_clock_for_ever(case: Case, rules: ClockRules, now: dt.datetime) -> None:
    assert clocks_of(case, rules, SHIPPED, now + dt.timedelta(days=200))[-1].state == "missed"
