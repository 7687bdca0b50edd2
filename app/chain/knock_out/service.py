"""The supply rows of a chain made ready for knock-outs, once per data version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.chain.register.models import IndustryChain
from app.chain.register.service import chain_facts, kept

if TYPE_CHECKING:
    from app.chain.knock_out.rules import Network


def supply_network(chain: IndustryChain) -> Network:
    """The supply rows made ready for knock-outs, once per data version."""
    from app.chain.knock_out.rules import Network

    return kept("network", chain, "", lambda: Network(chain_facts(chain)))
