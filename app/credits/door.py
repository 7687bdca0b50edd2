"""What other rooms may call of this room; nothing else of it may be called from outside."""

from __future__ import annotations

from app.credits.claims.review import award
from app.credits.claims.service import approved_claims
from app.credits.ledger.accounts import (
    all_available_credits,
    available_credits,
    earned_in,
    twelve_months,
)
from app.credits.ledger.memos import memo
from app.credits.ledger.payments import capture_spending, release_spending, spend_on
from app.credits.ledger.statement import earned_by_firm
from app.credits.park.reports import FirmFlow, flows_by_firm, park_figures
from app.credits.rewards.catalogue import current
from app.credits.rewards.fulfilment import Fulfilment, FulfilmentOrder, register_fulfilment

__all__ = [
    "FirmFlow",
    "Fulfilment",
    "FulfilmentOrder",
    "all_available_credits",
    "approved_claims",
    "available_credits",
    "award",
    "capture_spending",
    "current",
    "earned_by_firm",
    "earned_in",
    "flows_by_firm",
    "memo",
    "park_figures",
    "register_fulfilment",
    "release_spending",
    "spend_on",
    "twelve_months",
]
