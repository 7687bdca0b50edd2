"""The API of payments: list them, mark those that have come."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.hall.api.blueprint import listed
from app.hall.api.fields import ApiModel, PageQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.db.paging import part
from app.hall.web.guards import current_actor, signed_in
from app.sharing.calendar.park_time import iso
from app.sharing.fields import Id
from app.sharing.pages import api
from app.sharing.use import receipts, shapes
from app.sharing.use.models import Payment


class PaymentQuery(PageQuery):
    side: Literal["user", "owner"] = "user"
    state: Literal["", "open", "overdue", "received"] = ""


class ReceivedBody(ApiModel):
    """One transfer often pays several charges."""

    payments: list[Id] = Field(min_length=1, max_length=receipts.MOST_AT_ONCE)
    reference: str = Field(min_length=1, max_length=receipts.LONGEST_REFERENCE)


def _out(row: Payment) -> shapes.Payment:
    return {
        "id": row.id,
        "booking": row.booking_id,
        "amount_fen": row.amount_fen,
        "voucher_fen": row.voucher_fen,
        "credits_fen": row.credits_fen,
        "cash_fen": row.cash_fen,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "received_at": iso(row.received_at) if row.received_at else None,
        "reference": row.reference or None,
    }


@api.get("/payments")
@signed_in
def list_payments(query: PaymentQuery) -> Listed[shapes.Payment]:
    """The money part of what was closed; what is due first comes first."""
    statement = receipts.payments_statement(current_actor().organisation_id, query.side, query.state)
    ordered = statement.with_only_columns(Payment).order_by(Payment.due_on, Payment.id)
    rows, total = part(ordered, query.limit, query.offset)
    return listed([_out(row) for row in rows], total)


@api.post("/payments/received")
@signed_in
@idempotent
def mark_received(body: ReceivedBody) -> shapes.PaymentsReceived:
    """The owner has the money: all of these payments carry the reference of the transfer."""
    rows = receipts.receive(current_actor(), body.payments, body.reference)
    return {"items": [_out(row) for row in rows]}
