"""Use cases of the sharing room, and what the ecosystem room may ask it."""

from app.sharing.service.booking import (
    Quote,
    approve,
    book,
    cancel,
    get_booking,
    move,
    quote,
    reject,
    view_booking,
)
from app.sharing.service.catalogue import Found, Search, details_of, facets, find, free_of, owners
from app.sharing.service.counting import Pending, bookings_ahead, pending_counts
from app.sharing.service.demand import demand_for, refused_demand
from app.sharing.service.feeds import create_feed, feed_ical, list_feeds, revoke_feed
from app.sharing.service.lapsing import expire_requests, mark_no_shows
from app.sharing.service.licences import (
    decide as decide_licence,
)
from app.sharing.service.licences import (
    expire_licences,
    licences_of,
    my_licences,
    request_licence,
)
from app.sharing.service.licences import (
    terminate as terminate_licence,
)
from app.sharing.service.listing import (
    bookings_between,
    bookings_statement,
    list_bookings,
    quote_out,
    series_of,
    use_out,
    waitlist_out,
)
from app.sharing.service.loading import get_resource, park_terms
from app.sharing.service.maintenance import Due, add_plan, check_plans, plans_of
from app.sharing.service.maintenance import done as plan_done
from app.sharing.service.outages import declare as declare_outage
from app.sharing.service.outages import list_outages
from app.sharing.service.outages import withdraw as withdraw_outage
from app.sharing.service.paying import (
    credit_allowance,
    issue_vouchers,
    payment_of,
    settle_due,
    vouchers_of,
)
from app.sharing.service.placements import (
    agree as agree_placement,
)
from app.sharing.service.placements import (
    answer as answer_placement,
)
from app.sharing.service.placements import (
    begin as begin_placement,
)
from app.sharing.service.placements import (
    consent_link,
    find_consent,
    my_placements,
    placements_of,
    request_placement,
    revealed_name,
)
from app.sharing.service.placements import (
    end as end_placement,
)
from app.sharing.service.reports import Use, utilisation, visible_resources
from app.sharing.service.reports import total as total_use
from app.sharing.service.resources import (
    CATEGORIES,
    KINDS,
    NewPatent,
    NewRate,
    NewTalent,
    add_unit,
    drop_exception,
    edit,
    list_exceptions,
    list_resource,
    put_back,
    set_exception,
    take_down,
)
from app.sharing.service.series import SeriesResult, book_series, misfit_out
from app.sharing.service.sheets import COLUMNS as SHEET_COLUMNS
from app.sharing.service.sheets import resources_xlsx
from app.sharing.service.statement_files import statement_pdf, statement_xlsx
from app.sharing.service.statements import month_of, next_month, statement
from app.sharing.service.using import (
    adjust,
    dispute,
    history,
    log_own_use,
    log_use,
    start_use,
    stop_use,
)
from app.sharing.service.waiting import accept as accept_offer
from app.sharing.service.waiting import join as join_waitlist
from app.sharing.service.waiting import leave as leave_waitlist
from app.sharing.service.waiting import list_entries
from app.sharing.service.waiting import positions as waiting_positions

__all__ = [
    "CATEGORIES",
    "KINDS",
    "SHEET_COLUMNS",
    "Due",
    "Found",
    "NewPatent",
    "NewRate",
    "NewTalent",
    "Pending",
    "Quote",
    "Search",
    "SeriesResult",
    "Use",
    "accept_offer",
    "add_plan",
    "add_unit",
    "adjust",
    "agree_placement",
    "answer_placement",
    "approve",
    "begin_placement",
    "book",
    "book_series",
    "bookings_ahead",
    "bookings_between",
    "bookings_statement",
    "cancel",
    "check_plans",
    "consent_link",
    "create_feed",
    "credit_allowance",
    "decide_licence",
    "declare_outage",
    "demand_for",
    "details_of",
    "dispute",
    "drop_exception",
    "edit",
    "end_placement",
    "expire_licences",
    "expire_requests",
    "facets",
    "feed_ical",
    "find",
    "find_consent",
    "free_of",
    "get_booking",
    "get_resource",
    "history",
    "issue_vouchers",
    "join_waitlist",
    "leave_waitlist",
    "licences_of",
    "list_bookings",
    "list_entries",
    "list_exceptions",
    "list_feeds",
    "list_outages",
    "list_resource",
    "log_own_use",
    "log_use",
    "mark_no_shows",
    "misfit_out",
    "month_of",
    "move",
    "my_licences",
    "my_placements",
    "next_month",
    "owners",
    "park_terms",
    "payment_of",
    "pending_counts",
    "placements_of",
    "plan_done",
    "plans_of",
    "put_back",
    "quote",
    "quote_out",
    "refused_demand",
    "reject",
    "request_licence",
    "request_placement",
    "resources_xlsx",
    "revealed_name",
    "revoke_feed",
    "series_of",
    "set_exception",
    "settle_due",
    "start_use",
    "statement",
    "statement_pdf",
    "statement_xlsx",
    "stop_use",
    "take_down",
    "terminate_licence",
    "total_use",
    "use_out",
    "utilisation",
    "view_booking",
    "visible_resources",
    "vouchers_of",
    "waiting_positions",
    "waitlist_out",
    "withdraw_outage",
]
