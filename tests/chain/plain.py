"""A small park of plain rows for the tests of the pure files."""

from __future__ import annotations

from app.chain.register.facts import Chain, Input, Position, Segment, Supply

BASE = Chain(
    segments=(Segment("ore"), Segment("wire")),
    inputs=(Input("ore", "wire", 0.5),),
    positions=(
        Position("A", "", "ore", 3.0),
        Position("B", "", "ore", 4.0),
        Position("C", "", "wire", 10.0),
        Position("O", "", "ore", 99.0, in_park=False),
    ),
    supplies=(Supply("A", "C", "ore", 2.0),),
)
