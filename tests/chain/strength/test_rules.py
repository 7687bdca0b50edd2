"""Strength and place against the textbooks."""

from __future__ import annotations

import pytest

from app.chain.register.facts import Chain, Input, Position, Segment
from app.chain.strength.rules import leontief_inverse, linkages, location_quotient, relatedness, upstreamness

# Miller, Blair, Input–Output Analysis (2nd ed. 2009), chapter 2: two sectors.
TWO = [Input("1", "1", 0.15), Input("1", "2", 0.25), Input("2", "1", 0.20), Input("2", "2", 0.05)]


def test_leontief_inverse_of_the_textbook() -> None:
    inverse = leontief_inverse(["1", "2"], TWO)
    assert inverse is not None
    assert [[round(x, 4) for x in row] for row in inverse.tolist()] == [[1.2541, 0.3300], [0.2640, 1.1221]]


def test_linkages_average_one() -> None:
    rows = linkages(["1", "2"], TWO)
    # column sums 1.5181 and 1.4521 of 2.9703
    assert [row.backward for row in rows] == pytest.approx(
        [2 * 1.518152 / 2.970297, 2 * 1.452145 / 2.970297], rel=1e-5
    )
    assert sum(row.forward for row in rows) == pytest.approx(2)
    assert linkages(["a"], [Input("a", "a", 1.5)]) == []


def test_upstreamness_counts_steps_to_final_use() -> None:
    line = Chain(
        segments=tuple(Segment(c) for c in "abc"),
        inputs=(Input("a", "b", 1.0), Input("b", "c", 1.0)),
        positions=tuple(Position(c, "", c, 10.0) for c in "abc"),
    )
    assert upstreamness(line).values == {"a": 3.0, "b": 2.0, "c": 1.0}
    ring = Chain(line.segments, (*line.inputs, Input("c", "a", 1.0)), line.positions)
    found = upstreamness(ring)
    assert found.by_layers
    assert set(found.values.values()) == {1.0}


def test_upstreamness_is_the_row_sum_of_the_published_output_inverse() -> None:
    """Miller, Blair, section 12.1: outputs 1000 and 2000, G = (1.254 0.660; 0.132 1.122)."""
    chain = Chain(
        segments=(Segment("1"), Segment("2")),
        inputs=tuple(TWO),
        positions=(Position("A", "", "1", 1000.0), Position("B", "", "2", 2000.0)),
    )
    found = upstreamness(chain)
    assert not found.by_layers
    assert found.values == pytest.approx({"1": 1.254 + 0.660, "2": 0.132 + 1.122}, abs=1e-3)


def test_location_quotient_of_the_textbook() -> None:
    """Farhauer, Kröll, Standorttheorien (2013): 1,714 of 79,006 here, 879,213 of 15,593,224 there."""
    here = {"it": 1714, "rest": 79006 - 1714}
    there = {"it": 879213, "rest": 15593224 - 879213}
    assert location_quotient(here, there)["it"] == pytest.approx(0.3847623, abs=5e-8)
    # What the region does not speak of distorts nothing; what it lacks has no quotient.
    assert location_quotient(here | {"unknown": 9e9}, there)["it"] == pytest.approx(0.3847623, abs=5e-8)
    assert location_quotient(here, {"it": 0.0, "rest": 1.0})["it"] is None


def test_relatedness_falls_back_and_says_so() -> None:
    rows = [Position(f"F{n}", "", s, 1.0) for n in range(4) for s in "ab"] + [Position("G", "", "c", 1.0)]
    by_code = {row.segment: row for row in relatedness(rows, ["a"])}
    assert by_code["b"].density == 1.0
    assert by_code["c"].by_popularity
    assert by_code["c"].density == 0.25
