"""A report becomes a problem: one row, one number, a clock, the departments to ask, a message – or nothing."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotFound, Reason
from app.identity import door as identity
from app.identity.door import SYSTEM, Actor, roles
from app.problems import limits, messages
from app.problems.clocks import service as clocks
from app.problems.clocks.rules import CLASSES
from app.problems.reports import authors, queries, store
from app.problems.reports.authors import Author
from app.problems.reports.categories import CATEGORIES
from app.problems.reports.models import VISIBILITIES, Place, Problem, ProblemReporter
from app.problems.subjects import service as subjects
from app.problems.work import handlers, states
from app.problems.work.models import ProblemStep

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that looks like another
FIRM, CALLER, GUEST, ROOM = "firm", "caller", "guest", "room"


@dataclass(frozen=True)
class Report:
    """What somebody reports; `place` an id, `firm` an organisation when the desk writes down a call."""

    category: str
    text: str
    place: int | None = None
    place_path: str = ""
    problem_class: str = ""
    visibility: str = "named"
    photos: tuple[str, ...] = ()
    firm: int | None = None
    source: str | None = None
    client_id: str | None = None
    theme: str | None = None
    segment: str | None = None
    resource: int | None = None
    shown_layer: str = ""
    shown_building: str = ""


@dataclass(frozen=True)
class Registered:
    """The problem, whether it is new, the secret of a guest's link (shown once, kept as a hash), and its new clock.

    Also who was asked and which firm is named: nobody has to read again what was written just now.
    """

    problem: Problem
    fresh: bool
    secret: str = ""
    reading: clocks.Reading | None = None
    asked: tuple[int, ...] = ()
    firm: int | None = None


def register(actor: Actor, report: Report, guest: bool = False, author: Author | None = None) -> Registered:
    """Write a report down.

    Parameters
    ----------
    actor : Actor
        Who reports; for a guest and for the rooms above the system itself.
    report : Report
        What is wrong and where. The same `client_id` or `source` answers the first problem again.
    guest : bool
        Somebody without an account, who scanned a label: followed by number and secret link.
    author : Author, optional
        Whose words these are when a room above hands them over; kept by it, never here.
    """
    wrong = _reasons(actor, report)
    if wrong:
        raise Invalid("problem_report_refused", wrong)
    subjects.check_subject(report.segment, report.resource)
    digest = hashlib.sha256(json.dumps(asdict(report), sort_keys=True).encode()).hexdigest()
    known = _known(report, digest)
    if known is not None:
        return Registered(known, fresh=False)
    try:
        with transaction():
            known = _known(report, digest)
            if known is not None:
                return Registered(known, fresh=False)
            return _write(actor, report, digest, guest, author)
    except IntegrityError:
        known = _known(report, digest)
        if known is None:
            raise
        return Registered(known, fresh=False)


def _reasons(actor: Actor, report: Report) -> list[Reason]:
    found = []
    if report.category not in CATEGORIES:
        found.append(Reason("problem_category_unknown"))
    if not report.text.strip() and not report.photos and report.place is None:
        found.append(Reason("problem_says_nothing"))
    if len(report.text) > limits.TEXT:
        found.append(Reason("problem_text_too_long", {"limit": limits.TEXT}))
    if report.problem_class and report.problem_class not in CLASSES:
        found.append(Reason("problem_class_unknown"))
    if report.visibility not in VISIBILITIES:
        found.append(Reason("problem_visibility_unknown"))
    if len(report.photos) > limits.PHOTOS:
        found.append(Reason("problem_too_many_photos", {"limit": limits.PHOTOS}))
    if report.firm is not None and not (actor.may(roles.CLASSIFIES_PROBLEMS) or actor.is_system):
        found.append(Reason("problem_firm_not_yours"))
    if report.place is not None:
        place = db.session.get(Place, report.place)
        if place is None or place.retired_at is not None:
            found.append(Reason("problem_place_unknown"))
    return found


def _known(report: Report, digest: str) -> Problem | None:
    """What the same client or the same source already reported; another body under one key is refused."""
    if report.client_id:
        row = db.session.scalar(sa.select(Problem).where(Problem.client_id == report.client_id))
        if row is not None and row.client_hash != digest:
            raise Conflict("problem_client_id_reused")
        if row is not None:
            return row
    if report.source:
        return db.session.scalar(sa.select(Problem).where(Problem.source == report.source))
    return None


def _write(actor: Actor, report: Report, digest: str, guest: bool, author: Author | None) -> Registered:
    session = db.session()
    now = clock.now()
    category = CATEGORIES[report.category]
    place = session.get(Place, report.place) if report.place is not None else None
    path = place.path if place else report.place_path.strip()
    problem = Problem(
        number=_free_number(),
        source=report.source,
        client_id=report.client_id,
        client_hash=digest,
        state=states.REGISTERED,
        problem_class=report.problem_class or category.problem_class,
        category=report.category,
        theme=report.theme,
        text=report.text.strip() or f"[{report.category}]",
        place_id=place.id if place else None,
        place_path=path,
        visibility=report.visibility,
        channel=_channel(actor, report, guest, author),
        segment=report.segment or None,
        resource_id=report.resource,
        shown_layer=report.shown_layer,
        shown_building=report.shown_building,
        registered_at=now,
        sent_at=now,
    )
    session.add(problem)
    session.flush()
    with (
        session.no_autoflush
    ):  # nothing asked here is about the rows that are written here: one write at the end
        secret, firm = _keep_author(actor, problem, report, guest, author)
        store.attach(problem, report.photos, actor, guest)
        reading = clocks.start_first(problem, identity.park_calendar())
        queries.mark_repeat(problem)
        side = ROOM if author is not None else ("staff" if _by_staff(actor) else "firm")
        session.add(
            ProblemStep(
                problem_id=problem.id,
                at=now,
                act="registered",
                side=side,
                member_id=actor.member_id if side == "staff" else None,
                detail={},
            )
        )
        asked = handlers.send(problem, reading)
    subjects.note(problem)
    if report.visibility == "named":
        identity.audit(SYSTEM if guest else actor, "problem.registered", "problem", problem.number)
    messages.tell(problem, "problem_registered_desk", [messages.DESK])
    session.flush()
    return Registered(problem, fresh=True, secret=secret, reading=reading, asked=asked, firm=firm)


def _by_staff(actor: Actor) -> bool:
    return actor.may(roles.WORKS_FOR_THE_PARK)


def _channel(actor: Actor, report: Report, guest: bool, author: Author | None) -> str:
    if author is not None or (actor.is_system and not guest):
        return ROOM
    if guest:
        return GUEST
    return CALLER if _by_staff(actor) and report.firm is not None else FIRM


def _keep_author(
    actor: Actor, problem: Problem, report: Report, guest: bool, author: Author | None
) -> tuple[str, int | None]:
    """Names go where they may be: a named firm here, a `park_only` one to its keeper, a guest's secret as a hash.

    Answers the secret and the named firm.
    """
    session = db.session()
    if guest:
        secret = secrets.token_urlsafe(24)
        session.add(
            ProblemReporter(problem_id=problem.id, reported_as_id=problem.id, token_hash=secret_hash(secret))
        )
        return secret, None
    if problem.visibility == "park_only":
        said = author or Author(
            report.firm or actor.organisation_id, None if report.firm else actor.member_id
        )
        authors.keep(problem.id, said)
        problem.hidden_authors = 1
        return "", None
    firm = author.organisation_id if author else report.firm
    if firm is None and not _by_staff(actor) and not actor.is_system:
        firm = actor.organisation_id
    if firm is not None:
        by_staff = report.firm is not None or author is not None
        session.add(
            ProblemReporter(
                problem_id=problem.id,
                reported_as_id=problem.id,
                organisation_id=firm,
                member_id=None if by_staff else actor.member_id,
                by_staff=by_staff,
            )
        )
        problem.firms = 1
    return "", firm


def secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


_NUMBERED = sa.select(Problem.id).where(Problem.number == sa.bindparam("number"))


def _free_number() -> str:
    """Six letters by chance: a number tells neither when nor how many."""
    while True:
        number = "WT-" + "".join(secrets.choice(LETTERS) for _ in range(6))
        if db.session.scalar(_NUMBERED, {"number": number}) is None:
            return number


def find_by_secret(secret: str) -> Problem:
    """The problem a guest follows; after a merge the one it went into."""
    row = db.session.scalar(
        sa.select(Problem)
        .join(ProblemReporter, ProblemReporter.problem_id == Problem.id)
        .where(ProblemReporter.token_hash == secret_hash(secret))
    )
    if row is None:
        raise NotFound("problem_not_found")
    return row
