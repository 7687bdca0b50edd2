"""The week as a proven plan: what is due, who may go, reckoned without a lock, then written."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid, NotAllowed, Reason
from app.identity import door as identity
from app.identity.door import Actor, MemberInfo, OrganisationInfo, roles
from app.voice import limits
from app.voice.people import service as people
from app.voice.people.models import Specialist as ServiceSpecialist
from app.voice.visits import plans, rules, states
from app.voice.visits.models import Contact, Visit
from app.voice.visits.week import Week, plan_week
from app.voice.visits.week_situation import Specialist, Wish

METHODS = ("visit", "interview")
TENURE = "tenure"


@dataclass(frozen=True)
class WeekPlan:
    """A week with names: what the solver said, and the days behind its numbers."""

    first_on: dt.date
    days: Sequence[dt.date]
    week: Week
    firms: Mapping[str, OrganisationInfo]  # by id of the visit
    methods: Mapping[str, str]
    reasons: Mapping[str, Sequence[str]]
    staff: Sequence[MemberInfo]
    planned: Sequence[tuple[Visit, OrganisationInfo]]  # what the week holds already


@dataclass(frozen=True)
class _Staff:
    """Who visits firms, and what the rule looks at: read once for a week."""

    members: Sequence[MemberInfo]
    rows: Mapping[int, ServiceSpecialist]
    served: Mapping[int, dt.date | None]
    bound: Mapping[int, Mapping[int, rules.Tie]]

    def why_not(self, member_id: int, organisation_id: int, day: dt.date) -> tuple[str, ...]:
        """Every reason why this specialist may not visit this firm on that day."""
        row = self.rows.get(member_id)
        tie = self.bound.get(member_id, {}).get(organisation_id, rules.Tie())
        suspended = bool(row.suspended_because) if row else False
        return rules.why_not_visit(rules.Visitor(self.served[member_id], suspended, tie), day)


def _staff() -> _Staff:
    members, rows = people.specialists(), people.capacities()
    return _Staff(members, rows, people.since_of([one.id for one in members], rows), people.ties())


def monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def propose(actor: Actor, day: dt.date, seconds: float = limits.SEARCH_SECONDS) -> WeekPlan:
    """The best week for what is due by its end, nothing written."""
    if not actor.may(roles.PLANS_VISITS):
        raise NotAllowed("visit_not_yours")
    if not 2000 <= day.year <= 2199:
        raise Invalid("visit_refused", [Reason("visit_time_wrong", {"at": "from"})])
    first = monday(day)
    calendar = identity.park_calendar()
    days = [one for n in range(7) if calendar.works(one := first + dt.timedelta(days=n))]
    rows = plans.rows(first, calendar)
    wishes, firms, methods = _wishes(rows, first, days)
    staff, planned = _staff(), _open_visits(days)
    week = plan_week(wishes, _specialists(days, staff, firms, planned), seconds)
    reasons = {one.visit: _why(one.reasons, staff, firms[one.visit], first) for one in week.left_over}
    known = {row.firm.id: row.firm for row in rows}
    known |= identity.organisations_by_id({one.organisation_id for one in planned} - known.keys())
    with_firms = [(one, known[one.organisation_id]) for one in planned]
    return WeekPlan(first, days, week, firms, methods, reasons, staff.members, with_firms)


def _wishes(
    rows: Sequence[plans.Row], first: dt.date, days: Sequence[dt.date]
) -> tuple[list[Wish], dict[str, OrganisationInfo], dict[str, str]]:
    """A visit for every firm that is due by the end of the week and has none planned yet."""
    last = first + dt.timedelta(days=6)
    wishes, firms, methods = [], {}, {}
    for row in rows:
        due = next((one for one in row.dues if one.method in METHODS and one.suggested_on <= last), None)
        if due is None or row.next_visit is not None or not days:
            continue
        latest = max(1, sum(one <= due.suggested_on for one in days))
        code = f"V-{row.firm.code}"
        firms[code] = row.firm
        methods[code] = due.method
        window = len(days) if due.suggested_on < first else latest
        wishes.append(Wish(code, row.firm.code, row.firm.building, _priority(due, first), 1, window))
    return wishes, firms, methods


def _priority(due: rules.Due, first: dt.date) -> int:
    """A newcomer's first visit and its milestones before all; then what is overdue."""
    if due.reason in ("first_visit", "milestone"):
        return 3
    return 2 if due.due_on < first else 1


def _specialists(
    days: Sequence[dt.date],
    staff: _Staff,
    firms: Mapping[str, OrganisationInfo],
    planned: Sequence[Visit],
) -> list[Specialist]:
    """Capacity left on each day; who may not go to a firm this week is barred from it."""
    taken = Counter((one.member_id, one.planned_on) for one in planned)
    knows = _known_firms({one.id for one in firms.values()})
    codes = {firm.id: firm.code for firm in firms.values()}
    found = []
    for one in staff.members:
        row = staff.rows.get(one.id)
        a_day = row.visits_a_day if row else people.VISITS_A_DAY
        capacity = {n: max(0, a_day - taken[one.id, day]) for n, day in enumerate(days, start=1)}
        barred = frozenset(
            firm.code for firm in firms.values() if days and staff.why_not(one.id, firm.id, days[0])
        )
        mine = frozenset(codes[firm] for firm in knows.get(one.id, ()) if firm in codes)
        found.append(Specialist(one.login, capacity, mine, barred))
    return found


def _known_firms(firm_ids: set[int]) -> dict[int, set[int]]:
    """Which of these firms each specialist has met before."""
    rows = db.session.execute(
        sa.select(Contact.member_id, Contact.organisation_id)
        .where(Contact.organisation_id.in_(sorted(firm_ids)), Contact.member_id.is_not(None))
        .distinct()
    )
    found: dict[int, set[int]] = {}
    for member_id, organisation_id in rows:
        if member_id is not None:
            found.setdefault(member_id, set()).add(organisation_id)
    return found


def _why(reasons: Sequence[str], staff: _Staff, firm: OrganisationInfo, day: dt.date) -> list[str]:
    """The reasons of the file, and `tenure` where nobody who may go otherwise has served three years."""
    if "conflict" not in reasons:
        return list(reasons)
    every = [staff.why_not(one.id, firm.id, day) for one in staff.members]
    found = []
    if any("conflict_of_interest" in some or "suspended" in some for some in every):
        found.append("conflict")
    if any(TENURE in some for some in every):
        found.append(TENURE)
    return found or list(reasons)


def accept(actor: Actor, plan: WeekPlan) -> list[Visit]:
    """Write the visits of a proposed week; a firm that got a visit meanwhile is left as it is."""
    logins = identity.staff_by_login([one.specialist for one in plan.week.assignments])
    with transaction() as session:
        taken = set(session.scalars(sa.select(Visit.organisation_id).where(Visit.state.in_(states.BEFORE))))
        made = []
        for one in plan.week.assignments:
            firm = plan.firms[one.visit]
            member_id = logins.get(one.specialist)
            day = plan.days[one.day - 1]
            if firm.id in taken or member_id is None or people.why_not(member_id, firm.id, day):
                continue
            made.append(
                Visit(
                    organisation_id=firm.id,
                    member_id=member_id,
                    method=plan.methods[one.visit],
                    state=states.PLANNED,
                    planned_on=day,
                    why="plan",
                    created_at=clock.now(),
                )
            )
        session.add_all(made)
        session.flush()
        identity.audit(actor, "visit.week_planned", "visit", plan.first_on.isoformat(), visits=len(made))
        return made


def _open_visits(days: Sequence[dt.date]) -> list[Visit]:
    """Visits that are planned in these days already."""
    if not days:
        return []
    query = sa.select(Visit).where(Visit.planned_on.between(days[0], days[-1]), Visit.state.in_(states.OPEN))
    return list(db.session.scalars(query.order_by(Visit.planned_on, Visit.member_id, Visit.id)))
