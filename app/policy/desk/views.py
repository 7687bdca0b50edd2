"""The officer's desk: firms by state, questions left open, near misses, calibration."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.hall.web.guards import current_actor, only
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import roles
from app.policy import words
from app.policy.desk import service as desk
from app.policy.fits.models import Fit
from app.policy.pages import bp
from app.policy.versions import service as versions

LISTS = ("push", "ask", "near")


@bp.get("/desk", endpoint="desk")
@only(roles.SEES_POLICIES)
def desk_page() -> ResponseReturnValue:
    """The machine takes the clear cases; here is what needs a person."""
    actor = current_actor()
    sees_firms = actor.may(roles.SEES_MONTHLY_FACTS_OF_ALL_FIRMS)
    listing = Listing.from_request({"fit": Fit.met * 1.0 / Fit.total}, "fit", ("list",), desc=True)
    chosen = listing.filters["list"] if listing.filters["list"] in LISTS else "late"
    page, firms = None, {}
    if sees_firms:
        statement = desk.fits_statement("" if chosen == "late" else chosen, overdue=chosen == "late")
        page = listing.page(statement, Fit.id, scalars=False)
        firms = identity.organisations_by_id({fit.organisation_id for fit, _v, _c in page.items}, actor)
    return render_template(
        "policy/desk.html",
        listing=listing,
        chosen=chosen,
        page=page,
        firms=firms,
        counts=desk.count_by_state(),
        calibration=desk.calibration(),
        versions_waiting=versions.waiting_for(actor),
        may_import=actor.may(roles.KEEPS_POLICIES),
        sees_firms=sees_firms,
        **words.NAMES,
    )
