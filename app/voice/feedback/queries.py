"""Remarks as a reader may see them: cards of a list, one with its whole path, a firm's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import NotFound
from app.identity import door as identity
from app.identity.door import Actor, OrganisationInfo, roles
from app.problems import door as problems
from app.problems.door import ProblemInfo
from app.voice.feedback import authors, photos, rules, sight
from app.voice.feedback.models import Feedback, FeedbackLink
from app.voice.visits.models import Promise

# In the order they came; those without a moment last, and among them in none.
AS_HEARD = (Feedback.visibility != rules.NAMED, Feedback.received_at, Feedback.id)


@dataclass(frozen=True)
class Wanted:
    """What a list of remarks was asked for."""

    state: str = ""
    channel: str = ""
    visibility: str = ""
    q: str = ""
    late: bool = False


@dataclass(frozen=True)
class Card:
    """A remark for one reader: what may not be known is not in here."""

    id: int
    text: str
    state: str
    channel: str
    visibility: str
    day: str  # of a hidden remark the month, for who does not know its author
    moment: dt.datetime | None
    who: str  # the firm of a named remark
    code: str
    layer: str
    building: str
    heard_by: str
    hesitation: bool
    probe: str
    late: bool
    acknowledge_until: dt.datetime | None  # as the day: for who knows it
    overdue: bool  # its working day is over without a word
    acknowledged_at: dt.datetime | None
    acknowledgement: str
    answer: str
    no_action_because: str
    workable: bool
    may_look: bool
    links: Sequence[FeedbackLink] = ()
    problem: ProblemInfo | None = None
    promises: Sequence[Promise] = field(default=())
    photos: Sequence[str] = ()  # keys, for who works on the remark and for its firm

    @property
    def waiting(self) -> bool:
        """Not acknowledged although the working day is over."""
        return self.acknowledged_at is None and self.overdue


def statement(actor: Actor, wanted: Wanted | None = None) -> sa.Select[Feedback]:
    """Remarks this reader may see, as asked for; words are looked for in what they may read of all: the shown ones."""
    wanted = wanted or Wanted()
    query = sa.select(Feedback).where(sight.visible(actor))
    if wanted.state == "open":
        query = query.where(Feedback.state.in_(("heard", "acknowledged")))
    elif wanted.state:
        query = query.where(Feedback.state == wanted.state)
    if wanted.channel:
        query = query.where(Feedback.channel == wanted.channel)
    if wanted.visibility:
        query = query.where(Feedback.visibility == wanted.visibility)
    if wanted.late:
        query = query.where(Feedback.acknowledged_at.is_(None), Feedback.acknowledge_until <= clock.now())
    for word in wanted.q.split()[:6]:
        query = query.where(Feedback.shown_text.ilike(f"%{identity.escape_like(word)}%", escape="\\"))
    return query


def when_shown(actor: Actor) -> Sequence[sa.SQLColumnExpression[object]]:
    """The columns by which remarks stand in the order they came, as far as this reader may know it.

    Of a remark whose author they do not know they read the month: among those of its month it stands at one end, in
    no order, for between two named ones it would tell its day.
    """
    known: sa.ColumnElement[bool] = sa.true()
    if actor.may(roles.SEES_REMARKS):
        known = sa.or_(Feedback.visibility == rules.NAMED, sight.workable(actor))
    moment = Feedback.received_at
    return [
        sa.extract("year", moment),
        sa.extract("month", moment),
        sa.case((known, 1), else_=0),
        sa.case((known, moment), else_=None),
        Feedback.id,
    ]


def newest_first(actor: Actor, query: sa.Select[Feedback]) -> sa.Select[Feedback]:
    return query.order_by(*(column.desc() for column in when_shown(actor)))


def rows(statement: sa.Select[Feedback]) -> Sequence[Feedback]:
    return db.session.scalars(statement).all()


def get(actor: Actor, feedback_id: int) -> Feedback:
    row = db.session.scalar(statement(actor).where(Feedback.id == feedback_id))
    if row is None:
        raise NotFound("feedback_not_found")
    return row


@dataclass(frozen=True)
class Around:
    """What stands around remarks, each by their ids: which this reader works on, pictures, links and promises."""

    mine: frozenset[int]
    photos: Mapping[int, Sequence[str]]
    links: Mapping[int, Sequence[FeedbackLink]]
    promises: Mapping[int, Sequence[Promise]]


@dataclass(frozen=True)
class Known:
    """Firms, names of people and problems that the page has read already, by id."""

    firms: Mapping[int, OrganisationInfo] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    problems: Mapping[int, ProblemInfo] = field(default_factory=dict)


def _around(actor: Actor, ids: Sequence[int]) -> Around:
    mine = frozenset(
        db.session.scalars(sa.select(Feedback.id).where(Feedback.id.in_(ids), sight.workable(actor)))
    )
    own = not actor.may(roles.SEES_REMARKS)
    shown = photos.of_remarks([one for one in ids if own or one in mine])
    promises = _promises(ids) if actor.may(roles.LINKS_REMARKS) else {}
    return Around(mine, shown, _links(ids), promises)


def _also(known: Known, rows: Sequence[Feedback], around: Around) -> Known:
    """What these remarks name, read where the page has not read it."""
    linked = {
        one.target_id
        for some in around.links.values()
        for one in some
        if one.kind == "problem" and one.target_id
    }
    firms = {row.organisation_id for row in rows if row.organisation_id}
    people = {row.heard_by_id for row in rows if row.heard_by_id}
    return Known(
        {**known.firms, **identity.organisations_by_id(firms - known.firms.keys())},
        {**known.people, **identity.member_names(people - known.people.keys())},
        {**known.problems, **problems.problems_by_id(linked - known.problems.keys())},
    )


def cards(
    actor: Actor, rows: Sequence[Feedback], around: Around | None = None, known: Known = Known()
) -> list[Card]:
    """The remarks of one list, in their order: a fixed number of statements."""
    if not rows:
        return []
    around = around or _around(actor, [row.id for row in rows])
    known = _also(known, rows, around)
    own = not actor.may(roles.SEES_REMARKS)
    mine, links = around.mine, around.links
    found = []
    for row in rows:
        firm = known.firms.get(row.organisation_id or 0)
        workable = row.id in mine
        original = own or sight.reads_original(actor, row, mine)
        knows = own or row.visibility == rules.NAMED or (workable and row.visibility == rules.PARK_ONLY)
        problem_id = next((one.target_id for one in links.get(row.id, ()) if one.kind == "problem"), None)
        found.append(
            Card(
                row.id,
                row.text if original else row.shown_text,
                row.state,
                row.channel,
                row.visibility,
                row.heard_on.isoformat() if knows else f"{row.heard_on:%Y-%m}",
                row.received_at if row.visibility == rules.NAMED else None,
                firm.name if firm else "",
                firm.code if firm else "",
                row.shown_layer,
                row.shown_building,
                known.people.get(row.heard_by_id or 0, ""),
                row.hesitation,
                row.probe if workable or row.visibility == rules.NAMED else "",
                row.late,
                row.acknowledge_until if knows or workable else None,
                clock.now() >= row.acknowledge_until,
                row.acknowledged_at,
                row.acknowledgement if workable or own else "",
                row.answer,
                row.no_action_because,
                workable,
                workable and row.visibility == rules.PARK_ONLY,
                links.get(row.id, ()),
                known.problems.get(problem_id or 0),
                around.promises.get(row.id, ()) if workable else (),
                around.photos.get(row.id, ()),
            )
        )
    return found


def _links(ids: Sequence[int]) -> dict[int, list[FeedbackLink]]:
    found: dict[int, list[FeedbackLink]] = {}
    query = sa.select(FeedbackLink).where(FeedbackLink.feedback_id.in_(ids)).order_by(FeedbackLink.id)
    for one in db.session.scalars(query):
        found.setdefault(one.feedback_id, []).append(one)
    return found


def _promises(ids: Iterable[int]) -> dict[int, list[Promise]]:
    found: dict[int, list[Promise]] = {}
    query = sa.select(Promise).where(Promise.feedback_id.in_(list(ids))).order_by(Promise.id)
    for one in db.session.scalars(query):
        found.setdefault(one.feedback_id or 0, []).append(one)
    return found


def own(actor: Actor, limit: int = 100) -> list[Feedback]:
    """What this firm said, the newest first."""
    query = newest_first(actor, sa.select(Feedback).where(sight.own(actor)))
    return list(db.session.scalars(query.limit(limit)))


def on_visit(actor: Actor, visit_id: int) -> sa.ColumnElement[bool]:
    """Remarks of a visit as far as this reader may work on them; a hidden one stays with who heard it."""
    named = sa.select(Feedback.id).where(Feedback.visit_id == visit_id)
    made = Feedback.id.in_(sa.union_all(named, authors.hidden_of_visit(visit_id)))
    return sa.and_(made, sight.workable(actor))


def of_visit(actor: Actor, visit_id: int) -> list[Feedback]:
    return _as_heard(on_visit(actor, visit_id))


def of_gathering(actor: Actor, gathering_id: int) -> list[Feedback]:
    named = sa.select(Feedback.id).where(Feedback.gathering_id == gathering_id)
    made = Feedback.id.in_(sa.union_all(named, authors.hidden_of_gathering(gathering_id)))
    return _as_heard(sa.and_(made, sight.workable(actor)))


def _as_heard(where: sa.ColumnElement[bool]) -> list[Feedback]:
    return list(db.session.scalars(sa.select(Feedback).where(where).order_by(*AS_HEARD)))


def count_unanswered(actor: Actor, late: bool = False) -> int:
    """Remarks that wait for a word to their author, among those this reader works on."""
    where = [Feedback.acknowledged_at.is_(None), sight.workable(actor)]
    if late:
        where.append(Feedback.acknowledge_until <= clock.now())
    return db.session.scalar(sa.select(sa.func.count()).select_from(Feedback).where(*where)) or 0


def of_problem(actor: Actor, problem_id: int) -> list[Feedback]:
    """The remarks a problem came from, as far as this reader may see them."""
    query = (
        statement(actor)
        .join(FeedbackLink, FeedbackLink.feedback_id == Feedback.id)
        .where(FeedbackLink.kind == "problem", FeedbackLink.target_id == problem_id)
    )
    return list(db.session.scalars(query.order_by(*AS_HEARD)))


def of_resource(actor: Actor, resource_id: int) -> list[Feedback]:
    """Remarks that became a problem or a signal about a resource, the newest first."""
    about = sa.select(FeedbackLink.feedback_id).where(FeedbackLink.resource_id == resource_id)
    query = newest_first(actor, statement(actor).where(Feedback.id.in_(about)))
    return list(db.session.scalars(query.limit(50)))
