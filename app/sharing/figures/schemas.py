"""Which period somebody wants figures of."""

from __future__ import annotations

from app.hall.api.fields import PartQuery
from app.sharing.catalogue.schemas import SpanQuery


class UtilisationQuery(SpanQuery, PartQuery):
    """A period, and a part of the list."""
