"""What may be done with a problem in which state and by whom: one table, read by pages, API and acts alike."""

from __future__ import annotations

from dataclasses import dataclass

from app.problems.clocks.rules import IMMEDIATE, LONGTERM

REGISTERED, CLASSIFIED, ASSIGNED, RESPONDED = "registered", "classified", "assigned", "responded"
PLANNED, IN_PROGRESS, RESOLVED, CONFIRMED = "planned", "in_progress", "resolved", "confirmed"
REVIEWED, CLOSED = "reviewed", "closed"
MERGED, NOT_A_PROBLEM, HANDED_OVER = "merged", "not_a_problem", "handed_over"
PATH = (
    REGISTERED,
    CLASSIFIED,
    ASSIGNED,
    RESPONDED,
    PLANNED,
    IN_PROGRESS,
    RESOLVED,
    CONFIRMED,
    REVIEWED,
    CLOSED,
)
STATES = (*PATH, MERGED, NOT_A_PROBLEM, HANDED_OVER)
OPEN = PATH[:6]
WORKED_ON = (ASSIGNED, RESPONDED, PLANNED, IN_PROGRESS)

DESK, DEPARTMENT, RESPONSIBLE, HANDLER = "desk", "department", "responsible", "handler"
VICE_PRESIDENT, REPORTER = "vice_president", "reporter"
FEWEST_IN_TASK_FORCE = FEWEST_MILESTONES = 2
THIRD = 3

# act: (states it may start from, who may do it)
ACTS: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {
    "classify": (OPEN, frozenset({DESK, VICE_PRESIDENT})),
    "take": ((REGISTERED, CLASSIFIED), frozenset({DEPARTMENT})),
    "assign": (OPEN[1:], frozenset({DESK, VICE_PRESIDENT})),
    "respond": (WORKED_ON, frozenset({RESPONSIBLE, HANDLER})),
    "ask": (WORKED_ON, frozenset({RESPONSIBLE, HANDLER})),
    "reply": (OPEN, frozenset({REPORTER})),
    "plan": ((RESPONDED, PLANNED, IN_PROGRESS), frozenset({RESPONSIBLE, HANDLER})),
    "approve_plan": ((RESPONDED, PLANNED, IN_PROGRESS), frozenset({RESPONSIBLE})),
    "form_task_force": (WORKED_ON, frozenset({RESPONSIBLE, DESK})),
    "tick_milestone": ((PLANNED, IN_PROGRESS), frozenset({RESPONSIBLE})),
    "progress": ((RESPONDED, PLANNED, IN_PROGRESS), frozenset({RESPONSIBLE, HANDLER})),
    "coordinate": (WORKED_ON, frozenset({RESPONSIBLE, HANDLER, DESK})),
    "resolve": ((IN_PROGRESS,), frozenset({RESPONSIBLE, HANDLER})),
    "confirm": ((RESOLVED,), frozenset({REPORTER})),
    "reopen": ((RESOLVED, CONFIRMED, CLOSED), frozenset({REPORTER})),
    "review": ((CONFIRMED,), frozenset({RESPONSIBLE, HANDLER})),
    "close": ((REVIEWED,), frozenset({RESPONSIBLE, HANDLER, DESK})),
    "merge": (OPEN, frozenset({DESK})),
    "not_a_problem": ((REGISTERED, CLASSIFIED), frozenset({DESK})),
    "appeal": ((NOT_A_PROBLEM,), frozenset({REPORTER})),
    "hand_over": (OPEN[1:], frozenset({DESK, VICE_PRESIDENT, RESPONSIBLE})),
    "name_subject": (OPEN, frozenset({DESK, VICE_PRESIDENT, RESPONSIBLE, HANDLER})),
    "mend": (OPEN, frozenset({DESK, RESPONSIBLE, HANDLER})),
    "seek": (OPEN[1:], frozenset({DESK, VICE_PRESIDENT, RESPONSIBLE, HANDLER})),
}
AFTER = {
    "take": ASSIGNED,
    "assign": ASSIGNED,
    "respond": RESPONDED,
    "approve_plan": PLANNED,
    "progress": IN_PROGRESS,
    "resolve": RESOLVED,
    "confirm": CONFIRMED,
    "reopen": IN_PROGRESS,
    "review": REVIEWED,
    "close": CLOSED,
    "merge": MERGED,
    "not_a_problem": NOT_A_PROBLEM,
    "appeal": REGISTERED,
    "hand_over": HANDED_OVER,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides whether an act may be done: the problem's state and what its actor is to it."""

    state: str
    problem_class: str
    who: frozenset[str] = frozenset()
    planned: bool = False
    task_force: int = 0
    milestones: int = 0
    undelivered: int = 0
    open_milestones: int = 0
    appealed: bool = False
    reopen_days_left: bool = True
    last_quarter: bool = False
    missing_haves: tuple[str, ...] = ()
    names_resource: bool = False
    mending: bool = False
    sought: bool = False


def may(act: str, standing: Standing) -> bool:
    """Whether the act may be done at all by this person, whatever the state."""
    return not ACTS[act][1].isdisjoint(standing.who)


def refusals(act: str, standing: Standing) -> tuple[str, ...]:
    """Every reason against an act, `not_yours` first; empty when it may be done.

    >>> refusals("take", Standing("resolved", "process", frozenset({"desk"})))
    ('not_yours', 'not_in_this_state')
    >>> refusals("close", Standing("reviewed", "process", frozenset({"desk"}), missing_haves=("no_review",)))
    ('no_review',)
    """
    found = [] if may(act, standing) else ["not_yours"]
    if act == "close":
        # A closing says what is missing; that a review makes it `reviewed` follows from it.
        found += standing.missing_haves
        if not standing.missing_haves and standing.state not in ACTS[act][0]:
            found.append("not_in_this_state")
        return tuple(found)
    if standing.state not in ACTS[act][0]:
        found.append("not_in_this_state")
    return (*found, *_more(act, standing))


def _more(act: str, standing: Standing) -> list[str]:
    check = _CHECKS.get(act)
    return check(standing) if check else []


def _classify(standing: Standing) -> list[str]:
    late = standing.last_quarter and VICE_PRESIDENT not in standing.who
    return ["last_quarter_needs_vice_president"] if late else []


def _leave_responded(standing: Standing) -> list[str]:
    if standing.problem_class != LONGTERM:
        return []
    found = ["no_task_force"] if standing.task_force < FEWEST_IN_TASK_FORCE else []
    return found + (["no_roadmap"] if standing.milestones < FEWEST_MILESTONES else [])


def _progress(standing: Standing) -> list[str]:
    found = _leave_responded(standing) if standing.state == RESPONDED else []
    if standing.state == RESPONDED and standing.problem_class != IMMEDIATE and not standing.planned:
        found.append("no_plan")
    return found


def _resolve(standing: Standing) -> list[str]:
    found = ["undelivered"] if standing.undelivered else []
    return found + (["open_milestones"] if standing.open_milestones else [])


def _reopen(standing: Standing) -> list[str]:
    return [] if standing.reopen_days_left else ["reopening_too_late"]


def _mend(standing: Standing) -> list[str]:
    found = [] if standing.names_resource else ["names_no_machine"]
    return [*found, "mended_before"] if standing.mending else found


def _seek(standing: Standing) -> list[str]:
    return ["sought_before"] if standing.sought else []


def _appeal(standing: Standing) -> list[str]:
    return ["appealed_before"] if standing.appealed else []


_CHECKS = {
    "classify": _classify,
    "approve_plan": _leave_responded,
    "progress": _progress,
    "resolve": _resolve,
    "reopen": _reopen,
    "appeal": _appeal,
    "mend": _mend,
    "seek": _seek,
}


def after(act: str, state: str) -> str:
    """The state after an act; an act that is done again further on leaves the state where it is.

    >>> after("respond", "assigned"), after("respond", "planned"), after("classify", "registered")
    ('responded', 'planned', 'classified')
    """
    if act == "classify":
        return CLASSIFIED if state == REGISTERED else state
    target = AFTER.get(act, state)
    if act in ("assign", "respond", "approve_plan") and PATH.index(state) > PATH.index(target):
        return state
    return target


def dots(state: str) -> int:
    """How many of the five dots the firm sees are reached: 登记, 派单, 响应, 处理, 完成.

    >>> [dots(state) for state in ("registered", "assigned", "responded", "in_progress", "resolved")]
    [1, 2, 3, 4, 5]
    """
    if state in (RESOLVED, CONFIRMED, REVIEWED, CLOSED, NOT_A_PROBLEM):
        return 5
    if state in (IN_PROGRESS, PLANNED, HANDED_OVER):
        return 4
    return {ASSIGNED: 2, RESPONDED: 3}.get(state, 1)
