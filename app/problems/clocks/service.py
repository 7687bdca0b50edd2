"""Clocks of problems as rows: started, met, read; what they show comes from the rules at the moment of looking."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, NotAllowed, NotFound
from app.identity import door as identity
from app.identity.door import Actor, Calendar, roles
from app.problems.clocks.models import ClockRuleVersion, ProblemClock
from app.problems.clocks.rules import (
    LONGTERM,
    Case,
    Change,
    Clock,
    ClockRules,
    Pause,
    Reopening,
    Term,
    clocks_of,
    held,
)
from app.problems.reports.models import Problem
from app.problems.work.models import Milestone, ProblemMessage


@dataclass(frozen=True)
class Reading:
    """A clock's row and what it shows now; `asking`: a question of its problem still waits for the firm."""

    row: ProblemClock
    clock: Clock
    asking: bool = False

    @property
    def moved_from(self) -> dt.date | None:
        """The day it was due before its days were published, where that moved it."""
        before = self.row.moved_from_at
        return None if before is None else clock.day_of(before - dt.timedelta(microseconds=1))


def rules_from(data: dict[str, Any]) -> ClockRules:
    """Rules as a version keeps them."""
    terms = {name: Term(**data[name]) for name in ("immediate", "process", "longterm")}
    return ClockRules(**terms, report_every_days=data["report_every_days"])


def rules_to(rules: ClockRules) -> dict[str, object]:
    return asdict(rules)


_IN_FORCE = sa.select(ClockRuleVersion).where(ClockRuleVersion.state == "in_force")


def in_force() -> ClockRuleVersion:
    """The version new clocks run by."""
    found = db.session.scalar(_IN_FORCE)
    if found is None:
        raise NotFound("clock_rules_missing")
    return found


def start(problem: Problem, why: str, problem_class: str, at: dt.datetime) -> ProblemClock:
    """A further clock: at registration, after a change of class, after a reopening."""
    session = db.session()
    count = session.scalar(
        sa.select(sa.func.count()).select_from(ProblemClock).where(ProblemClock.problem_id == problem.id)
    )
    first = session.scalar(
        sa.select(ProblemClock.rule_version_id).where(
            ProblemClock.problem_id == problem.id, ProblemClock.ordinal == 1
        )
    )
    row = ProblemClock(
        problem_id=problem.id,
        ordinal=(count or 0) + 1,
        problem_class=problem_class,
        start=why,
        started_at=at,
        rule_version_id=first or in_force().id,
    )
    session.add(row)
    session.flush()
    return row


def start_first(problem: Problem, calendar: Calendar) -> Reading:
    """The clock of a problem that was registered just now, with what it shows: nothing has to be looked up for it."""
    version = in_force()
    row = ProblemClock(
        problem_id=problem.id,
        ordinal=1,
        problem_class=problem.problem_class,
        start="registered",
        started_at=problem.registered_at,
        rule_version_id=version.id,
    )
    db.session.add(row)
    case = Case(problem.number, problem.problem_class, problem.registered_at, None)
    [shown] = clocks_of(case, rules_from(version.rules), calendar, problem.registered_at)
    return Reading(row, shown)


def meet(problem: Problem, kind: str, at: dt.datetime) -> bool:
    """The newest clock is met at this moment, if it is of this kind and still unmet."""
    row = db.session.scalar(
        sa.select(ProblemClock)
        .where(ProblemClock.problem_id == problem.id)
        .order_by(ProblemClock.ordinal.desc())
        .limit(1)
    )
    if row is None or row.met_at is not None:
        return False
    version = db.session.get(ClockRuleVersion, row.rule_version_id)
    assert version is not None
    if rules_from(version.rules).term(row.problem_class).clock != kind:
        return False
    row.met_at = at
    return True


@dataclass(frozen=True)
class Gathered:
    """Clocks with the rules they run by, in order; questions to the firm; milestones, the earliest first."""

    clocks: Sequence[tuple[ProblemClock, dict[str, Any]]]
    questions: Sequence[ProblemMessage]
    stages: Sequence[Milestone]


def gather(ids: Sequence[int]) -> Gathered:
    """What the clocks of these problems are read from: three statements however many problems."""
    session = db.session()
    pairs = session.execute(
        sa.select(ProblemClock, ClockRuleVersion.rules)
        .join(ClockRuleVersion, ClockRuleVersion.id == ProblemClock.rule_version_id)
        .where(ProblemClock.problem_id.in_(ids))
        .order_by(ProblemClock.ordinal)
    ).all()
    asked = sa.select(ProblemMessage).where(
        ProblemMessage.problem_id.in_(ids), ProblemMessage.kind == "question"
    )
    lasting = sorted({row.problem_id for row, _kept in pairs if row.problem_class == LONGTERM})
    stages = sa.select(Milestone).where(Milestone.problem_id.in_(lasting))
    return Gathered(
        [(row, kept) for row, kept in pairs],
        session.scalars(asked).all(),
        session.scalars(stages.order_by(Milestone.due_on, Milestone.id)).all() if lasting else (),
    )


def read(
    problems: Sequence[Problem],
    at: dt.datetime,
    calendar: Calendar | None = None,
    gathered: Gathered | None = None,
) -> dict[int, list[Reading]]:
    """All clocks of these problems, oldest first; who has read what they stand on hands it in."""
    if not problems:
        return {}
    calendar = calendar or identity.park_calendar()
    known = gathered or gather([problem.id for problem in problems])
    versions: dict[int, ClockRules] = {}
    for row, kept in known.clocks:
        if row.rule_version_id not in versions:
            versions[row.rule_version_id] = rules_from(kept)
    rows = _by_problem(row for row, _kept in known.clocks)
    questions, stages = _by_problem(known.questions), _by_problem(known.stages)
    found: dict[int, list[Reading]] = {}
    for problem in problems:
        mine = sorted(rows.get(problem.id, []), key=lambda row: (row.start == "reopened", row.ordinal))
        if mine:
            case = _case(problem, mine, questions.get(problem.id, []), stages.get(problem.id, []))
            clocks = clocks_of(case, versions[mine[0].rule_version_id], calendar, at)
            asking = any(one.replied_at is None for one in questions.get(problem.id, []))
            found[problem.id] = [
                Reading(
                    row,
                    one if row.held_due_at is None else held(one, row.held_due_at, row.met_at, at),
                    asking,
                )
                for row, one in zip(mine, clocks, strict=True)
            ]
    return found


def _by_problem(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.problem_id, []).append(row)
    return found


def _case(
    problem: Problem,
    rows: Sequence[ProblemClock],
    questions: Sequence[ProblemMessage],
    stages: Sequence[Milestone],
) -> Case:
    """The moments of one problem as the rules see them."""
    first = [row for row in rows if row.start != "reopened"]
    changes = tuple(
        Change(row.started_at, row.problem_class, before.met_at) for before, row in itertools.pairwise(first)
    )
    due_on = met_at = None
    if problem.planned_at is not None and stages:
        still = [stage.due_on for stage in stages if stage.done_at is None]
        due_on = min(still, default=stages[-1].due_on)
        met_at = None if still else max(stage.done_at for stage in stages if stage.done_at is not None)
    longterm = first[-1].problem_class == LONGTERM
    return Case(
        problem.number,
        first[0].problem_class,
        problem.registered_at,
        met_at if longterm else first[-1].met_at,
        tuple(Pause(one.at, one.replied_at) for one in questions),
        changes,
        due_on if longterm else None,
        tuple(Reopening(row.started_at, row.met_at) for row in rows if row.start == "reopened"),
    )


# --- versions of the rules, by four eyes ------------------------------------------------------------------


def propose_rules(actor: Actor, rules: ClockRules, note: str) -> ClockRuleVersion:
    """A new version; it counts only once somebody else approves it, and only for clocks started from then on."""
    if not actor.may(roles.SETS_PROBLEM_RULES):
        raise NotAllowed("problem_not_yours")
    with transaction() as session:
        row = ClockRuleVersion(
            state="proposed",
            rules=rules_to(rules),
            note=note.strip(),
            proposed_by_id=actor.member_id,
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        identity.audit(actor, "clock_rules.proposed", "clock_rules", row.id, reason=note)
        return row


def decide_rules(actor: Actor, version_id: int, approve: bool) -> None:
    """Approve or reject a proposed version; never one's own."""
    if not actor.may(roles.SETS_PROBLEM_RULES):
        raise NotAllowed("problem_not_yours")
    with transaction() as session:
        row = session.scalar(locked(sa.select(ClockRuleVersion).where(ClockRuleVersion.id == version_id)))
        if row is None:
            raise NotFound("clock_rules_missing")
        if row.state != "proposed":
            raise Conflict("clock_rules_decided")
        if row.proposed_by_id == actor.member_id:
            raise Conflict("clock_rules_four_eyes")
        identity.require_second_person(actor, row.proposed_by_id)
        if approve:
            session.execute(
                sa.update(ClockRuleVersion)
                .where(ClockRuleVersion.state == "in_force")
                .values(state="superseded")
            )
            row.in_force_at = clock.now()
        row.state = "in_force" if approve else "rejected"
        row.approved_by_id = actor.member_id
        identity.audit(actor, "clock_rules.decided", "clock_rules", row.id, approved=approve)


def list_versions() -> list[ClockRuleVersion]:
    return list(db.session.scalars(sa.select(ClockRuleVersion).order_by(ClockRuleVersion.id.desc())))
