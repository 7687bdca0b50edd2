"""Tea talks and activities: whom to invite, what they answered, who came, what each guest said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.identity import door as identity
from app.identity.door import Actor, OrganisationInfo, roles
from app.voice import queries as firms
from app.voice.feedback import service as feedback
from app.voice.gatherings import rules
from app.voice.gatherings.models import KINDS, Gathering, Invitation, OptOut

SEATS = 10


@dataclass(frozen=True)
class NewGathering:
    """A gathering to prepare; `enterprises` empty: a tea talk chooses, an activity has a counted crowd."""

    kind: str
    on: dt.date
    question: str = ""
    title: str = ""
    starts: str = ""
    place: str = ""
    series: str = ""
    changed: str = ""
    seats: int = SEATS
    rest_months: int = 3
    enterprises: Sequence[str] = ()
    invited: int | None = None


def candidates(day: dt.date, known: Sequence[OrganisationInfo] | None = None) -> list[rules.Firm]:
    """Every firm of the park as the selection sees it: three statements, whatever their number."""
    all_firms = firms.firms() if known is None else known
    last = firms.last_contacts(until=day)
    invited = last_invited(day)
    out = set(db.session.scalars(sa.select(OptOut.organisation_id)))
    found = []
    for firm in all_firms:
        heard = firms.last_heard(last.get(firm.id, {}))
        since = firm.registered_on or heard
        if since is None or since > day:
            continue  # its silence cannot be told
        found.append(
            rules.Firm(
                firm.code,
                firm.industry,
                since,
                heard,
                invited.get(firm.id),
                firm.status,
                firm.id in out,
            )
        )
    return found


def last_invited(until: dt.date | None = None) -> dict[int, dt.date]:
    """The last tea talk each firm was invited to, by its day."""
    query = (
        sa.select(Invitation.organisation_id, sa.func.max(Invitation.invited_on))
        .join(Gathering, Gathering.id == Invitation.gathering_id)
        .where(Gathering.kind == "tea_talk")
        .group_by(Invitation.organisation_id)
    )
    if until is not None:
        query = query.where(Invitation.invited_on <= until)
    return dict(db.session.execute(query).all())


def propose(actor: Actor, day: dt.date, seats: int = SEATS, rest_months: int = 3) -> rules.TeaTalk:
    """Whom to invite on this day, whom not and why."""
    if not actor.may(roles.SEES_GATHERINGS):
        raise NotAllowed("gathering_not_yours")
    return rules.choose(candidates(day), day, seats, rest_months)


def prepare(actor: Actor, new: NewGathering) -> Gathering:
    """A gathering with its invitations sent; of a tea talk the best ten, or those that are named."""
    if not actor.may(roles.INVITES_FIRMS):
        raise NotAllowed("gathering_not_yours")
    _check(new)
    named = [identity.get_enterprise(code) for code in dict.fromkeys(new.enterprises)]
    chosen = (
        propose(actor, new.on, new.seats, new.rest_months) if new.kind == "tea_talk" and not named else None
    )
    with transaction() as session:
        row = Gathering(
            kind=new.kind,
            state="planned",
            held_on=new.on,
            starts=new.starts,
            place=new.place.strip()[:120],
            title=new.title.strip()[:120],
            question=new.question.strip()[:500],
            series=new.series.strip()[:60],
            changed=new.changed.strip()[:500],
            seats=new.seats,
            rest_months=new.rest_months,
            invited=new.invited,
            member_id=actor.member_id,
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        if chosen is not None:
            ids = identity.organisations_by_code(guest.enterprise for guest in chosen.selected)
            for guest in chosen.selected:
                _invite(row, ids[guest.enterprise], guest.reason, guest.silence_days)
        for firm in named:
            _invite(row, firm, "named", None)
        session.flush()
        identity.audit(actor, "gathering.prepared", "gathering", row.id, kind=new.kind)
        return row


def _check(new: NewGathering) -> None:
    wrong = []
    if new.kind not in KINDS:
        wrong.append(Reason("gathering_kind_unknown", {"at": "kind"}))
    if new.kind == "tea_talk" and new.question.count("?") + new.question.count("？") > 1:
        wrong.append(Reason("gathering_one_question", {"at": "question"}))
    if new.on < clock.today():
        wrong.append(Reason("gathering_in_the_past", {"at": "on"}))
    if not 1 <= new.seats <= 1000:
        wrong.append(Reason("gathering_seats_wrong", {"at": "seats"}))
    if new.kind == "activity" and not new.title.strip():
        wrong.append(Reason("gathering_title_missing", {"at": "title"}))
    if wrong:
        raise Invalid("gathering_refused", wrong)


def _invite(row: Gathering, firm: OrganisationInfo, reason: str, silence_days: int | None) -> None:
    db.session.add(
        Invitation(
            gathering_id=row.id,
            organisation_id=firm.id,
            state="sent",
            reason=reason,
            silence_days=silence_days,
            invited_on=clock.today(),
        )
    )
    identity.notify_organisation(
        firm.id,
        "gathering_invited_you",
        "/voice/mine",
        on=row.held_on.isoformat(),
        what=row.title or row.question,
    )


def get(actor: Actor, gathering_id: int) -> Gathering:
    row = db.session.get(Gathering, gathering_id)
    if row is None or not actor.may(roles.SEES_GATHERINGS):
        raise NotFound("gathering_not_found")
    return row


def invitations(gathering_id: int) -> list[Invitation]:
    query = sa.select(Invitation).where(Invitation.gathering_id == gathering_id)
    return list(db.session.scalars(query.order_by(Invitation.id)))


def answer(
    actor: Actor, gathering_id: int, enterprise: str, coming: bool, because: str = ""
) -> list[Invitation]:
    """A firm accepts or declines; a free seat of a tea talk goes to the next best, the others keep theirs."""
    firm = identity.get_enterprise(enterprise)
    own = firm.id == actor.organisation_id and actor.may(roles.SPEAKS_FOR_THE_FIRM)
    if not (own or actor.may(roles.INVITES_FIRMS)):
        raise NotFound("gathering_not_found")
    with transaction() as session:
        row = _lock(gathering_id)
        mine = session.scalar(
            sa.select(Invitation).where(
                Invitation.gathering_id == row.id, Invitation.organisation_id == firm.id
            )
        )
        if mine is None:  # before its state: who is not invited learns nothing of it
            raise NotFound("gathering_not_found")
        if row.state != "planned":
            raise Conflict("gathering_over")
        if mine.state == "declined" and coming:
            raise Conflict("gathering_seat_given_away")
        mine.state = "accepted" if coming else "declined"
        mine.because = because.strip()[:500]
        mine.answered_at = clock.now()
        session.flush()
        identity.audit(actor, f"gathering.{mine.state}", "gathering", row.id, enterprise=firm.code)
        if not coming and row.kind == "tea_talk":
            _refill(row)
        session.flush()
        return invitations(row.id)


def _lock(gathering_id: int) -> Gathering:
    row: Gathering | None = db.session.scalar(
        locked(sa.select(Gathering).where(Gathering.id == gathering_id))
    )
    if row is None:
        raise NotFound("gathering_not_found")
    return row


def _refill(row: Gathering) -> None:
    """The next best set with everybody kept who has not declined."""
    invited = invitations(row.id)
    codes = {one.organisation_id: "" for one in invited}
    for number, firm in identity.organisations_by_id(codes).items():
        codes[number] = firm.code
    gone = {codes[one.organisation_id] for one in invited if one.state == "declined"}
    kept = [codes[one.organisation_id] for one in invited if one.state != "declined"]
    seats = min(row.seats, len(kept) + 1)
    table = rules.replace_declined(
        candidates(row.held_on),
        [*kept, *sorted(gone)[: seats - len(kept)]],
        gone,
        row.held_on,
        row.rest_months,
    )
    fresh = [guest for guest in table.selected if guest.enterprise not in kept]
    known = identity.organisations_by_code(guest.enterprise for guest in fresh)
    for guest in fresh:
        _invite(row, known[guest.enterprise], guest.reason, guest.silence_days)


def hold(
    actor: Actor,
    gathering_id: int,
    attended: Iterable[str],
    invited: int | None = None,
    came: int | None = None,
) -> Gathering:
    """It was held: who came was heard, who did not is absent, who never answered stayed silent."""
    if not actor.may(roles.INVITES_FIRMS):
        raise NotAllowed("gathering_not_yours")
    there = {one.upper() for one in attended}
    with transaction() as session:
        row = _lock(gathering_id)
        if row.state != "planned":
            raise Conflict("gathering_over")
        if row.held_on > clock.today():
            raise Conflict("gathering_not_yet")
        rows = invitations(row.id)
        known = identity.organisations_by_id(one.organisation_id for one in rows)
        by_code = {known[one.organisation_id].code: one for one in rows}
        strangers = sorted(there - by_code.keys())
        if strangers:
            raise Invalid(
                "gathering_refused",
                [Reason("gathering_not_invited", {"at": "attended", "code": strangers[0]})],
            )
        for code, one in by_code.items():
            if code in there:
                one.state = "attended"
                feedback.heard(one.organisation_id, row.kind, row.held_on, actor.member_id)
                if row.kind == "activity":
                    identity.notify_organisation(
                        one.organisation_id, "gathering_rate_us", "/voice/mine", what=row.title
                    )
            elif one.state != "declined":
                one.state = "absent" if one.state == "accepted" else "silent"
        if not rows:
            _count(row, invited, came)
        row.state = "held"
        identity.audit(actor, "gathering.held", "gathering", row.id, came=len(there) or came or 0)
        session.flush()
        return row


def _count(row: Gathering, invited: int | None, came: int | None) -> None:
    total = invited if invited is not None else row.invited
    if total is None or came is None or not 0 <= came <= total <= 100_000:
        raise Invalid("gathering_refused", [Reason("gathering_counts_wrong", {"at": "came"})])
    row.invited, row.came = total, came


def opt_out(actor: Actor, out: bool) -> None:
    """A firm does not want to be invited any more, or again."""
    if not actor.may(roles.SPEAKS_FOR_THE_FIRM):
        raise NotAllowed("gathering_not_yours")
    with transaction() as session:
        row = session.get(OptOut, actor.organisation_id)
        if out and row is None:
            session.add(OptOut(organisation_id=actor.organisation_id, since_on=clock.today()))
        if not out and row is not None:
            session.delete(row)
        identity.audit(actor, "gathering.opted_out", "organisation", actor.organisation_id, out=out)


def note(actor: Actor, gathering_id: int, entry: feedback.Entry) -> feedback.Kept:
    """What one guest said, kept like any other remark."""
    row = get(actor, gathering_id)
    firm = identity.get_enterprise(entry.enterprise)
    invited = {one.organisation_id for one in invitations(row.id)}
    if row.held_on > clock.today():
        raise Conflict("gathering_not_yet")
    if invited and firm.id not in invited:
        raise Invalid(
            "gathering_refused", [Reason("gathering_not_invited", {"at": "enterprise", "code": firm.code})]
        )
    fields = {**entry.__dict__, "channel": row.kind, "gathering": row.id}
    fields["heard_on"] = entry.heard_on or row.held_on
    return feedback.record(actor, feedback.Entry(**fields))


@dataclass(frozen=True)
class Share:
    """How many of the invited came."""

    gathering: Gathering
    invited: int
    came: int

    @property
    def percent(self) -> float | None:
        return rules.percent(self.came, self.invited)


def shares(rows: Sequence[Gathering]) -> dict[int, Share]:
    """Invited and came of each: counted from invitations where there are any, else as written."""
    counts: dict[int, list[int]] = {}
    query = (
        sa.select(Invitation.gathering_id, Invitation.state, sa.func.count())
        .where(Invitation.gathering_id.in_([row.id for row in rows]))
        .group_by(Invitation.gathering_id, Invitation.state)
    )
    for gathering_id, state, count in db.session.execute(query):
        found = counts.setdefault(gathering_id, [0, 0])
        found[0] += count
        found[1] += count if state == "attended" else 0
    return {row.id: Share(row, *(counts.get(row.id) or [row.invited or 0, row.came or 0])) for row in rows}


def before(row: Gathering) -> Gathering | None:
    """The gathering of the same series held before this one."""
    if not row.series:
        return None
    query = (
        sa.select(Gathering)
        .where(
            Gathering.series == row.series,
            Gathering.state == "held",
            Gathering.id != row.id,
            Gathering.held_on < row.held_on,
        )
        .order_by(Gathering.held_on.desc(), Gathering.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def invitations_of(organisation_id: int) -> list[tuple[Invitation, Gathering]]:
    """Where a firm is invited to from today on."""
    query = (
        sa.select(Invitation, Gathering)
        .join(Gathering, Gathering.id == Invitation.gathering_id)
        .where(Invitation.organisation_id == organisation_id, Gathering.held_on >= clock.today())
        .order_by(Gathering.held_on, Gathering.id)
    )
    return [(one, row) for one, row in db.session.execute(query)]


def is_out(organisation_id: int) -> bool:
    return db.session.get(OptOut, organisation_id) is not None


def all_gatherings() -> sa.Select[Gathering]:
    return sa.select(Gathering)
