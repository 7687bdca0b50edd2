"""Opening a questionnaire: who is asked is written down with the version, told in working hours, reminded at most twice."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.hall.jobs import emit, on
from app.identity import door as identity
from app.identity.door import Actor, OrganisationInfo, roles
from app.voice.invitations.rules import (
    FEWEST_ANONYMOUS,
    LONGEST_OPEN_DAYS,
    OPEN_DAYS,
    Firm,
    Planned,
    planned,
    quarter_end,
    reminder_due,
)
from app.voice.queries import layer_of
from app.voice.responses.models import SurveyInvitation
from app.voice.surveys.models import SurveyVersion
from app.voice.surveys.service import get_version
from app.voice.surveys.states import CHANNELS, OPEN, SENT, USED, against, step

INVITED = "voice.survey_invited"
CHUNK = 50  # firms told in one transaction
MOST_SEATS = 5


@dataclass(frozen=True, slots=True)
class Opening:
    """Who is asked, how and until when; with neither firms nor layers named everybody active is."""

    enterprises: Sequence[str] = ()
    layers: Sequence[str] = ()
    channel: str = "online"
    closes_on: dt.date | None = None
    due_only: bool = False
    seats: int = 1


def code_for(salt: str) -> str:
    """The token of an invitation, made again from the park's key whenever it is needed."""
    return identity.code_of(f"survey:{salt}")


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def active_firms() -> list[OrganisationInfo]:
    """Every active firm of the park."""
    return [firm for firm, _since in identity.enterprises_since("active")]


def last_asked() -> dict[int, dt.date]:
    """The day each firm last answered a questionnaire, by the closing of its survey: sooner nobody knows."""
    query = (
        sa.select(SurveyInvitation.organisation_id, sa.func.max(SurveyVersion.closed_at))
        .join(SurveyVersion, SurveyVersion.id == SurveyInvitation.version_id)
        .where(SurveyInvitation.state == USED, SurveyVersion.closed_at.is_not(None))
        .group_by(SurveyInvitation.organisation_id)
    )
    return {int(firm): clock.day_of(moment) for firm, moment in db.session.execute(query) if moment}


def quarter() -> tuple[Planned, ...]:
    """Which firm is due to be asked when, by the contact plan of its layer."""
    asked = last_asked()
    firms = [
        Firm(one.id, one.code, one.name, one.size, one.registered_on, asked.get(one.id))
        for one in active_firms()
    ]
    return planned(firms, clock.today(), identity.park_calendar().works)


def _chosen(wish: Opening) -> list[OrganisationInfo]:
    if wish.enterprises:
        known = identity.organisations_by_code(wish.enterprises)
        codes = list(dict.fromkeys(code.strip().upper() for code in wish.enterprises))
        wrong = [
            code
            for code in codes
            if (firm := known.get(code)) is None or firm.kind != "enterprise" or firm.status != "active"
        ]
        if wrong:
            raise Invalid(
                "voice_invited_unknown", [Reason("voice_invited_firm", {"code": one}) for one in wrong]
            )
        return [known[code] for code in codes]
    firms, day = active_firms(), clock.today()
    if wish.layers:
        firms = [one for one in firms if layer_of(one, day) in wish.layers]
    if wish.due_only:
        end = quarter_end(day)
        due = {one.firm.id for one in quarter() if one.due_on is not None and one.due_on <= end}
        firms = [one for one in firms if one.id in due]
    return firms


def _doubts(row: SurveyVersion, wish: Opening, firms: int, closes_on: dt.date) -> list[Reason]:
    reasons = list(against(row.state, OPEN))
    day = clock.today()
    if not day < closes_on <= day + dt.timedelta(days=LONGEST_OPEN_DAYS):
        reasons.append(Reason("voice_survey_closes_on", {"days": LONGEST_OPEN_DAYS}))
    if wish.channel not in CHANNELS:
        reasons.append(Reason("voice_survey_channel", {"channel": wish.channel}))
    if not firms:
        reasons.append(Reason("voice_survey_nobody"))
    elif row.anonymous and firms < FEWEST_ANONYMOUS:
        reasons.append(Reason("voice_survey_too_few", {"fewest": FEWEST_ANONYMOUS}))
    if row.anonymous and wish.seats > 1:
        reasons.append(Reason("voice_survey_one_seat"))
    if row.anonymous and wish.channel != "online":
        reasons.append(Reason("voice_survey_typed_in"))
    other = db.session.scalar(
        sa.select(SurveyVersion.number).where(
            SurveyVersion.survey_id == row.survey_id, SurveyVersion.state == OPEN, SurveyVersion.id != row.id
        )
    )
    if other is not None:
        reasons.append(Reason("voice_survey_other_open", {"version": other}))
    return reasons


def open_survey(actor: Actor, version_id: int, wish: Opening) -> SurveyVersion:
    """Freeze the wording and invite: all in one transaction, told in the next working hours."""
    if not actor.may(roles.OPENS_SURVEYS):
        raise NotAllowed("voice_analysts_only")
    get_version(version_id)
    firms = _chosen(wish)
    day = clock.today()
    closes_on = wish.closes_on or day + dt.timedelta(days=OPEN_DAYS)
    rows = _invitations(firms, version_id, wish, day)
    quiet_until = identity.park_calendar().working_moment(clock.now())
    with transaction() as session:
        row = get_version(version_id, lock=True)
        reasons = _doubts(row, wish, len(firms), closes_on)
        if reasons:
            raise Conflict("voice_survey_not_opened", reasons)
        row.state = step(row.state, OPEN)
        row.opened_by, row.opened_at, row.closes_on = actor.member_id, clock.now(), closes_on
        session.flush()
        session.execute(sa.insert(SurveyInvitation), rows)
        identity.audit(
            actor, "survey.opened", "survey_version", row.id, firms=len(firms), channel=wish.channel
        )
        if wish.channel == "online":
            for start in range(0, len(firms), CHUNK):
                part = [firm.id for firm in firms[start : start + CHUNK]]
                emit(INVITED, {"version": row.id, "firms": part}, not_before=quiet_until)
        return row


def _invitations(
    firms: Iterable[OrganisationInfo], version_id: int, wish: Opening, day: dt.date
) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for firm in firms:
        for seat in range(1, max(1, min(wish.seats, MOST_SEATS)) + 1):
            salt = secrets.token_hex(12)
            found.append(
                {
                    "version_id": version_id,
                    "organisation_id": firm.id,
                    "seat": seat,
                    "layer": layer_of(firm, day),
                    "channel": wish.channel,
                    "salt": salt,
                    "token_hash": token_hash(code_for(salt)),
                    "state": SENT,
                    "reminders": 0,
                }
            )
    return found


@on(INVITED)
def tell_invited(payload: dict[str, object]) -> None:
    """Tell a part of the invited; who has answered meanwhile is not asked again."""
    row = get_version(int(str(payload["version"])))
    if row.state == OPEN:
        wanted = payload["firms"]
        assert isinstance(wanted, list)
        _tell(row, wanted, "voice_survey_invited")


def _tell(row: SurveyVersion, firms: Sequence[int], code: str) -> None:
    query = sa.select(SurveyInvitation.id, SurveyInvitation.organisation_id).where(
        SurveyInvitation.version_id == row.id,
        SurveyInvitation.organisation_id.in_(firms),
        SurveyInvitation.state == SENT,
    )
    first: dict[int, int] = {}
    for number, firm in db.session.execute(query.order_by(SurveyInvitation.id)):
        first.setdefault(firm, number)
    title = {"zh": row.title_zh or row.survey.code, "en": row.title_en or row.title_zh or row.survey.code}
    closes = row.closes_on.isoformat() if row.closes_on else ""
    for firm, number in first.items():
        identity.notify_organisation(
            firm, code, f"/voice/surveys/answer/{number}", roles.ANSWERS_SURVEYS, survey=title, day=closes
        )


def remind() -> int:
    """Remind who has not answered where it is time; in working hours only. Answers how many firms."""
    now = clock.now()
    if identity.park_calendar().working_moment(now) != clock.local(now):
        return 0
    day, count = clock.today(), 0
    open_now = db.session.execute(
        sa.select(SurveyVersion.id, SurveyVersion.opened_at, SurveyVersion.closes_on).where(
            SurveyVersion.state == OPEN
        )
    ).all()
    for version_id, opened_at, closes_on in open_now:
        if opened_at is None or closes_on is None:
            continue
        waiting = [
            number
            for number, reminders, last_on in db.session.execute(_unanswered(version_id))
            if reminder_due(clock.day_of(opened_at), closes_on, reminders, last_on, day)
        ]
        for start in range(0, len(waiting), CHUNK):
            count += _remind_some(version_id, waiting[start : start + CHUNK])
    return count


def _unanswered(version_id: int) -> sa.Select[int, int, dt.date | None]:
    asked = SurveyInvitation
    return sa.select(asked.id, asked.reminders, asked.reminded_on).where(
        asked.version_id == version_id, asked.state == SENT, asked.channel == "online"
    )


def _remind_some(version_id: int, numbers: Sequence[int]) -> int:
    day = clock.today()
    with transaction() as session:
        row = get_version(version_id, lock=True)
        if row.state != OPEN or row.opened_at is None or row.closes_on is None:
            return 0
        still = [
            one
            for one in session.scalars(
                locked(sa.select(SurveyInvitation).where(SurveyInvitation.id.in_(numbers)))
            )
            if one.state == SENT
            and reminder_due(clock.day_of(row.opened_at), row.closes_on, one.reminders, one.reminded_on, day)
        ]
        for one in still:
            one.reminders, one.reminded_on = one.reminders + 1, day
        firms = sorted({one.organisation_id for one in still})
        session.flush()
        _tell(row, firms, "voice_survey_reminded")
        return len(firms)


def get_invitation(invitation_id: int) -> SurveyInvitation:
    row = db.session.get(SurveyInvitation, invitation_id)
    if row is None:
        raise NotFound("voice_invitation_not_found")
    return row


def token_of(actor: Actor, invitation_id: int) -> str:
    """The token behind an invitation, for the firm's people, or for who enters from paper or on the telephone."""
    row = get_invitation(invitation_id)
    if row.organisation_id != actor.organisation_id:
        if not actor.may(roles.ENTERS_ANSWERS):
            raise NotFound("voice_invitation_not_found")
        if get_version(row.version_id).anonymous:
            raise NotAllowed("voice_survey_typed_in")
    return code_for(row.salt)
