"""The API of the quarter of shared instruments."""

from __future__ import annotations

from fractions import Fraction

from app.hall.api.blueprint import listed_part
from app.hall.errors import Invalid
from app.hall.web.guards import current_actor, only
from app.identity.door import roles
from app.insight import schemas
from app.insight.pages import api
from app.insight.quarter import service, shapes
from app.insight.quarter.rules import Line, read_quarter


@api.get("/quarter")
@only(roles.READS_INSTRUMENT_QUARTER)
def show_quarter(query: schemas.QuarterQuery) -> shapes.Quarter:
    """A quarter of shared instruments: hours, share and yield of each and of all, with the four quarters before."""
    wanted = read_quarter(query.quarter) if query.quarter else service.newest()
    if wanted is None:
        raise Invalid("insight_not_a_quarter", value=query.quarter)
    found = service.report(current_actor(), wanted)
    return {
        "quarter": wanted.text,
        "all": _line(found.all),
        "trend": [{"quarter": quarter.text, **_line(one)} for quarter, one in found.trend],
        **listed_part(
            [
                {"name": one.name, "owner": one.owner or None, "category": one.category, **_line(one)}
                for one in found.lines
            ],
            query,
        ),
    }


def _line(one: Line) -> shapes.QuarterLine:
    return {
        "bookable_hours": one.bookable / 60,
        "effective_hours": one.effective / 60,
        "served_hours": one.served / 60,
        "share": _plain(one.share),
        "income_fen": one.income_fen,
        "value_fen": one.value_fen,
        "yield": _plain(one.yields),
    }


def _plain(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
