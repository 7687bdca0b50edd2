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
from app.sharing.service.catalogue import Found, Search, facets, find, free_of, owners
from app.sharing.service.demand import refused_demand
from app.sharing.service.listing import (
    bookings_between,
    bookings_statement,
    list_bookings,
    quote_out,
    use_out,
    waitlist_out,
)
from app.sharing.service.loading import get_resource, park_terms
from app.sharing.service.outages import declare as declare_outage
from app.sharing.service.outages import list_outages
from app.sharing.service.outages import withdraw as withdraw_outage
from app.sharing.service.reports import Use, utilisation, visible_resources
from app.sharing.service.reports import total as total_use
from app.sharing.service.resources import (
    CATEGORIES,
    NewPatent,
    NewRate,
    NewTalent,
    add_unit,
    drop_exception,
    edit,
    list_resource,
    put_back,
    set_exception,
    set_holiday,
    take_down,
)
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

__all__ = [
    "CATEGORIES",
    "Found",
    "NewPatent",
    "NewRate",
    "NewTalent",
    "Quote",
    "Search",
    "Use",
    "accept_offer",
    "add_unit",
    "adjust",
    "approve",
    "book",
    "bookings_between",
    "bookings_statement",
    "cancel",
    "declare_outage",
    "dispute",
    "drop_exception",
    "edit",
    "facets",
    "find",
    "free_of",
    "get_booking",
    "get_resource",
    "history",
    "join_waitlist",
    "leave_waitlist",
    "list_bookings",
    "list_entries",
    "list_outages",
    "list_resource",
    "log_own_use",
    "log_use",
    "move",
    "owners",
    "park_terms",
    "put_back",
    "quote",
    "quote_out",
    "refused_demand",
    "reject",
    "set_exception",
    "set_holiday",
    "start_use",
    "stop_use",
    "take_down",
    "total_use",
    "use_out",
    "utilisation",
    "view_booking",
    "visible_resources",
    "waitlist_out",
    "withdraw_outage",
]
