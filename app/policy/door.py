"""What other rooms may call of this room; nothing else of it may be called from outside."""

from __future__ import annotations

from app.policy.cases.money import PAID, MoneyDays, money_days
from app.policy.desk.service import PolicyFit, days_from_push_to_money, fits_of_firm, fits_of_prospect
from app.policy.words import fact_title

__all__ = [
    "PAID",
    "MoneyDays",
    "PolicyFit",
    "days_from_push_to_money",
    "fact_title",
    "fits_of_firm",
    "fits_of_prospect",
    "money_days",
]
