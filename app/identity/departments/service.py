"""Departments as the park keeps them and as the other rooms ask for them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.facts import InstallationFact, find_fact, keep_fact
from app.hall.db.transaction import transaction
from app.hall.db.union_query import Together
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.hall.text import language
from app.identity.actor import Actor
from app.identity.audit.service import audit
from app.identity.calendar.rules import DEFAULT_HOURS, Calendar, DayRow, Hours, calendar_of, read_hours
from app.identity.calendar.seed import shipped_rows
from app.identity.departments.models import Department, DepartmentMember, Duty, WorkDay
from app.identity.departments.rules import Post, reasons_against
from app.identity.members.models import Member
from app.identity.organisations.models import Organisation
from app.identity.roles import RUNS_THE_PARK

WORKING_HOURS = "working_hours"
_OWN_CALENDAR = Together(
    days=sa.select(WorkDay.day, WorkDay.kind, WorkDay.name),
    hours=sa.select(InstallationFact.value).where(InstallationFact.name == sa.bindparam("fact")),
)
_on_work_days: list[Callable[[Calendar, Calendar], None]] = []


@dataclass(frozen=True)
class DepartmentInfo:
    """What other rooms may know of a department."""

    id: int
    code: str
    name_zh: str
    name_en: str

    @property
    def name(self) -> str:
        return (self.name_en if language.lang() == "en" else "") or self.name_zh


def list_departments() -> list[DepartmentInfo]:
    """Every department, by its id."""
    rows = db.session.execute(
        sa.select(Department.id, Department.code, Department.name_zh, Department.name_en).order_by(
            Department.id
        )
    )
    return [DepartmentInfo(*row) for row in rows]


def posts() -> tuple[Post, ...]:
    """Every duty of any day: small, and the rules look at the day."""
    columns = (
        Duty.id,
        Duty.kind,
        Duty.member_id,
        Duty.from_on,
        Duty.until_on,
        Duty.department_id,
        Duty.instead_of_id,
    )
    return tuple(Post(*row) for row in db.session.execute(sa.select(*columns).order_by(Duty.id)))


def departments_of(member_id: int) -> frozenset[int]:
    """Departments somebody works in or has a duty of today."""
    return frozenset(db.session.scalars(_mine(member_id)))


def _mine(member_id: int) -> sa.CompoundSelect[int]:
    today = clock.today()
    works = sa.select(DepartmentMember.department_id).where(DepartmentMember.member_id == member_id)
    leads = sa.select(Duty.department_id).where(
        Duty.member_id == member_id,
        Duty.kind.in_(("head", "deputy", "acting")),
        Duty.from_on <= today,
        sa.or_(Duty.until_on.is_(None), Duty.until_on >= today),
    )
    return sa.union(works, leads)


def departments_seen_by(member_id: int) -> tuple[tuple[DepartmentInfo, ...], frozenset[int]]:
    """Every department by its id, and those somebody works in or has a duty of today, in one statement."""
    mine = Department.id.in_(_mine(member_id))
    rows = db.session.execute(
        sa.select(Department.id, Department.code, Department.name_zh, Department.name_en, mine).order_by(
            Department.id
        )
    ).all()
    return tuple(DepartmentInfo(*row[:4]) for row in rows), frozenset(row[0] for row in rows if row[4])


def people_of(department_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Who works in each of these departments."""
    found: dict[int, set[int]] = {}
    rows = db.session.execute(
        sa.select(DepartmentMember.department_id, DepartmentMember.member_id).where(
            DepartmentMember.department_id.in_(sorted(set(department_ids)))
        )
    )
    for department_id, member_id in rows:
        found.setdefault(department_id, set()).add(member_id)
    return {key: frozenset(value) for key, value in found.items()}


def add_department(actor: Actor, code: str, name_zh: str, name_en: str = "") -> DepartmentInfo:
    """A department of the park; its code is what rules and files use."""
    _must_run(actor)
    code = code.strip().lower()
    if not (0 < len(code) <= 30 and code.isascii() and code.replace("_", "").isalnum()):
        raise Invalid("department_code")
    try:
        with transaction() as session:
            row = Department(
                code=code, name_zh=name_zh.strip(), name_en=name_en.strip(), created_at=clock.now()
            )
            session.add(row)
            session.flush()
            audit(actor, "department.added", "department", row.id, code=code)
            return DepartmentInfo(row.id, row.code, row.name_zh, row.name_en)
    except IntegrityError:
        raise Conflict("department_code_taken", code=code) from None


def set_people(actor: Actor, department_id: int, member_ids: Iterable[int]) -> None:
    """Who works in the department from now on: people of the park itself."""
    _must_run(actor)
    wanted = sorted(set(member_ids))
    with transaction() as session:
        if session.get(Department, department_id) is None:
            raise NotFound("department_not_found")
        _must_be_staff(actor, wanted)
        session.execute(sa.delete(DepartmentMember).where(DepartmentMember.department_id == department_id))
        session.add_all(DepartmentMember(department_id=department_id, member_id=one) for one in wanted)
        audit(actor, "department.people", "department", department_id, members=wanted)


def give_duty(actor: Actor, post: Post) -> int:
    """Write a duty down, or refuse it with every reason."""
    _must_run(actor)
    with transaction() as session:
        reasons = [Reason(code) for code in reasons_against(post, posts())]
        if reasons:
            raise Invalid("duty_refused", reasons)
        if post.department is not None and session.get(Department, post.department) is None:
            raise NotFound("department_not_found")
        _must_be_staff(actor, [one for one in (post.member, post.instead_of) if one is not None])
        row = Duty(
            kind=post.kind,
            member_id=post.member,
            department_id=post.department,
            instead_of_id=post.instead_of,
            from_on=post.from_on,
            until_on=post.until_on,
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        audit(actor, "duty.given", "duty", row.id, kind=post.kind, member=post.member)
        return row.id


def end_duty(actor: Actor, duty_id: int, until_on: dt.date) -> None:
    """The last day of a duty; what was is never rewritten, only its end may come."""
    _must_run(actor)
    with transaction() as session:
        row = session.get(Duty, duty_id)
        if row is None:
            raise NotFound("duty_not_found")
        if until_on < row.from_on:
            raise Invalid("duty_refused", [Reason("duty_backwards")])
        row.until_on = until_on
        audit(actor, "duty.ended", "duty", duty_id, until=until_on.isoformat())


def park_calendar() -> Calendar:
    """Which days and hours the park works: its own rows before the shipped ones, its own hours."""
    found = _OWN_CALENDAR.ask({"fact": WORKING_HOURS})
    days = sorted((DayRow(*row) for row in found["days"]), key=lambda row: row.day)
    return _calendar(tuple(days), _hours(next((row[0] for row in found["hours"]), None)))


@lru_cache(maxsize=4)
def _calendar(own: tuple[DayRow, ...], hours: Hours) -> Calendar:
    """The same rows make the same calendar: made once, not on every page."""
    years = {row.day.year for row in own if row.kind == "holiday"}
    shipped = [row for row in shipped_rows() if row.day.year not in years]
    return calendar_of([*shipped, *own], hours)


def working_hours() -> Hours:
    """The park's spans of a working day."""
    return _hours(find_fact(WORKING_HOURS))


def _hours(kept: str | None) -> Hours:
    return DEFAULT_HOURS if kept is None else tuple((first, last) for first, last in json.loads(kept))


def set_working_hours(actor: Actor, spans: Sequence[tuple[str, str]]) -> None:
    """New working hours: quiet hours of messages and the unit `working_hour` follow them at once."""
    _must_run(actor)
    try:
        hours = read_hours(spans)
    except ValueError:
        raise Invalid("working_hours_wrong") from None
    with transaction():
        keep_fact(WORKING_HOURS, json.dumps(hours))
        audit(actor, "working_hours.set", "park", actor.organisation_id, spans=[list(one) for one in spans])


def own_work_days() -> list[DayRow]:
    """Days off and make-up working days that the park wrote down, in order."""
    query = sa.select(WorkDay.day, WorkDay.kind, WorkDay.name).order_by(WorkDay.day)
    return [DayRow(*row) for row in db.session.execute(query)]


def set_work_days(actor: Actor, rows: Iterable[DayRow]) -> int:
    """Days off and make-up working days as the State Council published them; a day written before is replaced."""
    _must_run(actor)
    with transaction() as session:
        before = park_calendar()
        count = 0
        for row in rows:
            session.merge(WorkDay(day=row.day, kind=row.kind, name=row.name))
            count += 1
        audit(actor, "work_days.set", "park", actor.organisation_id, days=count)
        _follow(before)
    return count


def drop_work_days(actor: Actor, days: Sequence[dt.date]) -> None:
    """Days that the park wrote down by mistake: the shipped rows and the plain week count again."""
    _must_run(actor)
    with transaction() as session:
        before = park_calendar()
        session.execute(sa.delete(WorkDay).where(WorkDay.day.in_(days)))
        audit(actor, "work_days.dropped", "park", actor.organisation_id, days=len(days))
        _follow(before)


def _follow(before: Calendar) -> None:
    """Who counts by the calendar hears that it changed."""
    db.session.flush()
    after = park_calendar()
    if after != before:
        for handler in _on_work_days:
            handler(before, after)


def on_work_days(handler: Callable[[Calendar, Calendar], None]) -> None:
    """Call `handler(before, after)` inside the transaction that writes days off or make-up working days."""
    if handler not in _on_work_days:
        _on_work_days.append(handler)


def _must_run(actor: Actor) -> None:
    if not actor.may(RUNS_THE_PARK):
        raise NotAllowed("only_park_admin")


def _must_be_staff(actor: Actor, member_ids: Sequence[int]) -> None:
    known = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(Member)
        .where(Member.id.in_(member_ids), Member.organisation_id == actor.organisation_id)
    )
    if known != len(set(member_ids)):
        raise Invalid("not_the_parks_people")


def park_people() -> frozenset[str]:
    """Ids (as texts) of everybody who works for the park and may act."""
    query = (
        sa.select(Member.id)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .where(Organisation.kind == "park", Member.status == "active")
    )
    return frozenset(str(member_id) for member_id in db.session.scalars(query))


def member_names(member_ids: Iterable[int]) -> dict[int, str]:
    """Names by id."""
    wanted = sorted(set(member_ids))
    if not wanted:
        return {}
    rows = db.session.execute(sa.select(Member.id, Member.name).where(Member.id.in_(wanted)))
    return dict(rows.all())


def staff_names() -> dict[int, str]:
    """Names of everybody who works for the park and may act, by id."""
    query = (
        sa.select(Member.id, Member.name)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .where(Organisation.kind == "park", Member.status == "active")
    )
    return dict(db.session.execute(query).all())


def staff_by_login(logins: Iterable[str]) -> dict[str, int]:
    """Ids of the park's people by login; who is none of them is left out."""
    query = (
        sa.select(Member.login, Member.id)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .where(Organisation.kind == "park", Member.status == "active", Member.login.in_(sorted(set(logins))))
    )
    return dict(db.session.execute(query).all())
