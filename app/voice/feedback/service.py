"""A remark from the first word to the answer: kept once, acknowledged, linked, answered."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from app.hall import clock
from app.hall.db.base import db, is_sqlite
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.hall.jobs import emit
from app.hall.text.masking import mask
from app.identity import door as identity
from app.identity.door import Actor, OrganisationInfo, roles
from app.voice import limits
from app.voice import queries as firms
from app.voice.feedback import authors, keys, photos, rules, sight
from app.voice.feedback.models import Feedback
from app.voice.feedback.said import REMARK_HEARD
from app.voice.visits.models import Contact, Promise, Visit
from app.voice.visits.states import BEFORE, CHANNELS, RECORDED


@dataclass(frozen=True)
class Entry:
    """What somebody heard, or a firm says itself (`enterprise` empty: one's own)."""

    client_id: str
    text: str
    channel: str
    heard_on: dt.date | None = None
    enterprise: str = ""
    visibility: str = rules.NAMED
    hesitation: bool = False
    probe: str = ""
    promise: str = ""
    visit: int | None = None
    gathering: int | None = None
    entered_at: str | None = None
    photos: tuple[str, ...] = ()
    photos_follow: bool = (
        False  # from a phone without a network, where a photograph may come after its remark
    )


@dataclass(frozen=True)
class Kept:
    """The remark, and whether it is new."""

    feedback: Feedback
    fresh: bool


def record(actor: Actor, entry: Entry) -> Kept:
    """Keep a remark; the same `client_id` answers the first result, with another body it is refused."""
    return keep(prepare(actor, entry))


@dataclass(frozen=True)
class Ready:
    """A remark that was looked at and masked, and only waits to be written."""

    actor: Actor
    entry: Entry
    firm: OrganisationInfo
    key: str
    digest: str
    shown: str = ""
    crowd: firms.Crowds | None = None


def prepare(actor: Actor, entry: Entry) -> Ready:
    """Everything that takes long or may be refused, before anything is locked."""
    firm = _firm_of(actor, entry)
    _check(entry)
    key, digest = _keys(actor, entry)
    if _known(key, digest) is not None:
        return Ready(actor, entry, firm, key, digest)
    _check_photos(actor, entry)
    names = authors.names_of(firm) if entry.visibility != rules.NAMED else []
    crowd = firms.crowds() if entry.visibility == rules.PARK_ONLY else None
    return Ready(actor, entry, firm, key, digest, mask(entry.text, names), crowd)


def keep(ready: Ready) -> Kept:
    """Write what `prepare` looked at, unless it is there already."""
    actor, entry, firm = ready.actor, ready.entry, ready.firm
    key, digest, shown, crowd = ready.key, ready.digest, ready.shown, ready.crowd
    until = identity.park_calendar()
    try:
        with transaction():
            known = _known(key, digest)
            if known is not None:
                return Kept(known, False)
            day = until.next_working_day(clock.today())
            row = _write(actor, entry, firm, shown, clock.start_of_day(day + dt.timedelta(days=1)))
            row.client_key, row.client_hash = key, digest
            db.session.add(row)
            db.session.flush()
            photos.attach(row, entry.photos)
            if crowd is not None:
                said = _said(actor, entry, firm)
                authors.keep(row.id, said)
                layer = firms.layer_of(firm, clock.today())
                who = rules.Author(firm.code, "", layer, firm.building)
                seen = rules.disclose(entry.visibility, who, crowd.of(layer, firm.building))
                row.shown_layer, row.shown_building = seen.layer or "", seen.building or ""
            _along_with(actor, entry, firm, row)
            note(actor, row, "feedback.heard")
            db.session.flush()
            if entry.visibility == rules.NAMED:
                emit(REMARK_HEARD, {"remark": row.id})
            return Kept(row, True)
    except IntegrityError:
        known = _known(key, digest)
        if known is None:
            raise
        return Kept(known, False)


def note(actor: Actor, row: Feedback, action: str) -> None:
    """Named remarks in full; of hidden ones not even who wrote them down, nor when: the trail has a moment."""
    if row.visibility == rules.NAMED:
        identity.audit(actor, action, "feedback", row.id, state=row.state)


def _keys(actor: Actor, entry: Entry) -> tuple[str, str]:
    """Under which key an entry is known, and its body's digest; of a hidden one both are sealed.

    A receipt of the phone holds the entry's key beside its sender: open keys would lead from the remark to them.
    """
    body = asdict(entry)
    for name in ("entered_at", "photos_follow"):
        body.pop(name)
    if not entry.photos:
        body.pop("photos")
    text = json.dumps(body, sort_keys=True, default=str)
    if entry.visibility != rules.NAMED:
        return keys.sealed("entry", actor.member_id, entry.client_id), keys.sealed("body", text)
    key = hashlib.sha256(f"{actor.member_id}:{entry.client_id}".encode()).hexdigest()
    return key, hashlib.sha256(text.encode()).hexdigest()


def _known(key: str, digest: str) -> Feedback | None:
    row = db.session.scalar(sa.select(Feedback).where(Feedback.client_key == key))
    if row is not None and row.client_hash != digest:
        raise Conflict("feedback_client_id_reused")
    return row


def _firm_of(actor: Actor, entry: Entry) -> OrganisationInfo:
    """The firm that speaks: one's own for its people, the named one for who hears firms."""
    own = identity.organisation_of(actor)
    if actor.may(roles.HEARS_FIRMS):
        if not entry.enterprise:
            raise Invalid("feedback_refused", [Reason("feedback_no_firm", {"at": "enterprise"})])
        return identity.get_enterprise(entry.enterprise)
    if not actor.may(roles.SPEAKS_FOR_THE_FIRM) or own.code != (entry.enterprise or own.code).upper():
        raise NotAllowed("feedback_not_yours")
    return own


def _check(entry: Entry) -> None:
    """Everything that is wrong with an entry, at once."""
    wrong = []
    if not entry.text.strip():
        wrong.append(Reason("feedback_says_nothing", {"at": "text"}))
    if len(entry.text) > limits.TEXT:
        wrong.append(Reason("feedback_too_long", {"at": "text", "limit": limits.TEXT}))
    if entry.channel not in CHANNELS:
        wrong.append(Reason("feedback_channel_unknown", {"at": "channel"}))
    if entry.visibility not in rules.VISIBILITIES:
        wrong.append(Reason("feedback_visibility_unknown", {"at": "visibility"}))
    if entry.heard_on is not None and entry.heard_on > clock.today():
        wrong.append(Reason("feedback_in_future", {"at": "heard_on"}))
    if wrong:
        raise Invalid("feedback_refused", wrong)


def _check_photos(actor: Actor, entry: Entry) -> None:
    wrong = photos.check(actor, entry.photos, entry.photos_follow)
    if wrong:
        raise Invalid("feedback_refused", wrong)


def _write(actor: Actor, entry: Entry, firm: OrganisationInfo, shown: str, until: dt.datetime) -> Feedback:
    """The row as its visibility allows: of a hidden one nobody, nowhere, and the day instead of the moment."""
    today, now = clock.today(), clock.now()
    heard_on = entry.heard_on or today
    named = entry.visibility == rules.NAMED
    by_staff = actor.may(roles.HEARS_FIRMS)
    return Feedback(
        id=keys.free_number(),
        channel=entry.channel,
        visibility=entry.visibility,
        heard_on=heard_on if entry.visibility != rules.ANONYMOUS else _monday(heard_on),
        received_at=now if named else clock.start_of_day(today),
        phone_at=dt.datetime.fromisoformat(entry.entered_at) if named and entry.entered_at else None,
        late=(today - heard_on).days > limits.LATE_AFTER_DAYS,
        text=entry.text.strip() if entry.visibility != rules.ANONYMOUS else shown.strip(),
        shown_text=shown.strip(),
        hesitation=entry.hesitation,
        probe=entry.probe.strip(),
        state="heard",
        acknowledge_until=until,
        organisation_id=firm.id if named else None,
        member_id=actor.member_id if named and not by_staff else None,
        heard_by_id=actor.member_id if named and by_staff else None,
        visit_id=_visit_of(actor, entry, firm) if named else None,
        gathering_id=entry.gathering if named else None,
    )


def _monday(day: dt.date) -> dt.date:
    """The week instead of the day."""
    return day - dt.timedelta(days=day.weekday())


def _said(actor: Actor, entry: Entry, firm: OrganisationInfo) -> authors.Said:
    by_staff = actor.may(roles.HEARS_FIRMS)
    return authors.Said(
        firm.id,
        None if by_staff else actor.member_id,
        actor.member_id if by_staff else None,
        _visit_of(actor, entry, firm),
        entry.gathering,
    )


def _visit_of(actor: Actor, entry: Entry, firm: OrganisationInfo) -> int | None:
    """The visit named, or the one under way with this firm on that day."""
    if entry.visit is not None:
        row = db.session.get(Visit, entry.visit)
        if row is None or row.organisation_id != firm.id or row.state not in (*BEFORE, RECORDED):
            raise NotFound("visit_not_found")
        return row.id
    if not actor.may(roles.HEARS_FIRMS):
        return None
    query = sa.select(Visit.id).where(
        Visit.organisation_id == firm.id,
        Visit.member_id == actor.member_id,
        Visit.method == entry.channel,
        Visit.planned_on == (entry.heard_on or clock.today()),
        Visit.state.in_((*BEFORE, RECORDED)),
    )
    return db.session.scalar(query.order_by(Visit.id).limit(1))


def _along_with(actor: Actor, entry: Entry, firm: OrganisationInfo, row: Feedback) -> None:
    """A promise made for it; and the firm was heard: of an anonymous remark not even that is written."""
    if entry.promise.strip():
        db.session.add(
            Promise(
                feedback_id=row.id,
                text=entry.promise.strip()[: limits.TEXT],
                made_on=row.heard_on,
                created_at=row.received_at,
            )
        )
    if entry.visibility != rules.ANONYMOUS:
        by_staff = actor.may(roles.HEARS_FIRMS)
        heard(firm.id, entry.channel, entry.heard_on or clock.today(), actor.member_id if by_staff else None)


def heard(
    organisation_id: int, channel: str, day: dt.date, member_id: int | None, score: int | None = None
) -> None:
    """A firm was heard on this channel on this day: one row, however much it said."""
    source = f"{channel}:{organisation_id}:{day.isoformat()}"
    insert = (sqlite if is_sqlite() else postgresql).insert(Contact)
    db.session.execute(
        insert.values(
            organisation_id=organisation_id,
            channel=channel,
            held_on=day,
            member_id=member_id,
            accepted=True,
            score=score,
            why_other="",
            source=source,
            created_at=clock.start_of_day(clock.today()),
        ).on_conflict_do_nothing(index_elements=["source"])
    )
    if score is not None:
        db.session.execute(
            sa.update(Contact).where(Contact.source == source).values(accepted=True, score=score)
        )


def lock(actor: Actor, feedback_id: int) -> Feedback:
    """The remark, locked for the rest of the transaction, where the actor may work on it."""
    row: Feedback | None = db.session.scalar(
        locked(sa.select(Feedback).where(Feedback.id == feedback_id, sight.workable(actor)))
    )
    if row is None:
        raise NotFound("feedback_not_found")
    return row


def acknowledge(actor: Actor, feedback_id: int, text: str) -> Feedback:
    """In words, by a person, within a working day: the author is told."""
    if not text.strip():
        raise Invalid("feedback_refused", [Reason("feedback_words_missing", {"at": "text"})])
    with transaction():
        row = lock(actor, feedback_id)
        if row.acknowledged_at is not None:
            raise Conflict("feedback_acknowledged_before")
        acknowledged(row, text)
        note(actor, row, "feedback.acknowledged")
        authors.tell_author(row, "feedback_acknowledged_you", "/voice/mine")
        return row


def acknowledged(row: Feedback, text: str = "") -> None:
    """Mark it once; of a hidden remark to the day."""
    if row.acknowledged_at is None:
        now = clock.now()
        row.acknowledged_at = now if row.visibility == rules.NAMED else clock.start_of_day(clock.day_of(now))
        row.acknowledgement = text.strip()[: limits.TEXT]
    if row.state == "heard":
        row.state = "acknowledged"


def probe(actor: Actor, feedback_id: int, answer: str) -> Feedback:
    """What the firm really meant, asked after a polite answer."""
    if not answer.strip():
        raise Invalid("feedback_refused", [Reason("feedback_words_missing", {"at": "probe"})])
    with transaction():
        row = lock(actor, feedback_id)
        row.probe = answer.strip()[: limits.TEXT]
        note(actor, row, "feedback.probed")
        return row


def no_action(actor: Actor, feedback_id: int, reason: str) -> Feedback:
    """Nothing is to be done, for a reason that the author reads."""
    if not reason.strip():
        raise Invalid("feedback_refused", [Reason("feedback_reason_missing", {"at": "reason"})])
    with transaction():
        row = lock(actor, feedback_id)
        if row.state in ("linked", "answered", "no_action"):
            raise Conflict("feedback_classified_before")
        acknowledged(row)
        row.state, row.no_action_because = "no_action", reason.strip()[: limits.TEXT]
        note(actor, row, "feedback.no_action")
        authors.tell_author(row, "feedback_no_action_you", "/voice/mine")
        return row


def remind_late() -> None:
    """Who heard a remark, or the keeper, is told once when its working day has passed without a word to the author."""
    now = clock.now()
    with transaction() as session:
        rows = session.scalars(
            locked(
                sa.select(Feedback)
                .where(
                    Feedback.acknowledged_at.is_(None),
                    Feedback.reminded_at.is_(None),
                    Feedback.acknowledge_until <= now,
                )
                .order_by(Feedback.id)
                .limit(limits.CHUNK)
            )
        ).all()
        for row in rows:
            row.reminded_at = now
            url = f"/voice/feedback/{row.id}"
            if row.heard_by_id is not None:
                identity.notify_member(row.heard_by_id, "feedback_waits", url)
            else:
                identity.notify_role(roles.VOICE_KEEPER, "feedback_waits", url)
