"""Where the segments stand on the map."""

from __future__ import annotations

from app.chain.map.rules import layout
from app.chain.register.facts import Input, Segment


def test_layout_keeps_stages_and_untangles_crossings() -> None:
    segments = [Segment(c, stage=0) for c in "abc"] + [Segment(c, stage=1) for c in "xyz"]
    inputs = [Input("a", "z", 1.0), Input("b", "y", 1.0), Input("c", "x", 1.0)]
    rows = {place.segment: place.row for place in layout(segments, inputs)}
    assert [rows[c] for c in "abc"] == [rows[c] for c in "zyx"]
    loop = layout([Segment("a"), Segment("b")], [Input("a", "b", 1.0), Input("b", "a", 1.0)])
    assert {place.column for place in loop} == {0}
