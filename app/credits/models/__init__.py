"""The rows of the credits room; the ledger's own are written by its triggers only."""

from app.credits import sqlite_hash as sqlite_hash  # registers the hash function before the first connection
from app.credits.models.claims import Appeal, Claim, ClaimStep, EarnRule, Evidence, EvidenceFile, Proposal
from app.credits.models.ledger import Account, Entry, Lot, LotAlloc, Period, Seal, Transfer
from app.credits.models.rewards import ExpiryNotice, Redemption, RedemptionStep, Reward, VenueDay

__all__ = [
    "Account",
    "Appeal",
    "Claim",
    "ClaimStep",
    "EarnRule",
    "Entry",
    "Evidence",
    "EvidenceFile",
    "ExpiryNotice",
    "Lot",
    "LotAlloc",
    "Period",
    "Proposal",
    "Redemption",
    "RedemptionStep",
    "Reward",
    "Seal",
    "Transfer",
    "VenueDay",
]
