"""What belongs to one problem, read in one statement: for what may be done with it and for its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa

from app.hall.db.entity_query import Part, RowsTogether
from app.problems.clocks.models import ClockRuleVersion, ProblemClock
from app.problems.clocks.service import Gathered
from app.problems.closing.models import ProblemReview
from app.problems.reports.models import Place, Problem, ProblemPhoto, ProblemReporter
from app.problems.work.models import (
    AnswerTemplate,
    Coordination,
    Deliverable,
    Milestone,
    NextStep,
    ProblemDepartment,
    ProblemMessage,
    ProblemPlan,
    ProblemStep,
    Responsibility,
    TaskForceMember,
)


@dataclass(frozen=True)
class Rows:
    """The rows of one problem, each kind in the order in which it came."""

    departments: Sequence[ProblemDepartment]
    promises: Sequence[Deliverable]
    stages: Sequence[Milestone]
    plans: Sequence[ProblemPlan]
    force: frozenset[int]
    responsible: Responsibility | None
    clocks: Gathered
    review: ProblemReview | None
    reporters: Sequence[ProblemReporter]
    place: Place | None
    steps: Sequence[ProblemStep]
    messages: Sequence[ProblemMessage]
    meetings: Sequence[tuple[Coordination, list[NextStep]]]
    photos: Sequence[ProblemPhoto]
    templates: Sequence[AnswerTemplate]

    @property
    def asked(self) -> frozenset[int]:
        """Departments that have been asked so far or are concerned."""
        return frozenset(one.department_id for one in self.departments if one.asked_at or one.concerned)

    @property
    def concerned(self) -> list[int]:
        return sorted(one.department_id for one in self.departments if one.concerned)

    @property
    def named(self) -> list[int]:
        """Firms that reported it by name, the first one first."""
        found = (one.organisation_id for one in self.reporters)
        return list(dict.fromkeys(one for one in found if one is not None))


@cache
def _questions() -> RowsTogether:
    wanted: sa.BindParameter[int] = sa.bindparam("problem", type_=sa.Integer)
    turns, force, clocks = ProblemDepartment, TaskForceMember, ProblemClock
    this = sa.select(Problem).where(Problem.id == wanted)
    concerned = sa.select(turns.department_id).where(turns.problem_id == wanted, turns.concerned)
    meetings = sa.select(Coordination.id).where(Coordination.problem_id == wanted)
    versions = sa.select(clocks.rule_version_id).where(clocks.problem_id == wanted)
    return RowsTogether(
        Part(turns.department_id, (turns.problem_id == wanted,), (turns.problem_id == wanted,)),
        Part(force.member_id, (force.problem_id == wanted,), (force.problem_id == wanted,)),
        *(
            Part(model.id, (model.problem_id == wanted,))
            for model in (Deliverable, Milestone, ProblemPlan, ProblemMessage, ProblemStep, clocks)
        ),
        *(
            Part(model.id, (model.problem_id == wanted,))
            for model in (Coordination, ProblemPhoto, ProblemReporter)
        ),
        Part(Responsibility.id, (Responsibility.problem_id == wanted, Responsibility.until_at.is_(None))),
        Part(ClockRuleVersion.id, (ClockRuleVersion.id.in_(versions),)),
        Part(NextStep.id, (NextStep.coordination_id.in_(meetings),)),
        Part(ProblemReview.id, (ProblemReview.id.in_(this.with_only_columns(Problem.review_id)),)),
        Part(Place.id, (Place.id.in_(this.with_only_columns(Problem.place_id)),)),
        Part(
            AnswerTemplate.id,
            (AnswerTemplate.department_id.in_(concerned), AnswerTemplate.retired_at.is_(None)),
        ),
    )


def rows_of(problem_id: int) -> Rows:
    found = _questions().ask(problem=problem_id)
    messages = found.of(ProblemMessage)
    rules = {one.id: one.rules for one in found.of(ClockRuleVersion)}
    clocks = sorted(found.of(ProblemClock), key=lambda one: one.ordinal)
    stages = found.of(Milestone)
    steps: dict[int, list[NextStep]] = {}
    for one in found.of(NextStep):
        steps.setdefault(one.coordination_id, []).append(one)
    meetings = sorted(found.of(Coordination), key=lambda one: (one.called_for, one.id), reverse=True)
    return Rows(
        sorted(found.of(ProblemDepartment), key=lambda one: (one.turn, one.department_id)),
        found.of(Deliverable),
        stages,
        found.of(ProblemPlan),
        frozenset(one.member_id for one in found.of(TaskForceMember)),
        next(iter(found.of(Responsibility)), None),
        Gathered(
            [(one, rules[one.rule_version_id]) for one in clocks],
            [one for one in messages if one.kind == "question"],
            sorted(stages, key=lambda one: (one.due_on, one.id)),
        ),
        next(iter(found.of(ProblemReview)), None),
        found.of(ProblemReporter),
        next(iter(found.of(Place)), None),
        found.of(ProblemStep),
        messages,
        [(one, steps.get(one.id, [])) for one in meetings],
        found.of(ProblemPhoto),
        found.of(AnswerTemplate),
    )
