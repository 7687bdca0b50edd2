"""Pages of what is still to be transferred, and what has come."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.hall import clock
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok
from app.hall.web.guards import current_actor, signed_in
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import roles
from app.sharing import access
from app.sharing.bookings.models import Booking
from app.sharing.pages import bp
from app.sharing.use import receipts
from app.sharing.use.models import Payment


@bp.get("/payments")
@signed_in
def payments() -> ResponseReturnValue:
    """The money part of what was closed: open, late, received with its transfer reference."""
    actor = current_actor()
    side = "owner" if request.args.get("side") == "owner" else "user"
    state = request.args.get("state", "")
    state = state if state in receipts.STATES else "open"
    sorts = {"due": Payment.due_on, "start": Booking.start_at, "amount": Payment.cash_fen}
    listing = Listing.from_request(sorts, "due", desc=state == "received")
    page = listing.page(
        receipts.payments_statement(actor.organisation_id, side, state), Payment.id, scalars=False
    )
    others = [r.Resource.owner_id if side == "user" else r.Booking.organisation_id for r in page.items]
    return render_template(
        "sharing/use/payments.html",
        side=side,
        state=state,
        listing=listing,
        page=page,
        others=others,
        names=identity.organisations_by_id(others, known=actor),
        late=receipts.overdue(actor.organisation_id, side),
        today=clock.today(),
        may_mark=side == "owner" and (access.can_list(actor) or actor.may(roles.RUNS_ALL_RESOURCES)),
    )


@bp.post("/payments/received")
@signed_in
def mark_received() -> ResponseReturnValue:
    """One transfer often pays several charges: all that are ticked get its reference."""
    ids = [number for number in map(whole, request.form.getlist("payment")) if number is not None]
    rows = receipts.receive(current_actor(), ids, request.form.get("reference", ""))
    flash_ok(ngettext("已登记 %(num)s 笔到账。", "已登记 %(num)s 笔到账。", len(rows)))
    return redirect(url_for("sharing.payments", side="owner"), 303)


@bp.post("/payments/<int:payment_id>/reopen")
@signed_in
def reopen_payment(payment_id: int) -> ResponseReturnValue:
    receipts.take_back(current_actor(), payment_id)
    flash_ok(_("已改回未到账。"))
    return redirect(url_for("sharing.payments", side="owner"), 303)
