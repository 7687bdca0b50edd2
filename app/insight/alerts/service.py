"""Alerts open, live and end with the scores; people acknowledge them, do something about them, or end them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.insight.alerts import messages
from app.insight.alerts.life import Life, lives_of
from app.insight.alerts.models import OPEN, AlertMonth, AlertRow, Countermeasure
from app.insight.alerts.rules import Alert, Paired, alerts_of, leading_of, sureness
from app.insight.assessing import alert_answer, leading_answer
from app.insight.scores import months
from app.insight.scores.models import ALL, LAYERS
from app.insight.scores.queries import Board, board, firm_scores, span
from app.insight.scores.rules import Month, Series
from app.insight.scores.store import dimension_rows, finished
from app.insight.themes.queries import mentions_of
from app.problems import door as problems

LOOK_AGAIN = (
    "pending",
    "firing",
    "recovering",
    "stale",
    "resolved",
)  # states whose sureness is worth reading
LONGEST = 500


def refresh(dimensions: Iterable[str], touched: Collection[int] | None = None, tell: bool = True) -> None:
    """What the rules say of every finished month of these dimensions, and the life of their alerts, anew.

    With `touched` only the months whose sureness rests on one of these are asked firm by firm again.
    """
    wanted = sorted(set(dimensions))
    reach = span()
    last = finished()
    if not wanted or reach is None or reach[0] > last:
        return
    found = board(reach[0], last)
    ended = _ended(wanted)
    mentions = mentions_of(wanted, reach[0] - 3, last)
    known = {} if touched is None else _known(wanted)
    changed = None if touched is None else {month + more for month in touched for more in (0, 1, 2)}
    rows: list[dict[str, object]] = []
    lives: list[Life] = []
    for code in wanted:
        for layer in (ALL, *LAYERS):
            series = found.series.get((code, layer))
            if series is None:
                continue
            series = _since(series, reach[0])
            some = [
                known[code, layer, one.month].on(one)
                if changed is not None and one.month not in changed and (code, layer, one.month) in known
                else _surer(one, series, layer)
                for one in alerts_of(series, mentions, ended.get((code, layer), ()))
            ]
            rows += [
                _month_row("falls_twice", layer, "", one.month, one.state, alert_answer(one)) for one in some
            ]
            lives += lives_of(
                "falls_twice",
                code,
                layer,
                "",
                [(o.month, o.state, o.weak) for o in some],
                ended.get((code, layer), ()),
            )
        whole = found.series.get((code, ALL))
        if whole is not None:
            told = list(leading_of(_since(whole, reach[0]), found.dimension(code), mentions))
            rows += [
                _month_row("leading", ALL, one.theme, one.month, one.state, leading_answer(one))
                for one in told
            ]
            for theme in sorted({one.theme for one in told}):
                states = [(o.month, o.state, None) for o in told if o.theme == theme]
                lives += lives_of("leading", code, ALL, theme, states)
    with transaction() as session:
        session.execute(sa.delete(AlertMonth).where(AlertMonth.dimension.in_(wanted)))
        if rows:
            session.execute(sa.insert(AlertMonth), [dict(row) for row in rows])
        _keep_lives(wanted, lives, last, tell)


def look_at_finished_month() -> None:
    """Once a month is over: the rules look at it, and a month without data makes an open alert stale."""
    query = sa.select(AlertMonth.dimension, sa.func.max(AlertMonth.month)).group_by(AlertMonth.dimension)
    seen = dict(db.session.execute(query).all())
    refresh(row.code for row in dimension_rows() if seen.get(row.code, finished()) < finished())


@dataclass(frozen=True)
class Known:
    """How sure a month was the last time it was asked."""

    paired: Paired | None
    weak: bool | None

    def on(self, alert: Alert) -> Alert:
        return replace(alert, paired=self.paired, weak=self.weak)


def _known(dimensions: Sequence[str]) -> dict[tuple[str, str, int], Known]:
    found = {}
    query = sa.select(AlertMonth).where(
        AlertMonth.kind == "falls_twice", AlertMonth.dimension.in_(dimensions)
    )
    for row in db.session.scalars(query):
        said = row.row["paired"]
        paired = said and Paired(said["n"], Fraction(str(said["mean_change"])), said["same_direction"])
        found[row.dimension, row.layer, row.month] = Known(paired, row.row["weak"])
    return found


def _since(series: Series, first: int) -> Series:
    """The series from the first month that any dimension has: the months before are no months without data."""
    return replace(series, first=first, months=series.months[first - series.first :])


def _month_row(
    kind: str, layer: str, theme: str, month: int, state: str, answer: dict[str, object]
) -> dict[str, object]:
    values: dict[str, object] = {
        "kind": kind,
        "dimension": answer["dimension"],
        "layer": layer,
        "theme": theme,
    }
    return {**values, "month": month, "state": state, "row": answer}


def _surer(alert: Alert, series: Series, layer: str) -> Alert:
    """With what the firms that answered both times say; read only where something fell or is open."""
    if alert.state not in LOOK_AGAIN:
        return alert
    whole = []
    for month in (alert.month - 2, alert.month - 1, alert.month):
        scores = firm_scores(series.dimension, month, layer) if series.at(month).n else {}
        whole.append(Month({str(firm): score for firm, (score, _layer) in scores.items()}))
    version = series.at(alert.month).version
    a, b, c = (
        None if series.not_comparable(m, version) else series.at(m).shown
        for m in (alert.month - 2, alert.month - 1, alert.month)
    )
    paired, weak = sureness((whole[0], whole[1], whole[2]), (a, b, c))
    return replace(alert, paired=paired, weak=weak)


def _ended(dimensions: Sequence[str]) -> dict[tuple[str, str], Collection[int]]:
    found: dict[tuple[str, str], set[int]] = {}
    query = sa.select(AlertRow.dimension, AlertRow.layer, AlertRow.ended_month).where(
        AlertRow.kind == "falls_twice", AlertRow.state == "ended", AlertRow.dimension.in_(dimensions)
    )
    for dimension, layer, month in db.session.execute(query):
        if month is not None:
            found.setdefault((dimension, layer), set()).add(month)
    return {key: frozenset(some) for key, some in found.items()}


def _keep_lives(dimensions: Sequence[str], lives: Sequence[Life], last: int, tell: bool) -> None:
    session = db.session()
    query = sa.select(AlertRow).where(AlertRow.dimension.in_(dimensions))
    rows = {
        (row.kind, row.dimension, row.layer, row.theme, row.opened_month): row
        for row in session.scalars(locked(query))
    }
    for life in lives:
        row = rows.pop((life.kind, life.dimension, life.layer, life.theme, life.opened), None)
        fresh = row is None
        if row is None:
            row = AlertRow(
                kind=life.kind,
                dimension=life.dimension,
                layer=life.layer,
                theme=life.theme,
                opened_month=life.opened,
                seen="new",
                created_at=clock.now(),
            )
            session.add(row)
        if row.state != "ended":
            row.state = life.state
        row.last_month, row.weak = life.last, life.weak
        session.flush()
        if fresh and tell and not life.weak and life.state in OPEN and life.opened >= last - 1:
            messages.opened(row)
    for row in rows.values():
        if row.state != "ended":
            row.state = "withdrawn"  # the scores it rested on were corrected


@dataclass(frozen=True)
class Counter:
    """What is done about an alert: what, who (a login), from which day, and the problem it goes through if any."""

    what: str
    owner: str
    starts_on: dt.date
    problem_id: int | None = None


def get_alert(alert_id: int, lock: bool = False) -> AlertRow:
    query = sa.select(AlertRow).where(AlertRow.id == alert_id)
    row = db.session.scalar(locked(query) if lock else query)
    if row is None:
        raise NotFound("insight_alert_not_found")
    return row


def _for_answer(actor: Actor, alert_id: int) -> AlertRow:
    if not actor.may(roles.ANSWERS_ALERTS):
        raise NotAllowed("insight_alert_not_yours")
    row = get_alert(alert_id, lock=True)
    if row.state not in OPEN:
        raise Conflict("insight_alert_over")
    return row


def acknowledge(actor: Actor, alert_id: int) -> AlertRow:
    """Somebody has seen it: new → acknowledged."""
    with transaction():
        row = _for_answer(actor, alert_id)
        if row.seen != "new":
            raise Conflict("insight_alert_seen")
        row.seen = "acknowledged"
        row.acknowledged_by_id, row.acknowledged_at = actor.member_id, clock.now()
        identity.audit(actor, "insight_alert.acknowledged", "insight_alert", row.id)
        return row


def counter(actor: Actor, alert_id: int, wanted: Counter) -> Countermeasure:
    """Write down what is done, who carries it, from when; the first whole month from then on can show it."""
    with transaction() as session:
        row = _for_answer(actor, alert_id)
        owner = identity.staff_by_login([wanted.owner]).get(wanted.owner)
        reasons = []
        if not wanted.what.strip():
            reasons.append(Reason("insight_counter_empty", {"at": "what"}))
        if owner is None:
            reasons.append(Reason("insight_counter_owner", {"at": "owner"}))
        if months.month_of(wanted.starts_on) < row.opened_month:
            reasons.append(Reason("insight_counter_too_early", {"at": "starts_on"}))
        if wanted.problem_id is not None and not problems.is_problem(wanted.problem_id):
            reasons.append(Reason("insight_counter_problem", {"at": "problem"}))
        if reasons or owner is None:
            raise Invalid("insight_counter_refused", reasons)
        made = Countermeasure(
            alert_id=row.id,
            what=wanted.what.strip()[:LONGEST],
            owner_id=owner,
            starts_on=wanted.starts_on,
            shows_from=months.shows_from(wanted.starts_on),
            problem_id=wanted.problem_id,
            made_by_id=actor.member_id,
            made_at=clock.now(),
        )
        session.add(made)
        if row.seen == "new":
            row.acknowledged_by_id, row.acknowledged_at = actor.member_id, clock.now()
        row.seen = "countered"
        session.flush()
        identity.audit(actor, "insight_alert.countered", "insight_alert", row.id, owner=wanted.owner)
        if owner != actor.member_id:
            messages.given(made, row)
        return made


def end(actor: Actor, alert_id: int, because: str) -> AlertRow:
    """A level that will not come back: the alert ends with a reason, and the next month starts anew."""
    with transaction():
        row = _for_answer(actor, alert_id)
        if not because.strip():
            raise Invalid("insight_end_because")
        row.state, row.because = "ended", because.strip()[:LONGEST]
        row.ended_by_id, row.ended_month = actor.member_id, row.last_month
        db.session.flush()
        identity.audit(actor, "insight_alert.ended", "insight_alert", row.id, reason=row.because)
        refresh([row.dimension])
        return row


@dataclass(frozen=True)
class Effect:
    """What a countermeasure did: the score when the alert opened, and of the first month that can show it."""

    before: Fraction | None
    after: Fraction | None
    month: int | None

    @property
    def change(self) -> Fraction | None:
        return None if self.before is None or self.after is None else self.after - self.before


def effect(found: Board, alert: AlertRow, measure: Countermeasure) -> Effect:
    """The first available month from the first that can show it; nothing before there is one."""
    before = found.shown(alert.dimension, alert.layer, alert.opened_month)
    for month in range(measure.shows_from, min(found.last, finished()) + 1):
        after = found.shown(alert.dimension, alert.layer, month)
        if after is not None:
            return Effect(before, after, month)
    return Effect(before, None, None)
