"""What the clock does by itself; each job may come late and makes good what it missed."""

from __future__ import annotations

from typing import Any

from app.hall.jobs import every, on, task
from app.identity import door as identity
from app.sharing.bookings import deadlines, feeds
from app.sharing.catalogue import sheets
from app.sharing.lending import licences
from app.sharing.planning import service as rounds
from app.sharing.use import payment, receipts


@every(minutes=1, batch=deadlines.batch_unanswered)
def expire_requests() -> None:
    """Requests that the owner did not answer and offers nobody took."""
    deadlines.expire_requests()


@on(identity.PASSWORD_REPLACED)
def end_feeds(payload: dict[str, Any]) -> None:
    """Whoever knew the old password may know the addresses of the calendars too."""
    feeds.end_feeds(int(payload["member_id"]))


@on(sheets.WORDS_CHANGED)
def index_listed(payload: dict[str, Any]) -> None:
    """Resources that came in a sheet are found by their words."""
    sheets.index_words(payload["ids"])


@every(minutes=5, batch=deadlines.batch_missed)
def mark_no_shows() -> None:
    deadlines.mark_no_shows()


@every(minutes=30, batch=payment.batch_due)
def settle_due() -> None:
    payment.settle_due()


@every(minutes=60, unasked="only tells, once a week")
def remind_late_payers() -> None:
    """Once a week per payer, about everything that is past its day."""
    receipts.remind()


@every(minutes=60, batch=licences.batch_over)
def expire_licences() -> None:
    licences.expire_licences()


@task("sharing.plan")
def plan(payload: dict[str, Any]) -> None:
    """One planning round; the round itself remembers how far it is."""
    rounds.work_on(int(payload["run"]))


@every(minutes=1, unasked="a round only proposes, and begins anew")
def restart_lost_rounds() -> None:
    rounds.restart_lost_rounds()
