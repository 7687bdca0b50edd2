"""Specialists: years of service, what binds them, training, weeks at firms, who has been where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.identity import door as identity
from app.identity.door import Actor, MemberInfo, OrganisationInfo, roles
from app.voice import limits
from app.voice.feedback import service as feedback
from app.voice.people.models import Shadowing, Specialist, SpecialistTie, Training
from app.voice.visits.rules import Tie, Visitor, why_not_visit

VISITS_A_DAY = 3  # of a specialist of whom nobody has said another number


@dataclass(frozen=True)
class TieTo:
    """What binds a specialist to one firm, by its code."""

    enterprise: str
    owns_part: bool = False
    employed: bool = False
    left_on: dt.date | None = None


@dataclass(frozen=True)
class Card:
    """A specialist as the page shows them."""

    member: MemberInfo
    employed_since: dt.date | None
    suspended_because: str
    visits_a_day: int
    may_visit_from: dt.date | None
    trainings: Sequence[Training]
    weeks: Sequence[tuple[Shadowing, str]]

    @property
    def without_a_week(self) -> bool:
        """No week at a firm this year."""
        year = clock.today().year
        return not any(one.state == "done" and one.until_on.year == year for one, _firm in self.weeks)


def specialists() -> list[MemberInfo]:
    """Everybody who visits firms, by login."""
    return sorted(identity.members_with_role(roles.SERVICE_SPECIALIST), key=lambda one: one.login)


def visitor(member_id: int, organisation_id: int) -> Visitor:
    """The facts the rule looks at for one specialist and one firm."""
    return visitors([member_id], organisation_id)[member_id]


def visitors(member_ids: Iterable[int], organisation_id: int) -> dict[int, Visitor]:
    wanted = sorted(set(member_ids))
    known = {
        row.member_id: row
        for row in db.session.scalars(sa.select(Specialist).where(Specialist.member_id.in_(wanted)))
    }
    ties = {
        row.member_id: Tie(row.owns_part, row.employed, row.left_on)
        for row in db.session.scalars(
            sa.select(SpecialistTie).where(
                SpecialistTie.member_id.in_(wanted), SpecialistTie.organisation_id == organisation_id
            )
        )
    }
    since = since_of(wanted, known)
    return {
        one: Visitor(
            since[one],
            bool(known[one].suspended_because) if one in known else False,
            ties.get(one, Tie()),
        )
        for one in wanted
    }


def since_of(member_ids: Sequence[int], known: Mapping[int, Specialist]) -> dict[int, dt.date | None]:
    """Since when each serves firms: as the keeper of specialists says, else as their own account does."""
    own = identity.employed_since(member_ids)
    return {one: (known[one].employed_since if one in known else None) or own.get(one) for one in member_ids}


def why_not(member_id: int, organisation_id: int, day: dt.date) -> tuple[str, ...]:
    """Every reason why this specialist may not visit this firm on that day."""
    return why_not_visit(visitor(member_id, organisation_id), day)


def reasons(found: Visitor, day: dt.date) -> tuple[str, ...]:
    return why_not_visit(found, day)


def capacities() -> dict[int, Specialist]:
    return {row.member_id: row for row in db.session.scalars(sa.select(Specialist))}


def ties() -> dict[int, dict[int, Tie]]:
    """Ties of everybody, by member and firm."""
    found: dict[int, dict[int, Tie]] = {}
    for row in db.session.scalars(sa.select(SpecialistTie)):
        tie = Tie(row.owns_part, row.employed, row.left_on)
        found.setdefault(row.member_id, {})[row.organisation_id] = tie
    return found


def _find(login: str) -> MemberInfo:
    for one in specialists():
        if one.login == login:
            return one
    raise NotFound("specialist_not_found")


def set_specialist(
    actor: Actor,
    login: str,
    employed_since: dt.date | None,
    suspended_because: str = "",
    visits_a_day: int = 3,
    bound: Sequence[TieTo] | None = None,
) -> Specialist:
    """Since when somebody serves, whether the right to visit is withdrawn, and what binds them to firms."""
    if not actor.may(roles.KEEPS_SPECIALISTS):
        raise NotAllowed("specialist_not_yours")
    member = _find(login)
    if employed_since is not None and employed_since > clock.today():
        raise Invalid("specialist_refused", [Reason("specialist_in_future", {"at": "employed_since"})])
    if not 0 <= visits_a_day <= 20:
        raise Invalid("specialist_refused", [Reason("specialist_too_many_visits", {"at": "visits_a_day"})])
    firms = {one.enterprise: identity.get_enterprise(one.enterprise) for one in bound or ()}
    with transaction() as session:
        row = session.get(Specialist, member.id) or Specialist(member_id=member.id)
        row.employed_since = employed_since
        row.suspended_because = suspended_because.strip()[:500]
        row.visits_a_day = visits_a_day
        row.changed_at = clock.now()
        session.add(row)
        if bound is not None:
            session.execute(sa.delete(SpecialistTie).where(SpecialistTie.member_id == member.id))
            session.add_all(
                SpecialistTie(
                    member_id=member.id,
                    organisation_id=firms[one.enterprise].id,
                    owns_part=one.owns_part,
                    employed=one.employed or not one.owns_part,
                    left_on=one.left_on,
                )
                for one in {one.enterprise: one for one in bound}.values()
            )
        identity.audit(actor, "specialist.set", "member", member.id, since=str(employed_since))
        session.flush()
        return row


def plan_training(actor: Actor, login: str, title: str, hours: int, due_on: dt.date) -> Training:
    """One line of a training plan."""
    if not actor.may(roles.KEEPS_SPECIALISTS):
        raise NotAllowed("specialist_not_yours")
    wrong = []
    if not title.strip():
        wrong.append(Reason("training_title_missing", {"at": "title"}))
    if not 1 <= hours <= 400:
        wrong.append(Reason("training_hours_wrong", {"at": "hours"}))
    if wrong:
        raise Invalid("specialist_refused", wrong)
    with transaction() as session:
        row = Training(
            member_id=_find(login).id,
            title=title.strip()[:120],
            hours=hours,
            due_on=due_on,
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        identity.audit(actor, "training.planned", "training", row.id)
        return row


def training_done(actor: Actor, training_id: int, on: dt.date) -> Training:
    """Done on a day, written by the keeper or the specialist."""
    with transaction() as session:
        row = session.get(Training, training_id)
        if row is None or not (actor.may(roles.KEEPS_SPECIALISTS) or row.member_id == actor.member_id):
            raise NotFound("training_not_found")
        if on > clock.today():
            raise Invalid("specialist_refused", [Reason("specialist_in_future", {"at": "on"})])
        row.done_on = on
        identity.audit(actor, "training.done", "training", row.id)
        return row


def plan_shadowing(
    actor: Actor, login: str, enterprise: str, from_on: dt.date, until_on: dt.date
) -> Shadowing:
    """Days at a firm; nobody shadows where they are bound."""
    member = _find(login)
    if not (actor.may(roles.KEEPS_SPECIALISTS) or member.id == actor.member_id):
        raise NotAllowed("specialist_not_yours")
    if until_on < from_on:
        raise Invalid("specialist_refused", [Reason("shadowing_backwards", {"at": "until_on"})])
    firm = identity.get_enterprise(enterprise)
    against = [one for one in why_not(member.id, firm.id, from_on) if one != "tenure"]
    if against:
        raise Conflict("visit_refused", [Reason(f"visit_{one}") for one in against])
    with transaction() as session:
        row = Shadowing(
            member_id=member.id,
            organisation_id=firm.id,
            from_on=from_on,
            until_on=until_on,
            state="planned",
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        identity.audit(actor, "shadowing.planned", "shadowing", row.id)
        return row


def end_shadowing(actor: Actor, shadowing_id: int, seen: str) -> Shadowing:
    """What was seen there; the remark itself is kept like any other, on the channel `shadowing`."""
    with transaction() as session:
        row = session.get(Shadowing, shadowing_id)
        if row is None or not (row.member_id == actor.member_id or actor.may(roles.ENDS_COLLEAGUES_VISITS)):
            raise NotFound("shadowing_not_found")
        if row.state != "planned":
            raise Conflict("shadowing_over")
        if row.until_on > clock.today():
            raise Conflict("shadowing_not_yet")
        if not seen.strip():
            raise Invalid("specialist_refused", [Reason("shadowing_says_nothing", {"at": "seen"})])
        row.state, row.seen = "done", seen.strip()[: limits.TEXT]
        firm = identity.get_organisation(row.organisation_id)
        feedback.record(
            actor,
            feedback.Entry(
                client_id=f"shadowing:{row.id}",
                text=row.seen,
                channel="shadowing",
                heard_on=row.until_on,
                enterprise=firm.code,
            ),
        )
        identity.audit(actor, "shadowing.done", "shadowing", row.id)
        return row


def cards() -> list[Card]:
    """Every specialist with service, training and weeks: a fixed number of statements."""
    people = specialists()
    ids = [one.id for one in people]
    known = capacities()
    served = since_of(ids, known)
    trainings: dict[int, list[Training]] = {}
    for row in db.session.scalars(
        sa.select(Training).where(Training.member_id.in_(ids)).order_by(Training.due_on, Training.id)
    ):
        trainings.setdefault(row.member_id, []).append(row)
    weeks = list(
        db.session.scalars(
            sa.select(Shadowing).where(Shadowing.member_id.in_(ids)).order_by(Shadowing.from_on.desc())
        )
    )
    firms: dict[int, OrganisationInfo] = identity.organisations_by_id(one.organisation_id for one in weeks)
    found = []
    for one in people:
        mine = known.get(one.id)
        since = served[one.id]
        found.append(
            Card(
                one,
                since,
                mine.suspended_because if mine else "",
                mine.visits_a_day if mine else VISITS_A_DAY,
                clock.months_later(since, 36) if since else None,
                trainings.get(one.id, ()),
                [(week, firms[week.organisation_id].name) for week in weeks if week.member_id == one.id],
            )
        )
    return found
