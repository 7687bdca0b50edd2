"""What other rooms may call of this room; nothing else of it may be called from outside."""

from __future__ import annotations

from app.identity.door import roles
from app.sharing.bookings.board import next_free_of
from app.sharing.bookings.demand import refused_demand, refused_of
from app.sharing.catalogue.models import Resource
from app.sharing.catalogue.records import resources_by_id
from app.sharing.catalogue.search import Search, details_of, find, listed, listed_equipment
from app.sharing.catalogue.topics import resources_about
from app.sharing.catalogue.words import category_name
from app.sharing.figures.service import (
    minutes_by_user,
    minutes_used,
    open_spans,
    total_use,
    utilisation,
    utilisation_between,
    visible_resources,
)
from app.sharing.lending.licences import licences_begun, licences_of
from app.sharing.listeners import on_equipment, on_equipment_gone, on_outage_page
from app.sharing.outages.service import cover, outage_hours, uncover

READERS = roles.SEES_SHARING_FIGURES

__all__ = [
    "READERS",
    "Resource",
    "Search",
    "category_name",
    "cover",
    "details_of",
    "find",
    "licences_begun",
    "licences_of",
    "listed",
    "listed_equipment",
    "minutes_by_user",
    "minutes_used",
    "next_free_of",
    "on_equipment",
    "on_equipment_gone",
    "on_outage_page",
    "open_spans",
    "outage_hours",
    "refused_demand",
    "refused_of",
    "resources_about",
    "resources_by_id",
    "total_use",
    "uncover",
    "utilisation",
    "utilisation_between",
    "visible_resources",
]
