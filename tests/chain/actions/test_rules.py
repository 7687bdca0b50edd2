"""What to do about a segment, and what a firm that comes does for the chain."""

from __future__ import annotations

from app.chain.actions.rules import MOVES, advice, kind_for_firm
from app.chain.register.facts import Chain, Input, Position, Segment
from app.chain.weak_links.rules import assess

# Cells need cathode (nobody makes it), casing (one firm makes a tenth) and foil (two firms, covered).
CHAIN = Chain(
    segments=tuple(map(Segment, ("cathode", "casing", "foil", "cell", "membrane"))),
    inputs=(
        Input("cathode", "cell", 0.4),
        Input("casing", "cell", 0.1),
        Input("foil", "cell", 0.05),
        Input("membrane", "foil", 0.0),
    ),
    positions=(
        Position("A", "甲", "cell", 1000.0),
        Position("B", "乙", "casing", 90.0),
        Position("C", "丙", "foil", 25.0),
        Position("D", "丁", "foil", 25.0),
    ),
)


def test_advice_by_hand() -> None:
    """400 of cathode are missing, casing lacks 10 of 100 and hangs on one firm, nobody makes membrane beside foil."""
    found = [(row.segment, row.kind, row.shortfall_wan) for row in advice(CHAIN, assess(CHAIN))]
    assert found == [
        ("cathode", "fill", 400.0),
        ("casing", "strengthen", 10.0),
        ("cell", "strengthen", 0.0),
        ("membrane", "extend", 0.0),
    ]


def test_the_recycler_extends() -> None:
    """It brings a link the chain does not have, though it also makes what is missing."""
    found = assess(CHAIN)
    assert kind_for_firm(CHAIN, found, ["cathode", "recycling"], ["recycling"]) == "extend"


def test_who_makes_what_is_missing_fills_and_who_makes_what_is_thin_strengthens() -> None:
    found = assess(CHAIN)
    assert kind_for_firm(CHAIN, found, ["cathode", "casing"], []) == "fill"
    assert kind_for_firm(CHAIN, found, ["casing"], []) == "strengthen"
    assert kind_for_firm(CHAIN, found, ["foil"], []) == "extend"
    # a segment that came with an earlier firm is known: it is judged like any other
    assert kind_for_firm(CHAIN, found, ["casing"], ["casing"]) == "strengthen"


def test_what_has_ended_stays_ended() -> None:
    assert {state for state, moves in MOVES.items() if not moves} == {"relieved", "dropped"}
