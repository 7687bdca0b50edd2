"""Linkages, upstreamness, relatedness, layout, matches and fits on tables worked out by hand or published."""

from __future__ import annotations

import pytest

from app.chain.assessment import assess
from app.chain.facts import Chain, Input, Position, Segment, Supply, with_added, without_firms
from app.chain.layout import layout
from app.chain.matching import matches
from app.chain.recruiting import Candidate, advice, fit, ground, kept_in_park
from app.chain.strength import leontief_inverse, linkages, location_quotient, relatedness, upstreamness

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


def test_layout_keeps_stages_and_untangles_crossings() -> None:
    segments = [Segment(c, stage=0) for c in "abc"] + [Segment(c, stage=1) for c in "xyz"]
    inputs = [Input("a", "z", 1.0), Input("b", "y", 1.0), Input("c", "x", 1.0)]
    rows = {place.segment: place.row for place in layout(segments, inputs)}
    assert [rows[c] for c in "abc"] == [rows[c] for c in "zyx"]
    loop = layout([Segment("a"), Segment("b")], [Input("a", "b", 1.0), Input("b", "a", 1.0)])
    assert {place.column for place in loop} == {0}


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


def test_matches_leave_out_partners_outsiders_and_the_declined() -> None:
    found = matches(BASE, "C", "suppliers")
    assert [(m.enterprise, m.value_wan) for m in found] == [("B", 3.0)]  # 5 needed, 2 bought, 4 to spare
    assert [m.enterprise for m in matches(BASE, "B", "customers")] == ["C"]
    assert matches(BASE, "C", "suppliers", {("B", "C")}) == []
    assert matches(BASE, "A", "customers") == []
    both = Chain(BASE.segments, BASE.inputs, (*BASE.positions, Position("C", "", "ore", 1.0)), BASE.supplies)
    assert "C" not in {m.enterprise for m in matches(both, "C", "suppliers")}


def test_fit_closes_opens_and_keeps() -> None:
    chain = Chain(
        segments=(Segment("ore"), Segment("wire"), Segment("cable")),
        inputs=(Input("ore", "wire", 0.5), Input("wire", "cable", 1.0)),
        positions=(
            Position("K", "", "cable", 100.0),
            Position("W", "", "wire", 40.0),
            Position("O", "", "ore", 20.0),
        ),
    )
    before = assess(chain)
    found = fit(ground(chain, before), Candidate("P", "P", (("wire", 30.0),)))
    # gap of wire 60: 30 closed; ore then lacks 15; wire kept +30, ore demand met stays 20
    assert (found.relieved_wan, found.added_wan, found.kept_wan) == (30.0, 15.0, 30.0)
    # 0.6·30/60 + 0.2·15/15 (20 of ore are made) + 0.2·30/30
    assert found.score == pytest.approx(0.6 * 0.5 + 0.2 + 0.2)
    assert kept_in_park(before) == 60.0
    assert [(row.segment, row.kind) for row in advice(chain, before)] == [
        ("wire", "fill"),
        ("cable", "strengthen"),
        ("ore", "strengthen"),
    ]


def test_firms_come_and_go_in_a_what_if() -> None:
    assert len(without_firms(BASE, ["A"]).supplies) == 0
    landed = with_added(BASE, [Position("O", "", "ore", 50.0)])
    assert assess(landed).finding("ore").supply_wan == 57.0
