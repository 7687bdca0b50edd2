"""Figures of alerts: how far it fell, whether the same firms say so, who carries it, what was done, did it help."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from flask_babel import gettext as _

from app.hall.errors import NotFound
from app.hall.text import language
from app.hall.text.numbers import whole
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.insight.alerts import queries as alerts
from app.insight.alerts.queries import Measure, Shown
from app.insight.figures.rules import MEAN, SUM, Figure, Name, Row
from app.insight.reading import month_text
from app.insight.scores import queries
from app.insight.scores.models import ALL
from app.insight.scores.queries import Board, board
from app.insight.words import LAYER_NAMES

ROWS = "/insight/rows?figure="


def _number(name: Name) -> int:
    found = whole(name.words[0])
    if found is None:
        raise NotFound("insight_figure_not_found")
    return found


def _of(name: Name) -> tuple[Shown, Board]:
    one = alerts.get_shown(_number(name))
    row = one.alert
    return one, board(row.opened_month - 2, max(row.last_month, row.opened_month))


def title_of(found: Board, one: Shown) -> str:
    """The dimension and the firms that an alert is about."""
    row = one.alert
    names = {name.code: name.name_en if language.lang() == "en" else name.name_zh for name in found.names}
    return f"{names.get(row.dimension, row.dimension)} · {LAYER_NAMES[row.layer or 'all']}"


def _score_row(one: Shown, month: int, score: Fraction, sign: int) -> Row:
    row = one.alert
    url = f"{ROWS}score:{row.dimension}:{row.layer or 'all'}:{month_text(month)}"
    return Row(month_text(month), sign * score, _("得分 %(score)s", score=f"{float(score):.1f}"), url)


def fall(_actor: Actor, text: str, name: Name) -> Figure:
    """The fall of two months: the score at its end less the one it began from."""
    one, found = _of(name)
    row = one.alert
    last, first = (found.shown(row.dimension, row.layer, row.opened_month - back) for back in (0, 2))
    title = _("%(what)s · 两个月的变化", what=title_of(found, one))
    if last is None or first is None or one.opened.get("points") is None:
        return Figure(text, SUM, [], _("分"), 1, title, "suppressed")
    rows = [_score_row(one, row.opened_month, last, 1), _score_row(one, row.opened_month - 2, first, -1)]
    return Figure(text, SUM, rows, _("分"), 1, title)


def paired(actor: Actor, text: str, name: Name) -> Figure:
    """Firms that answered in both months, with the change of each; without the right to see firms all of them as one."""
    one, found = _of(name)
    row = one.alert
    title = _("%(what)s · 两次都作答的企业", what=title_of(found, one))
    if not one.opened.get("paired"):
        return Figure(text, MEAN, [], _("分"), 1, title, "few")
    now, before = (
        queries.firm_scores(row.dimension, row.opened_month - back, row.layer or ALL) for back in (0, 1)
    )
    changes = {who: now[who][0] - before[who][0] for who in now.keys() & before.keys()}
    if not actor.may(roles.SEES_ONE_FIRMS_SCORES):
        total = sum(changes.values(), Fraction(0))
        return Figure(
            text, MEAN, [Row(_("两次都作答的企业"), total, "", "", len(changes))], _("分"), 1, title
        )
    firms = identity.organisations_by_id(changes)
    rows = [
        Row(
            firms[who].name,
            change,
            f"{float(before[who][0]):.1f} → {float(now[who][0]):.1f}",
            f"{ROWS}firm:{firms[who].code}:{row.dimension}:{month_text(row.opened_month)}",
            1,
            firms[who].code,
        )
        for who, change in changes.items()
    ]
    return Figure(
        text, MEAN, sorted(rows, key=lambda each: (each.amount, each.enterprise)), _("分"), 1, title
    )


def effect(_actor: Actor, text: str, name: Name) -> Figure:
    """What came of a countermeasure: the score of the month that shows it less the score at the alert."""
    measure_id = _number(name)
    alert_id = alerts.alert_of_measure(measure_id)
    if alert_id is None:
        raise NotFound("insight_figure_not_found")
    one = alerts.get_shown(alert_id)
    measure = next(each for each in one.measures if each.row.id == measure_id)
    seen, row = measure.effect, one.alert
    title = _("“%(what)s”之后", what=measure.row.what)
    if seen.before is None or seen.after is None or seen.month is None:
        return Figure(text, SUM, [], _("分"), 1, title, "missing")
    rows = [_score_row(one, seen.month, seen.after, 1), _score_row(one, row.opened_month, seen.before, -1)]
    return Figure(text, SUM, rows, _("分"), 1, title)


def _worse(found: Board, one: Shown) -> Iterator[Row]:
    said, row = one.opened, one.alert
    if row.kind == "falls_twice":
        points = said.get("points")
        detail = (
            "" if points is None else _("两个月 %(points)s 分", points=f"{points:+.1f}".replace("-", "−"))
        )
        yield _alert_row(found, one, f"{month_text(row.opened_month)} {detail}")


def _sure(found: Board, one: Shown) -> Iterator[Row]:
    said = one.opened.get("paired")
    if one.alert.kind == "falls_twice" and said and said["same_direction"] and not one.alert.weak:
        yield _alert_row(found, one, _("两次都作答的 %(n)s 家也如此", n=said["n"]))


def _carried(found: Board, one: Shown) -> Iterator[Row]:
    owners = sorted({measure.owner for measure in one.measures})
    if owners:
        yield _alert_row(found, one, _("、").join(owners))


def _done(found: Board, one: Shown) -> Iterator[Row]:
    for measure in one.measures:
        yield _measure_row(found, one, measure, f"{measure.owner} · {measure.row.starts_on.isoformat()}")


def _helped(found: Board, one: Shown) -> Iterator[Row]:
    for measure in one.measures:
        change = measure.effect.change
        if change is not None and change > 0:
            yield _measure_row(found, one, measure, f"{float(change):+.1f}", f"{ROWS}effect:{measure.row.id}")


def _alert_row(found: Board, one: Shown, detail: str) -> Row:
    return Row(title_of(found, one), Fraction(1), detail, f"/insight/alerts/{one.alert.id}")


def _measure_row(found: Board, one: Shown, measure: Measure, detail: str, url: str = "") -> Row:
    where = url or f"/insight/alerts/{one.alert.id}"
    return Row(measure.row.what, Fraction(1), f"{title_of(found, one)} · {detail}", where)


# The five questions of a director, each answered by counting rows.
QUESTIONS: Mapping[str, Callable[[Board, Shown], Iterator[Row]]] = {
    "worse": _worse,
    "sure": _sure,
    "carried": _carried,
    "done": _done,
    "helped": _helped,
}


def answer(found: Board, some: Sequence[Shown], question: str) -> list[Row]:
    """The rows that answer a question about these alerts."""
    return [row for one in some for row in QUESTIONS[question](found, one)]


def director(_actor: Actor, text: str, name: Name) -> Figure:
    """One of the five questions about the alerts that opened in these months."""
    (question,), (first, last) = name.words, name.months
    if question not in QUESTIONS:
        raise NotFound("insight_figure_not_found")
    first, last = min(first, last), max(first, last)
    found = board(min(first, last - 24), last)
    rows = answer(found, alerts.opened_between(first, last, found), question)
    return Figure(
        text, SUM, rows, _("条"), 0, f"{_question(question)} {month_text(first)} – {month_text(last)}"
    )


def _question(question: str) -> str:
    return {
        "worse": _("什么变差了"),
        "sure": _("有多大把握"),
        "carried": _("谁负责"),
        "done": _("做了哪些事"),
        "helped": _("有没有用"),
    }[question]


OPEN: Mapping[str, Callable[[Actor, str, Name], Figure]] = {
    "fall": fall,
    "paired": paired,
    "effect": effect,
    "director": director,
}
