"""What this room brings to the house."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.ecosystem import demo, handlers, pages, sight, words
from app.ecosystem.committee import api as _committee_api  # noqa: F401 - each of these adds its calls and pages
from app.ecosystem.committee import views as _committee_views  # noqa: F401
from app.ecosystem.committee import words as committee_words
from app.ecosystem.gaps import views as _gaps_views  # noqa: F401
from app.ecosystem.gaps import words as gaps_words
from app.ecosystem.initiatives import api as _initiatives_api  # noqa: F401
from app.ecosystem.initiatives import views as _initiatives_views  # noqa: F401
from app.ecosystem.initiatives import words as initiatives_words
from app.ecosystem.introductions import api as _introductions_api  # noqa: F401
from app.ecosystem.introductions import queries as introductions_queries
from app.ecosystem.introductions import views as _introductions_views  # noqa: F401
from app.ecosystem.introductions import words as introductions_words
from app.ecosystem.market import api as _market_api  # noqa: F401
from app.ecosystem.market import queries as market_queries
from app.ecosystem.market import sheet
from app.ecosystem.market import views as _market_views  # noqa: F401
from app.ecosystem.market import words as market_words
from app.ecosystem.market.rules import Wanted
from app.ecosystem.matches import api as _matches_api  # noqa: F401
from app.ecosystem.matches import queries as matches_queries
from app.ecosystem.matches import views as _matches_views  # noqa: F401
from app.ecosystem.matches import words as matches_words
from app.ecosystem.outcomes import api as _outcomes_api  # noqa: F401
from app.ecosystem.outcomes import service as outcomes
from app.ecosystem.outcomes import views as _outcomes_views  # noqa: F401
from app.ecosystem.outcomes import words as outcomes_words
from app.ecosystem.packs import api as _packs_api  # noqa: F401
from app.ecosystem.packs import industry_views as _industry_views  # noqa: F401
from app.ecosystem.packs import queries as packs_queries
from app.ecosystem.packs import views as _packs_views  # noqa: F401
from app.ecosystem.packs import words as packs_words
from app.ecosystem.projects import api as _projects_api  # noqa: F401
from app.ecosystem.projects import views as _projects_views  # noqa: F401
from app.ecosystem.projects import words as projects_words
from app.ecosystem.research_costs import api as _research_api  # noqa: F401
from app.ecosystem.research_costs import views as _research_views  # noqa: F401
from app.ecosystem.research_costs import words as research_words
from app.ecosystem.round_table import api as _round_table_api  # noqa: F401
from app.ecosystem.round_table import queries as round_table_queries
from app.ecosystem.round_table import views as _round_table_views  # noqa: F401
from app.ecosystem.round_table import views_table as _views_table  # noqa: F401
from app.ecosystem.round_table import words as round_table_words
from app.ecosystem.scorecard import api as _scorecard_api  # noqa: F401
from app.ecosystem.scorecard import views as _scorecard_views  # noqa: F401
from app.ecosystem.scorecard import words as scorecard_words
from app.ecosystem.signals import api as _signals_api  # noqa: F401
from app.ecosystem.signals import views as _signals_views  # noqa: F401
from app.ecosystem.signals import words as signals_words
from app.hall import clock
from app.hall.db.counting import counted
from app.hall.rooms import Appointment, Door, Figure, Hit, Line, Name, NavItem, Room, Section, Todo
from app.identity.door import roles

if TYPE_CHECKING:
    from app.identity.door import Actor

NAV = [
    NavItem("ecosystem.market", "building-store", _l("供需大厅"), "services", subject=_l("供需对接")),
    NavItem(
        "ecosystem.matches_page",
        "arrows-right-left",
        _l("撮合建议"),
        "services",
        badge=matches_queries.count_to_answer,
        subject=_l("供需对接"),
    ),
    NavItem(
        "ecosystem.introductions_page",
        "heart-handshake",
        _l("对接进展"),
        "services",
        subject=_l("供需对接"),
        bottom=True,
        short=_l("对接"),
    ),
    NavItem(
        "ecosystem.pack_requests",
        "building-plus",
        _l("拟引进意向"),
        "services",
        roles.SEES_OWN_MARKET,
        badge=packs_queries.count_requests,
        subject=_l("供需对接"),
    ),
    NavItem("ecosystem.committee_page", "users-group", _l("圆桌会议"), "services", subject=_l("圆桌与项目")),
    NavItem(
        "ecosystem.initiatives_page",
        "affiliate",
        _l("协同行动"),
        "services",
        roles.READS_INITIATIVES,
        subject=_l("圆桌与项目"),
    ),
    NavItem("ecosystem.projects_page", "school", _l("高校项目"), "services", subject=_l("圆桌与项目")),
    NavItem("ecosystem.signals_page", "message-report", _l("企业诉求"), "services", subject=_l("问题与诉求")),
    NavItem(
        "ecosystem.review",
        "file-check",
        _l("供需审核"),
        "services",
        roles.MODERATES_POSTS,
        subject=_l("供需对接"),
    ),
    NavItem("ecosystem.packs_page", "package", _l("服务包"), "firms", roles.SEES_WHOLE_MARKET),
    NavItem(
        "ecosystem.gaps_page",
        "puzzle",
        _l("补链一览"),
        "chain",
        roles.SEES_GAPS,
        subject=_l("图谱与薄弱环节"),
    ),
    NavItem(
        "ecosystem.scorecard_page",
        "report-analytics",
        _l("生态成绩单"),
        "insight",
        roles.SEES_SCORECARD,
        subject=_l("成绩单与利用率"),
    ),
    NavItem(
        "ecosystem.research_costs",
        "flask",
        _l("研发费用"),
        "insight",
        roles.WRITES_POSTS | roles.SEES_SCORECARD,
        subject=_l("成绩单与利用率"),
    ),
]
#: Every sentence a refusal or notification of this room may carry.
MESSAGES = {
    code: sentence
    for sentences in (
        words.MESSAGES,
        market_words.MESSAGES,
        matches_words.MESSAGES,
        initiatives_words.MESSAGES,
        introductions_words.MESSAGES,
        outcomes_words.MESSAGES,
        packs_words.MESSAGES,
        signals_words.MESSAGES,
        committee_words.MESSAGES,
        round_table_words.MESSAGES,
        projects_words.MESSAGES,
        scorecard_words.MESSAGES,
        gaps_words.MESSAGES,
        research_words.MESSAGES,
    )
    for code, sentence in sentences.items()
}


MOST = 3  # needs on a firm's own page


def todos(actor: Actor) -> Iterator[Todo]:
    """What waits for this reader."""
    waiting, unsigned, wishes, late, owed, queue = counted(
        matches_queries.to_answer(actor),
        outcomes.to_confirm(actor),
        packs_queries.requests_of(actor),
        introductions_queries.overdue(actor),
        round_table_queries.owed(actor),
        market_queries.to_review(),
    )
    if waiting:
        yield Todo(_("撮合建议等待贵方答复"), url_for("ecosystem.matches_page"), waiting, "arrows-right-left")
    if unsigned:
        yield Todo(
            _("成效等待贵方确认"), url_for("ecosystem.introductions_page"), unsigned, "clipboard-check"
        )
    if wishes:
        yield Todo(_("拟引进企业等待贵方答复"), url_for("ecosystem.pack_requests"), wishes, "building-plus")
    if late:
        yield Todo(_("对接的下一步已过期限"), url_for("ecosystem.introductions_page"), late, "clock")
    if owed:
        yield Todo(_("决议待办结"), url_for("ecosystem.committee_page", _anchor="resolutions"), owed, "gavel")
    if queue and actor.may(roles.MODERATES_POSTS):
        yield Todo(_("供需内容等待审核"), url_for("ecosystem.review"), queue, "file-check")


def sections(actor: Actor) -> Iterator[Section]:
    """The firm's own needs that are not met yet, and how far each has come."""
    if actor.may(roles.WORKS_FOR_THE_PARK) or not actor.may(roles.WRITES_POSTS):
        return
    wanted = Wanted(mine=True, kind="need")
    lines = [
        Line(
            row.title,
            _("截止 %(day)s", day=row.deadline.isoformat()) if row.deadline else "",
            url_for("ecosystem.post", post_id=row.id),
            str(market_words.POST_STATES[market_words.post_state(row)]),
            "pri" if row.state == "engaged" else "",
        )
        for row in market_queries.newest(market_queries.market_query(actor, wanted), MOST)
        if row.state not in ("satisfied", "withdrawn")
    ]
    yield Section(
        _("我的需求"),
        url_for("ecosystem.my_posts", kind="need"),
        "arrows-right-left",
        lines,
        _("还没有发布需求。缺什么，写下来，园区来撮合。"),
        2,
    )


def agenda(actor: Actor) -> Iterator[Appointment]:
    """Today's round table, and what this reader's organisation owes it today."""
    for row in round_table_queries.meetings_today():
        url = url_for("ecosystem.meeting", meeting_id=row.id)
        yield Appointment(row.starts_at, _("圆桌会议"), url, "users-group", row.place)
    for owed in round_table_queries.owed_by_today(actor):
        url = url_for("ecosystem.committee_page", _anchor="resolutions")
        midnight = clock.start_of_day(owed.due_on + dt.timedelta(days=1))
        yield Appointment(midnight, owed.text, url, "gavel", _("决议"), due=True)


def figures(actor: Actor) -> Iterator[Figure]:
    """This room's key figure on the home page."""
    running = introductions_queries.count_running(actor)
    yield Figure(
        "heart-handshake", _("进行中的对接"), str(running), _("项"), url_for("ecosystem.introductions_page")
    )


def names() -> Iterator[Name]:
    """Needs and offers by their own words for their writers and for who sees the whole market; others search live."""
    for row in market_queries.open_posts():
        url = f"/ecosystem/posts/{row.id}"
        yield Name("post", str(row.id), row.title, "", url, roles.SEES_WHOLE_MARKET, row.organisation_id)


def search(actor: Actor, q: str) -> Iterator[Hit]:
    """Needs and offers as this reader may see them."""
    for row in market_queries.search(actor, q):
        title = row.title if market_queries.shows_identity(actor, row) else row.shown_title
        yield Hit(
            str(market_words.KINDS[row.kind]),
            title,
            row.shown_product,
            url_for("ecosystem.post", post_id=row.id),
        )


def _packs_of_prospect(actor: Actor, number: int) -> Iterator[Door]:
    """The packs made for a firm that may come, and a way to make one."""
    for pack in packs_queries.packs_for(number):
        text = _("服务包“%(name)s”", name=pack.name)
        yield Door(text, url_for("ecosystem.pack", pack_id=pack.id), "package")
    code = packs_queries.prospect_code(number)
    if code and actor.may(roles.MATCHES_PARTIES):
        yield Door(_("为它做一个服务包"), url_for("ecosystem.new_pack", prospect=code), "plus")


def doors(actor: Actor, kind: str, number: int) -> Iterator[Door]:
    """From a resource: say what is wrong with it. From a prospect: the packs made for it."""
    if kind == "prospect" and actor.may(roles.SEES_WHOLE_MARKET):
        yield from _packs_of_prospect(actor, number)
    if kind == "resource" and sight.is_matchmaker(actor):
        yield Door(_("反映问题或建议"), url_for("ecosystem.new_signal", resource=number), "message-report")


ROOM = Room(
    name="ecosystem",
    title=_l("生态协同"),
    icon="arrows-exchange",
    may_call=frozenset({"identity", "credits", "chain", "sharing", "policy"}),
    blueprints=[pages.bp],
    apis=[pages.api],
    nav=NAV,
    todos=todos,
    sections=sections,
    figures=figures,
    agenda=agenda,
    names=names,
    search=search,
    doors=doors,
    sheets=sheet.SHEETS,
    messages=MESSAGES,
    demo=demo.load,
    jobs_module="app.ecosystem.jobs",
    on_start=handlers.register,
)
