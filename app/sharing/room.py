"""What the sharing room brings to the house."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.credits.door import register_fulfilment
from app.hall.rooms import Appointment, Figure, Hit, Name, NavItem, Room, Todo
from app.hall.text import units
from app.identity.door import Actor, roles
from app.sharing import demo, ties
from app.sharing.bookings import api as bookings_api
from app.sharing.bookings import counts as bookings_counts
from app.sharing.bookings import views as bookings_views
from app.sharing.bookings import views_feeds, views_series, views_timeline
from app.sharing.bookings import words as bookings_words
from app.sharing.catalogue import api as catalogue_api
from app.sharing.catalogue import (
    api_rates,
    search,
    views_files,
    views_form,
    views_pools,
    views_rates,
    views_sheets,
)
from app.sharing.catalogue import views as catalogue_views
from app.sharing.catalogue import words as catalogue_words
from app.sharing.cli import sharing
from app.sharing.figures import api as figures_api
from app.sharing.figures import views as figures_views
from app.sharing.lending import api as lending_api
from app.sharing.lending import views as lending_views
from app.sharing.lending import words as lending_words
from app.sharing.outages import api as outages_api
from app.sharing.outages import views as outages_views
from app.sharing.outages import words as outages_words
from app.sharing.pages import api, bp
from app.sharing.park_terms import api as park_terms_api
from app.sharing.park_terms import sheet as days_sheet
from app.sharing.park_terms import starter, views_days
from app.sharing.park_terms import views as park_terms_views
from app.sharing.park_terms import words as park_terms_words
from app.sharing.planning import api as planning_api
from app.sharing.planning import views as planning_views
from app.sharing.planning import words as planning_words
from app.sharing.qualifications import api as qualifications_api
from app.sharing.qualifications import views as qualifications_views
from app.sharing.qualifications import words as qualifications_words
from app.sharing.use import api as use_api
from app.sharing.use import api_receipts, payment, views_desk, views_label, views_receipts, views_statements
from app.sharing.use import sheet as usage_sheet
from app.sharing.use import views as use_views
from app.sharing.use import words as use_words

ROUTES = (
    bookings_api,
    bookings_views,
    views_feeds,
    views_timeline,
    views_series,
    catalogue_api,
    api_rates,
    catalogue_views,
    views_form,
    views_files,
    views_pools,
    views_rates,
    views_sheets,
    figures_api,
    figures_views,
    lending_api,
    lending_views,
    outages_api,
    outages_views,
    park_terms_api,
    park_terms_views,
    views_days,
    planning_api,
    planning_views,
    qualifications_api,
    qualifications_views,
    use_api,
    use_views,
    views_desk,
    views_label,
    views_statements,
    views_receipts,
    api_receipts,
)
"""Their import adds the pages and calls to the two blueprints."""

WORDS = (
    bookings_words,
    catalogue_words,
    lending_words,
    outages_words,
    park_terms_words,
    planning_words,
    qualifications_words,
    use_words,
)


def _badge(actor: Actor) -> int:
    counts = bookings_counts.owners_counts(actor)
    return counts.to_decide + counts.disputes


def _todos(actor: Actor) -> Iterator[Todo]:
    counts = bookings_counts.pending_counts(actor)
    if counts.to_decide:
        yield Todo(_("预约申请待审批"), url_for("sharing.desk"), counts.to_decide, "calendar-check")
    if counts.disputes:
        yield Todo(
            _("费用异议待处理"),
            url_for("sharing.desk", tab="bookings", state="disputed"),
            counts.disputes,
            "receipt",
        )
    if counts.offers:
        yield Todo(
            _("候补名额待确认"), url_for("sharing.bookings", tab="waitlist"), counts.offers, "hourglass"
        )


def _agenda(actor: Actor) -> Iterator[Appointment]:
    """Today's bookings of this reader's organisation."""
    for row, name in bookings_counts.bookings_today(actor):
        yield Appointment(
            row.start_at, name, url_for("sharing.booking", booking_id=row.id), "calendar-event", row.purpose
        )


def _figures(actor: Actor) -> Iterator[Figure]:
    ahead, minutes = bookings_counts.bookings_ahead(actor)
    yield Figure(
        "calendar-check",
        _("未来七天的预约"),
        str(ahead),
        _("场"),
        url_for("sharing.bookings"),
        _("%(hours)s 小时", hours=units.hours(minutes)),
    )


def _names() -> Iterator[Name]:
    """What is in the catalogue, for everybody."""
    for row in search.listed_names():
        yield Name(
            "resource", str(row.id), row.name, row.model, f"/sharing/resources/{row.id}", words=(row.model,)
        )


def _search(actor: Actor, q: str) -> Iterator[Hit]:
    found, _total = search.find(search.Search(q=q, reader=actor), 8)
    for item in found:
        row = item.resource
        place = " · ".join(x for x in (row.model, f"{row.building} {row.place}".strip()) if x)
        yield Hit(
            str(catalogue_words.KIND_NAMES[row.kind]),
            row.name,
            place,
            url_for("sharing.resource", resource_id=row.id),
        )


def _load_demo() -> None:
    demo.load()


def _on_start() -> None:
    register_fulfilment("instrument_voucher", _l("仪器机时券"), payment.issue_vouchers)
    ties.register()
    starter.register()


ROOM = Room(
    name="sharing",
    title=_l("资源共享"),
    icon="packages",
    may_call=frozenset({"identity", "credits"}),
    blueprints=[bp],
    apis=[api],
    nav=[
        NavItem("sharing.resources", "packages", _l("共享资源"), "resources", subject=_l("共享资源")),
        NavItem(
            "sharing.timeline",
            "calendar-time",
            _l("仪器预约"),
            "resources",
            subject=_l("预约"),
            bottom=True,
            short=_l("预约"),
        ),
        NavItem("sharing.bookings", "calendar-check", _l("我的预约"), "resources", subject=_l("预约")),
        NavItem("sharing.wishes", "wand", _l("弹性申请"), "resources", subject=_l("预约")),
        NavItem(
            "sharing.desk",
            "clipboard-check",
            _l("设备共享管理"),
            "resources",
            roles.OFFERS_RESOURCES,
            badge=_badge,
        ),
        NavItem("sharing.lending", "certificate", _l("许可与人才合作"), "resources"),
        NavItem("sharing.utilisation", "gauge", _l("利用率报告"), "insight", subject=_l("成绩单与利用率")),
        NavItem("sharing.park_terms", "scale", _l("共享条款"), "park", roles.SEES_SHARING_TERMS),
    ],
    todos=_todos,
    figures=_figures,
    agenda=_agenda,
    names=_names,
    search=_search,
    messages={code: text for words in WORDS for code, text in words.MESSAGES.items()},
    cli=[sharing],
    demo=_load_demo,
    sheets=(*views_sheets.SHEETS, *usage_sheet.SHEETS, *days_sheet.SHEETS),
    jobs_module="app.sharing.jobs",
    on_start=_on_start,
)
