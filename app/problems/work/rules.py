"""Who may answer for a problem, where it is sent, what it repeats and when its people must meet again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
ANYWHERE = "*"
TAKE_WITHIN = dt.timedelta(hours=2)
REPEAT_DAYS = 90
THIRD = 3
MEET_EVERY_DAYS = 7
SHARED_WORDS = 0.5


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody acts for a head (`instead_of` a department) or for a vice president (`instead_of` a person)."""

    person: str
    instead_of: str
    from_on: dt.date
    until_on: dt.date

    def holds(self, on: dt.date) -> bool:
        return self.from_on <= on <= self.until_on


@dataclass(frozen=True, slots=True)
class Department:
    """One department; a vacant post is None."""

    id: str
    head: str | None
    vice_president: str | None


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody who may be named, and the posts they hold."""

    people: frozenset[str]
    departments: Mapping[str, Department]
    enterprise_vice_president: str | None
    acting_heads: tuple[Duty, ...] = ()
    acting_vice_presidents: tuple[Duty, ...] = ()


def refusals(
    staff: Staff, departments: Collection[str], person: str, assigned_by: str, on: dt.date
) -> tuple[str, ...]:
    """Why `person` may not be first responsible; empty when they may (contract-wider 2.3).

    Parameters
    ----------
    staff : Staff
        Posts and duties.
    departments : collection of str
        Ids of the departments concerned; the same twice counts once.
    person, assigned_by : str
        Who is named, and who names them.
    on : date
        The day for which acting duties are looked at.

    >>> staff = Staff(frozenset({"clerk"}), {"it": Department("it", "boss", "vp")}, "vp")
    >>> refusals(staff, ["it"], "clerk", "desk", dt.date(2026, 9, 1))
    ('not_head_of_department',)
    """
    named = sorted(set(departments))
    if not named:
        return ("no_department",)
    if person not in staff.people:
        return ("unknown_person",)
    found = []
    if len(named) == 1:
        if person not in heads(staff, named[0], on):
            found.append("not_head_of_department")
    elif person not in vice_presidents(staff, named, on):
        found.append(
            "other_vice_president"
            if _is_vice_president(staff, person, on)
            else "cross_department_needs_vice_president"
        )
    if person == assigned_by:
        found.append("self_assigned")
    return tuple(found)


def heads(staff: Staff, department: str, on: dt.date) -> frozenset[str]:
    """The head of the department and who acts for them that day."""
    post = staff.departments.get(department)
    acting = {duty.person for duty in staff.acting_heads if duty.instead_of == department and duty.holds(on)}
    return frozenset(acting | ({post.head} if post and post.head else set()))


def vice_presidents(staff: Staff, departments: Iterable[str], on: dt.date) -> frozenset[str]:
    """The vice president over all of them, else the one for enterprise service, and who acts for them."""
    over = {
        post.vice_president if (post := staff.departments.get(department)) else None
        for department in departments
    }
    one = over.pop() if len(over) == 1 else None
    wanted = one or staff.enterprise_vice_president
    if wanted is None:
        return frozenset()
    return frozenset({wanted} | _acting_for(staff, {wanted}, on))


def _is_vice_president(staff: Staff, person: str, on: dt.date) -> bool:
    posts = {post.vice_president for post in staff.departments.values() if post.vice_president}
    if staff.enterprise_vice_president:
        posts.add(staff.enterprise_vice_president)
    return person in posts or person in _acting_for(staff, posts, on)


def _acting_for(staff: Staff, posts: Collection[str], on: dt.date) -> set[str]:
    duties = staff.acting_vice_presidents
    return {duty.person for duty in duties if duty.instead_of in posts and duty.holds(on)}


@dataclass(frozen=True, slots=True)
class DispatchRule:
    """Problems of this category at this place go to this department between these hours.

    `place` is `building`, `building/floor`, `building/floor/room` or `*`; `to_hour` does not belong to the span, and
    one that is not after `from_hour` lies on the next day.
    """

    id: int
    category: str
    place: str
    department: str
    from_hour: int = 0
    to_hour: int = 24

    @property
    def width(self) -> int:
        return (self.to_hour - self.from_hour - 1) % 24 + 1

    def covers(self, category: str, place: str, hour: int) -> bool:
        inside = (hour - self.from_hour) % 24 < self.width
        there = self.place == ANYWHERE or place == self.place or place.startswith(self.place + "/")
        return inside and there and category == self.category


def dispatch(rules: Iterable[DispatchRule], category: str, place: str, at: dt.datetime) -> list[str]:
    """Departments to ask, one after the other; after the last, and without any, the service desk.

    >>> rules = [DispatchRule(1, "lamp", "*", "property"), DispatchRule(2, "lamp", "A", "it")]
    >>> dispatch(rules, "lamp", "A/3", dt.datetime(2026, 9, 1, 9, tzinfo=ZONE))
    ['it', 'property']
    """
    hour = at.astimezone(ZONE).hour
    fitting = [rule for rule in rules if rule.covers(category, place, hour)]
    fitting.sort(key=lambda rule: (-_exactness(rule.place), rule.width, rule.id))
    return list(dict.fromkeys(rule.department for rule in fitting))


def _exactness(place: str) -> int:
    return 0 if place == ANYWHERE else place.count("/") + 1


def asked_now(departments: Sequence[str], sent_at: dt.datetime, at: dt.datetime) -> str | None:
    """Who is to take an immediate problem that nobody has taken; None is the service desk."""
    turn = max(at - sent_at, dt.timedelta()) // TAKE_WITHIN
    return departments[turn] if turn < len(departments) else None


@dataclass(frozen=True, slots=True)
class Told:
    """What of a problem decides whether it was told before; what is not known is None and equals nothing."""

    id: str
    registered_on: dt.date
    category: str | None = None
    place: str | None = None
    theme: str | None = None
    firm: str | None = None
    words: frozenset[str] = field(default_factory=frozenset)

    @property
    def keys(self) -> tuple[tuple[str, str, str], ...]:
        found = []
        if self.category is not None and self.place is not None:
            found.append(("place", self.category, self.place))
        if self.theme is not None and self.firm is not None:
            found.append(("theme", self.theme, self.firm))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Repeat:
    """The problem before it, and the how-manieth this one is; from the third on the class `process` is proposed."""

    predecessor: str
    number: int

    @property
    def proposes_process(self) -> bool:
        return self.number >= THIRD


def repeats(problems: Iterable[Told]) -> dict[str, Repeat]:
    """Every problem that repeats another: the last one of its category and place, or theme and firm, in 90 days."""
    last: dict[tuple[str, str, str], Told] = {}
    found: dict[str, Repeat] = {}
    for problem in sorted(problems, key=lambda one: (one.registered_on, one.id)):
        before = [last[key] for key in problem.keys if key in last]
        before = [one for one in before if (problem.registered_on - one.registered_on).days <= REPEAT_DAYS]
        if before:
            latest = max(before, key=lambda one: (one.registered_on, one.id))
            number = found[latest.id].number + 1 if latest.id in found else 2
            found[problem.id] = Repeat(latest.id, number)
        last.update(dict.fromkeys(problem.keys, problem))
    return found


def similar(problem: Told, open_problems: Iterable[Told]) -> list[str]:
    """Open problems to offer for merging: same category, and the same place or half of all their words shared."""
    found = []
    for other in open_problems:
        if other.id == problem.id or problem.category is None or other.category != problem.category:
            continue
        every = problem.words | other.words
        alike = bool(every) and len(problem.words & other.words) / len(every) >= SHARED_WORDS
        if alike or (problem.place is not None and other.place == problem.place):
            found.append(other.id)
    return sorted(found)


def coordination_overdue(
    departments: Collection[str],
    assigned_on: dt.date,
    held_on: Collection[dt.date],
    resolved: bool,
    today: dt.date,
) -> bool:
    """Whether people of two departments or more have not met for more than seven days: overdue on day 8.

    >>> coordination_overdue(["it", "finance"], dt.date(2026, 9, 1), [], False, dt.date(2026, 9, 9))
    True
    """
    if resolved or len(set(departments)) < 2:
        return False
    last = max(held_on, default=assigned_on)
    return (today - last).days > MEET_EVERY_DAYS


@dataclass(frozen=True, slots=True)
class Deliverable:
    """What was promised and delivered, in its unit; waived needs a reason that the firm sees."""

    id: str
    quantity: int
    delivered: int = 0
    waived_because: str = ""


def undelivered(deliverables: Iterable[Deliverable]) -> list[str]:
    """What still stands between a problem and *resolved*."""
    return [one.id for one in deliverables if one.delivered < one.quantity and not one.waived_because.strip()]
