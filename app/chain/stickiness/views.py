"""The list of firms by confirmed local links, those at risk first."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.chain.limits import ROWS_PER_PAGE
from app.chain.pages import bp
from app.chain.stickiness.rules import Stickiness
from app.chain.stickiness.service import firms_at_risk_first
from app.chain.stickiness.words import STATES
from app.hall import clock
from app.hall.files import list_export
from app.hall.files.spreadsheet import Value
from app.hall.web.guards import only
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import roles

SORTS: dict[str, Any] = {
    "risk": None,
    "name": lambda row: row[0].name,
    "confirmed": lambda row: row[1].confirmed,
    "lapsed": lambda row: row[1].lapsed,
}


@bp.get("/stickiness")
@only(roles.SEES_CHAINS)
def stickiness_list() -> ResponseReturnValue:
    everybody = firms_at_risk_first()
    listing = Listing.from_request(SORTS, "risk", ("state",), per_page=ROWS_PER_PAGE)
    word = listing.q.lower()
    asked = [row for row in everybody if word in f"{row[0].code} {row[0].name_zh} {row[0].name_en}".lower()]
    shown = [row for row in asked if listing.filters["state"] in ("", row[1].state)]
    if (key := SORTS[listing.sort]) is not None:
        shown.sort(key=key, reverse=listing.desc)
    if list_export.wanted():
        heads = (
            _("编号"),
            _("企业"),
            _("状态"),
            _("已确认"),
            _("逾年未再确认"),
            _("登记未确认"),
            _("最近确认"),
        )
        return list_export.answer(_("企业黏性"), "stickiness", heads, map(_line, shown))
    return render_template(
        "chain/stickiness/stickiness.html",
        page=listing.slice(shown),
        listing=listing,
        total=len(asked),
        counts=Counter(one.state for _firm, one in asked),
        words=STATES,
    )


def _line(row: tuple[identity.OrganisationInfo, Stickiness]) -> tuple[Value, ...]:
    firm, one = row
    last = clock.day_of(one.last) if one.last else None
    return firm.code, firm.name, str(STATES[one.state][0]), one.confirmed, one.lapsed, one.unconfirmed, last
