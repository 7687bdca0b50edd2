"""One message per version and firm: written when 90 % are reached, sent in working hours, answered once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Invalid, NotAllowed, NotFound
from app.identity import door as identity
from app.identity.door import Actor, Calendar, roles
from app.policy.fits.models import Fit
from app.policy.fits.store import Version, versions_by_id
from app.policy.pushes.models import Push
from app.policy.pushes.rules import due_at, quiet_until
from app.policy.states import PUSH, step
from app.policy.versions.models import PolicyVersion

SEND_AT_ONCE = 200


def working_hours() -> Calendar:
    """The days and hours on which messages go out, as the park keeps them."""
    return identity.park_calendar()


def pushes_of(organisation_id: int) -> list[Push]:
    """All pushes of one firm, newest first."""
    query = sa.select(Push).where(Push.organisation_id == organisation_id).order_by(Push.id.desc())
    return list(db.session.scalars(query))


def announce(version: Version, organisation_id: int, answer: dict[str, Any], known: list[Push]) -> None:
    """A fit reached 90 %: write the push unless this version was pushed already; the caller holds the firm's lock."""
    if any(push.policy_version_id == version.id for push in known):
        return
    now = clock.now()
    quiet = [push.quiet_until for push in known if push.policy_id == version.policy_id]
    row = Push(
        policy_id=version.policy_id,
        policy_version_id=version.id,
        organisation_id=organisation_id,
        state="due",
        reasons=answer,
        due_at=due_at(now, quiet, working_hours()),
    )
    db.session.add(row)
    db.session.flush()
    known.append(row)
    if row.due_at <= now:
        _send(row, version)


def _send(row: Push, version: Version) -> None:
    row.state = step(PUSH, row.state, "sent")
    row.sent_at = clock.now()
    identity.notify_organisation(
        row.organisation_id,
        "policy_pushed_note",
        f"/policy/pushes/{row.id}",
        roles=[roles.ENTERPRISE_ADMIN],
        title=version.titles,
        percent=row.reasons["fit_percent"],
    )


def send_due() -> int:
    """Send what may go out now, once each; what fits no longer waits, what ended lapses. May run late or twice."""
    today, done = clock.today(), 0
    ids = db.session.scalars(
        sa.select(Push.id)
        .where(Push.state == "due", Push.due_at <= clock.now())
        .order_by(Push.due_at, Push.id)
        .limit(SEND_AT_ONCE)
    ).all()
    for push_id in ids:
        with transaction():
            query = sa.select(Push).where(Push.id == push_id).execution_options(populate_existing=True)
            row = db.session.scalars(locked(query)).one()
            if row.state != "due" or row.due_at > clock.now():
                continue
            version = versions_by_id([row.policy_version_id], today)[row.policy_version_id]
            if not _counts(version.id, today):
                row.state = step(PUSH, row.state, "lapsed")
            elif _still_fits(row) and working_hours().working_moment(clock.now()) <= clock.now():
                _send(row, version)
                done += 1
            else:
                row.due_at = working_hours().working_moment(clock.now() + dt.timedelta(minutes=1))
    return done


def _counts(version_id: int, day: dt.date) -> bool:
    row = db.session.get(PolicyVersion, version_id)
    return row is not None and row.state == "in_force" and (row.valid_to is None or day <= row.valid_to)


def _still_fits(row: Push) -> bool:
    query = sa.select(Fit.state).where(
        Fit.policy_version_id == row.policy_version_id, Fit.organisation_id == row.organisation_id
    )
    return db.session.scalar(query) == "push"


def lapse_of_ended(version_ids: list[int]) -> None:
    """What nobody answered is over with its version; inside the caller's transaction."""
    rows = db.session.scalars(
        sa.select(Push).where(
            Push.policy_version_id.in_(version_ids), Push.state.in_(("due", "sent", "opened"))
        )
    )
    for row in rows:
        row.state = step(PUSH, row.state, "lapsed")


def get_push(actor: Actor, push_id: int, lock: bool = False) -> Push:
    """A push of one's own firm; officers and auditors see all. One that did not go out yet exists for nobody else."""
    query = sa.select(Push).where(Push.id == push_id).execution_options(populate_existing=True)
    row = db.session.scalar(locked(query) if lock else query)
    if row is None or not _may_see(actor, row):
        raise NotFound("policy_push_not_found")
    return row


def _may_see(actor: Actor, row: Push) -> bool:
    if actor.may(roles.SEES_MONTHLY_FACTS_OF_ALL_FIRMS):
        return True
    own = actor.organisation_id == row.organisation_id and actor.may(roles.SEES_MONTHLY_FACTS_OF_OWN_FIRM)
    return own and row.state != "due"


def _own(actor: Actor, push_id: int) -> Push:
    row = get_push(actor, push_id, lock=True)
    if row.organisation_id != actor.organisation_id or not actor.may(roles.ANSWERS_PUSHES):
        raise NotAllowed("policy_not_your_push")
    return row


def open_push(actor: Actor, push_id: int) -> Push:
    """Somebody of the firm looks at it; only the first look is written."""
    row = get_push(actor, push_id)
    if row.organisation_id != actor.organisation_id or row.state != "sent":
        return row
    with transaction():
        row = get_push(actor, push_id, lock=True)
        if row.state == "sent":
            row.state, row.opened_at = step(PUSH, row.state, "opened"), clock.now()
        return row


def decline(actor: Actor, push_id: int, reason: str) -> Push:
    """A no with its reason: quiet for 90 days, whatever the fit."""
    reason = reason.strip()
    if not reason:
        raise Invalid("reason_required")
    with transaction():
        row = _answer(actor, push_id, "declined")
        row.reason = reason[:500]
        row.quiet_until = quiet_until(clock.today())
        identity.audit(actor, "policy_push.declined", "policy_push", row.id, reason)
        return row


def take_up(actor: Actor, push_id: int) -> Push:
    """A yes: the case begins with it, in the caller's transaction."""
    return _answer(actor, push_id, "interested")


def _answer(actor: Actor, push_id: int, answer: str) -> Push:
    row = _own(actor, push_id)
    if row.state == "sent":  # who answers has read it
        row.state, row.opened_at = step(PUSH, row.state, "opened"), clock.now()
    row.state = step(PUSH, row.state, answer)
    row.answered_at, row.answered_by = clock.now(), actor.member_id
    return row


def count_open(organisation_id: int) -> int:
    """Pushes that wait for the firm's answer."""
    query = sa.select(sa.func.count()).where(
        Push.organisation_id == organisation_id, Push.state.in_(("sent", "opened"))
    )
    return int(db.session.scalar(query) or 0)
