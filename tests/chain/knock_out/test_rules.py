"""Knock-outs against the definition, word by word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from app.chain.knock_out.rules import Network
from app.chain.register.facts import Chain
from tests.chain.drawn import LONG, chains


def plain_stops(chain: Chain, start: str) -> tuple[set[str], int]:
    """The definition, word by word, one round after the other."""
    kind = {(row.source, row.target): row.kind for row in chain.essentiality}
    stands: dict[str, set[str]] = {}
    for row in chain.positions:
        stands.setdefault(row.enterprise, set()).add(row.segment)
    needs: dict[str, dict[str, set[str]]] = {}
    for sale in chain.supplies:
        own = stands.get(sale.customer, {None})
        if any(kind.get((sale.segment, target), "essential") == "essential" for target in own):  # type: ignore[arg-type]
            needs.setdefault(sale.customer, {}).setdefault(sale.segment, set()).add(sale.supplier)
    stopped, rounds = {start}, 0
    while True:
        new = {
            firm
            for firm, wanted in needs.items()
            if firm not in stopped and any(suppliers <= stopped for suppliers in wanted.values())
        }
        if not new:
            return stopped - {start}, rounds
        stopped |= new
        rounds += 1


@settings(max_examples=5000 if LONG else 200, deadline=None)
@given(chains())
def test_knock_out_is_the_least_fixed_point(chain: Chain) -> None:
    network = Network(chain)
    all_at_once = {row.enterprise: row for row in network._all_at_once(0)}
    made: dict[str, float] = {}
    for row in chain.positions:
        made[row.enterprise] = made.get(row.enterprise, 0.0) + (row.output_wan or 0.0)
    for firm in network.firms:
        stopped, rounds = plain_stops(chain, firm)
        outcome = network.outcome(firm)
        assert outcome.stopped == len(stopped)
        assert outcome.depth == rounds
        sold = {f: sum(s.value_wan for s in chain.supplies if s.supplier == f) for f in stopped}
        assert outcome.halted_output_wan == pytest.approx(sum(made.get(f, sold[f]) for f in stopped))
        assert all_at_once[firm] == outcome
        listed = network.stops(firm)
        assert {stop.enterprise for stop in listed} == stopped
        for stop in listed:
            assert stop.path[0] == firm
            assert stop.path[-1] == stop.enterprise
            assert len(stop.path) == stop.depth + 1
