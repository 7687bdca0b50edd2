"""Figures of the other rooms: problems and their clocks, money from policies, monthly sums, who was not heard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from fractions import Fraction

import sqlalchemy as sa
from flask_babel import gettext as _

from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import NotFound
from app.hall.text import language
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.insight.cockpit.models import FigureRow
from app.insight.figures.rules import MEAN, MEDIAN, SUM, Figure, Name, Row
from app.insight.reading import month_text
from app.insight.scores import months
from app.insight.scores.models import ScoreRow
from app.insight.words import CLASS_NAMES, FIGURES
from app.policy import door as policy
from app.problems import door as problems

# Who may open a monthly figure row by row; everybody else who sees it opens it group by group.
OPENERS = {
    "shared_minutes": roles.SEES_SHARING_FIGURES,
    "own_minutes": roles.SEES_SHARING_FIGURES,
    "bookable_minutes": roles.SEES_SHARING_FIGURES,
    "income_fen": roles.SEES_SHARING_FIGURES,
    "credits_earned": roles.SEES_ALL_CREDITS,
    "credits_redeemed": roles.SEES_ALL_CREDITS,
}
MINUTE = dt.timedelta(minutes=1)
HEARD_AFTER = 30  # days of silence from which a firm stands on the list


def url_of_score(actor: Actor, own: bool, source: str, key: str) -> str:
    """Where the thing behind a score is looked up, for whom its room shows it."""
    if source in ("rating", "response") and (own or actor.may(roles.SEES_ALL_PROBLEMS)):
        return f"/problems/{problems.number_of(int(key.split(':')[0]))}"
    if source == "policy_money" and (own or actor.may(roles.SEES_MONTHLY_FACTS_OF_ALL_FIRMS)):
        return f"/policy/cases/{key}"
    return ""


def _days(name: Name) -> tuple[dt.date, dt.date]:
    first, last = name.months
    return months.first_day(min(first, last)), months.last_day(max(first, last))


def _span(name: Name) -> str:
    first, last = name.months
    return month_text(first) if first == last else f"{month_text(first)} – {month_text(last)}"


def _title(what: str, name: Name) -> str:
    return f"{what} · {_span(name)}"


def _problems(name: Name) -> list[problems.Measured]:
    problem_class, theirs = _whose(name)
    if problem_class not in (*CLASS_NAMES, "all"):
        raise NotFound("insight_figure_not_found")
    found = problems.measured_between(
        *_days(name), "" if problem_class == "all" else problem_class, with_firms=False
    )
    return [one for one in found if theirs is None or one.id in theirs]


def _whose(name: Name) -> tuple[str, frozenset[int] | None]:
    """What is counted, and the problems of the department that stands behind an @."""
    what, at, code = name.words[0].partition("@")
    if not at:
        return what, None
    for one in identity.list_departments():
        if one.code == code:
            return what, problems.ids_of_department(one.id)
    raise NotFound("insight_figure_not_found")


def _class(name: Name) -> str:
    what, at, code = name.words[0].partition("@")
    said = str(CLASS_NAMES.get(what, _("全部问题")))
    names = {one.code: one.name for one in identity.list_departments()} if at else {}
    return f"{names.get(code, code)} · {said}" if at else said


def _problem_row(actor: Actor, one: problems.Measured, amount: Fraction, detail: str = "") -> Row:
    url = f"/problems/{one.number}" if actor.may(roles.SEES_ALL_PROBLEMS) else ""
    return Row(one.number, amount, detail or one.place, url)


def count_problems(actor: Actor, text: str, name: Name) -> Figure:
    rows = [_problem_row(actor, one, Fraction(1)) for one in _problems(name)]
    return Figure(text, SUM, rows, _("件"), 0, _title(_class(name), name))


def silent(actor: Actor, text: str, name: Name) -> Figure:
    """Problems confirmed by silence: counted apart from those a firm confirmed."""
    rows = [_problem_row(actor, one, Fraction(1)) for one in _problems(name) if one.confirmed_by == "silence"]
    return Figure(text, SUM, rows, _("件"), 0, _title(_("沉默确认"), name))


def _time(
    actor: Actor,
    text: str,
    name: Name,
    what: str,
    moment: Callable[[problems.Measured], dt.datetime | None],
    unit: dt.timedelta,
) -> Figure:
    rows = []
    for one in _problems(name):
        at = moment(one)
        if at is not None:
            minutes = (at - one.registered_at) // MINUTE
            rows.append(_problem_row(actor, one, Fraction(minutes, unit // MINUTE)))
    rows.sort(key=lambda row: (-row.amount, row.label))
    word = _("小时") if unit == dt.timedelta(hours=1) else _("天")
    return Figure(text, MEDIAN, rows, word, 1, _title(f"{_class(name)} · {what}", name))


def response(actor: Actor, text: str, name: Name) -> Figure:
    return _time(actor, text, name, _("首次响应"), lambda one: one.responded_at, dt.timedelta(hours=1))


def plan(actor: Actor, text: str, name: Name) -> Figure:
    return _time(actor, text, name, _("出方案"), lambda one: one.planned_at, dt.timedelta(days=1))


def resolution(actor: Actor, text: str, name: Name) -> Figure:
    return _time(actor, text, name, _("解决"), lambda one: one.resolved_at, dt.timedelta(days=1))


def clocks(actor: Actor, text: str, name: Name) -> Figure:
    """Open problems past their due (`late`), or due before the day is over (`today`)."""
    now = clock.now()
    end = clock.start_of_day(clock.today() + dt.timedelta(days=1))
    what, theirs = _whose(name)
    if what not in ("late", "today"):
        raise NotFound("insight_figure_not_found")
    late = what == "late"
    rows = [
        _problem_row(actor, one, Fraction(1), one.due_at.astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M"))
        for one in problems.at_risk(end)
        if one.due_at is not None and (one.due_at <= now) == late and (theirs is None or one.id in theirs)
    ]
    return Figure(text, SUM, rows, _("件"), 0, _("已超时") if late else _("今天会超时"))


def money(actor: Actor, text: str, name: Name) -> Figure:
    """Days from push to money of the cases paid in these months."""
    first, last = _days(name)
    english = language.lang() == "en"
    opens = actor.may(roles.SEES_MONTHLY_FACTS_OF_ALL_FIRMS)
    rows = [
        Row(
            one.title_en if english and one.title_en else one.title_zh,
            Fraction(one.days),
            one.paid_on.isoformat(),
            f"/policy/cases/{one.case_id}" if opens else "",
        )
        for one in policy.money_days(since=first)
        if one.paid_on <= last
    ]
    return Figure(text, MEDIAN, rows, _("天"), 1, _title(_("政策到账"), name))


def silence(actor: Actor, text: str, name: Name) -> Figure:
    """Firms by the days since anything was heard of them; without the right to see firms their number alone."""
    if name.words[0] != "longest":
        raise NotFound("insight_figure_not_found")
    query = sa.select(FigureRow).where(FigureRow.figure == "silence", FigureRow.month == this_month())
    found = list(db.session.scalars(query.order_by(FigureRow.amount.desc(), FigureRow.key)))
    if actor.may(roles.SEES_ONE_FIRMS_SCORES):
        rows = [
            Row(one.label_zh, Fraction(1), _("%(days)s 天", days=one.amount), "", 1, one.key) for one in found
        ]
    else:
        rows = [Row(_("企业"), Fraction(len(found)))] if found else []
    return Figure(text, SUM, rows, _("家"), 0, _("%(days)s 天以上没有声音", days=HEARD_AFTER))


def this_month() -> int:
    return months.month_of(clock.today())


def longest_silences() -> list[tuple[identity.OrganisationInfo, int]]:
    """Active firms not heard for a month or longer, the longest first."""
    today = clock.today()
    heard = dict(
        db.session.execute(
            sa.select(ScoreRow.organisation_id, sa.func.max(ScoreRow.happened_on)).group_by(
                ScoreRow.organisation_id
            )
        ).all()
    )
    found = []
    for firm, _since in identity.enterprises_since("active"):
        since = heard.get(firm.id) or firm.registered_on
        if since is not None and (today - since).days >= HEARD_AFTER:
            found.append((firm, (today - since).days))
    return sorted(found, key=lambda one: (-one[1], one[0].code))


def monthly(actor: Actor, text: str, name: Name) -> Figure:
    """A monthly figure of another room, row by row for whom that room shows them, else by group."""
    (figure,) = name.words
    if figure not in FIGURES:
        raise NotFound("insight_figure_not_found")
    query = sa.select(FigureRow).where(
        FigureRow.figure == figure, FigureRow.month.between(min(name.months), max(name.months))
    )
    found = list(db.session.scalars(query.order_by(FigureRow.month, FigureRow.amount.desc(), FigureRow.key)))
    unit, scale, digits = FIGURES[figure].unit, FIGURES[figure].scale, FIGURES[figure].digits
    english = language.lang() == "en"
    if actor.may(OPENERS.get(figure, roles.SEES_FIGURES_OF_GROUPS)):
        rows = [
            Row(
                one.label_en if english and one.label_en else one.label_zh,
                Fraction(one.amount, scale),
                month_text(one.month),
                one.url if figure != "gap_fen" or actor.may(roles.SEES_GAPS) else "",
            )
            for one in found
        ]
    else:
        groups: dict[str, int] = {}
        for one in found:
            groups[one.group] = groups.get(one.group, 0) + one.amount
        rows = [Row(group or _("合计"), Fraction(amount, scale)) for group, amount in sorted(groups.items())]
    return Figure(text, SUM, rows, str(unit), digits, _title(str(FIGURES[figure].title), name))


def use(actor: Actor, text: str, name: Name) -> Figure:
    """What instruments worked of what they could, in per cent: bookable minutes count as how many."""
    amounts = ("bookable_minutes", "own_minutes", "shared_minutes")
    query = sa.select(FigureRow).where(
        FigureRow.figure.in_(amounts), FigureRow.month.between(min(name.months), max(name.months))
    )
    opens = actor.may(roles.SEES_SHARING_FIGURES)
    sums: dict[tuple[str, str], dict[str, int]] = {}
    for one in db.session.scalars(query.order_by(FigureRow.key)):
        key = (one.label_zh, one.url) if opens else (one.group, "")
        of = sums.setdefault(key, dict.fromkeys(amounts, 0))
        of[one.figure] += one.amount
    rows = [
        Row(
            label,
            Fraction(100 * (of["own_minutes"] + of["shared_minutes"])),
            _("可用 %(hours)s 小时", hours=f"{of['bookable_minutes'] / 60:.1f}"),
            url,
            of["bookable_minutes"],
        )
        for (label, url), of in sums.items()
    ]
    return Figure(text, MEAN, rows, "%", 1, _title(_("利用率"), name))


def gap(actor: Actor, text: str, name: Name) -> Figure:
    """One gap of the chain as it is today."""
    key = ":".join(name.words)
    query = sa.select(FigureRow).where(FigureRow.figure == "gap_fen", FigureRow.key == key)
    found = db.session.scalars(query.order_by(FigureRow.month.desc()).limit(1)).first()
    if found is None:
        raise NotFound("insight_figure_not_found")
    label = found.label_en if language.lang() == "en" and found.label_en else found.label_zh
    url = found.url if actor.may(roles.SEES_GAPS) else ""
    what = FIGURES["gap_fen"]
    row = Row(label, Fraction(found.amount, what.scale), month_text(found.month), url)
    return Figure(text, SUM, [row], str(what.unit), what.digits, f"{what.title} · {label}")


OPEN: Mapping[str, Callable[[Actor, str, Name], Figure]] = {
    "problems": count_problems,
    "response": response,
    "plan": plan,
    "resolution": resolution,
    "silent": silent,
    "clocks": clocks,
    "money": money,
    "silence": silence,
    "month": monthly,
    "gap": gap,
    "use": use,
}
