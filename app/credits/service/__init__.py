"""Use cases of the credits room, and what higher rooms may ask of it."""

from app.credits.service.accounts import AccountSummary, account_summary, available_credits
from app.credits.service.fulfilment import Fulfilment, FulfilmentOrder, register_fulfilment
from app.credits.service.review import award
from app.credits.service.spending import capture_spending, give_back, release_spending, spend_on

__all__ = [
    "AccountSummary",
    "Fulfilment",
    "FulfilmentOrder",
    "account_summary",
    "available_credits",
    "award",
    "capture_spending",
    "give_back",
    "register_fulfilment",
    "release_spending",
    "spend_on",
]
