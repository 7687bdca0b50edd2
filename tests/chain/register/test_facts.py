"""Firms come and go in the plain rows."""

from __future__ import annotations

from app.chain.register.facts import Position, with_added, without_firms
from app.chain.weak_links.rules import assess
from tests.chain.plain import BASE


def test_firms_come_and_go_in_a_what_if() -> None:
    assert len(without_firms(BASE, ["A"]).supplies) == 0
    landed = with_added(BASE, [Position("O", "", "ore", 50.0)])
    assert assess(landed).finding("ore").supply_wan == 57.0
