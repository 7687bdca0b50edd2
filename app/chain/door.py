"""What other rooms may call of this room; nothing else of it may be called from outside."""

from __future__ import annotations

from app.chain.firms.contributions import Brief, brief_of
from app.chain.limits import LEAST_FIRMS
from app.chain.orders.service import links_agreed
from app.chain.prospects.queries import keyed_adds_of as adds_of
from app.chain.prospects.queries import list_prospects, prospect_name
from app.chain.register.contributions import (
    Fillers,
    Heard,
    Thing,
    register_fill,
    register_heard,
    register_share,
)
from app.chain.register.service import chain_facts, chain_name, segment_keys
from app.chain.register.service import live_chains as list_chains
from app.chain.weak_links.service import assessment

__all__ = [
    "LEAST_FIRMS",
    "Brief",
    "Fillers",
    "Heard",
    "Thing",
    "adds_of",
    "assessment",
    "brief_of",
    "chain_facts",
    "chain_name",
    "links_agreed",
    "list_chains",
    "list_prospects",
    "prospect_name",
    "register_fill",
    "register_heard",
    "register_share",
    "segment_keys",
]
