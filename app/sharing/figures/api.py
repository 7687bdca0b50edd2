"""The API of figures: utilisation and refused wishes."""

from __future__ import annotations

import datetime as dt
from typing import cast

from app.hall import clock
from app.hall.api.blueprint import listed, listed_part
from app.hall.api.shapes import Listed
from app.hall.errors import Invalid
from app.hall.web.guards import current_actor, signed_in
from app.sharing.bookings import demand
from app.sharing.calendar.park_time import iso
from app.sharing.catalogue.schemas import (
    SpanQuery,
)
from app.sharing.figures import answers, shapes
from app.sharing.figures import service as figures
from app.sharing.figures.schemas import UtilisationQuery
from app.sharing.pages import api


def _check_period(query: SpanQuery) -> None:
    if query.to <= query.from_ or query.to - query.from_ > dt.timedelta(days=1100):
        raise Invalid("booking_span")


@api.get("/refused-demand")
@signed_in
def refused_demand(query: SpanQuery) -> Listed[shapes.RefusedDemand]:
    """Wishes refused in this time, by class of instrument: at one's own resources, or for the park's people at all.

    Counts only: `organisations` says how many asked, never who.
    """
    _check_period(query)
    items = cast("list[shapes.RefusedDemand]", demand.demand_for(current_actor(), query.from_, query.to))
    return listed(items, len(items))


@api.get("/utilisation")
@signed_in
def utilisation(query: UtilisationQuery) -> shapes.Utilisation:
    """Per resource and in all: bookable, own and shared hours, ratio; for what the reader may see."""
    _check_period(query)
    resources = figures.visible_resources(current_actor())
    uses = figures.utilisation(resources, query.from_, query.to)
    items: list[shapes.ResourceUse] = [
        {"resource": r.id, "name": r.name, **answers.use_out(uses[r.id])} for r in resources
    ]
    return {
        **listed_part(items, query),
        "all": answers.use_out(figures.total_use(list(uses.values()))),
        "from": iso(query.from_),
        "to": iso(query.to),
        "made_at": iso(clock.now()),
    }
