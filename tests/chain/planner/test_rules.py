"""What a set of newcomers does: sales, coverage and outlooks worked out by hand, and kept purchases that add up."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.chain.planner.chart import curve
from app.chain.planner.rules import coverage, outlook, purchases, scaled, turning_point, value_of
from app.chain.recruit.plan import recruit
from app.chain.recruit.rules import Candidate, Question

F = Fraction
# Panels need 0.5 of glass; glass needs 0.25 of sand. Two glass works and one sand pit could come.
PARK = Question(
    {"panel": F(800), "glass": F(100)},
    (("glass", "panel", F("0.5")), ("sand", "glass", F("0.25"))),
    (
        Candidate("A", (("glass", F(200)),), F(30)),
        Candidate("B", (("glass", F(300)), ("sand", F(10))), F(50)),
        Candidate("S", (("sand", F(90)),), F(10)),
    ),
)


def test_coverage_before_and_after() -> None:
    rows = {row.segment: row for row in coverage(PARK, {"A", "S"})}
    glass, sand = rows["glass"], rows["sand"]
    assert (glass.demand_before, glass.supply_after, glass.ratio_before, glass.ratio_after) == (
        400,
        300,
        F(1, 4),
        F(3, 4),
    )
    assert (sand.demand_before, sand.demand_after, sand.ratio_after, sand.missing_after) == (25, 75, 1, 0)
    assert [row.segment for row in coverage(PARK, {"A", "S"})] == ["glass", "sand"]


def test_which_demand_becomes_whose_purchase() -> None:
    """Glass: 400 wanted, 600 made with both works: each sells two thirds. Sand: 150 wanted, 10 made."""
    rows = [(row.seller, row.segment, row.buyer, row.value) for row in purchases(PARK, {"A", "B"})]
    assert rows == [
        ("B", "glass", "panel", F(200)),
        ("A", "glass", "panel", F(400, 3)),
        ("B", "sand", "glass", F(10)),
    ]


def test_the_plan_and_what_it_is_worth_if_all_outputs_come_out_low_or_high() -> None:
    """At 80: {A, B} keeps 400 + 10, {B, S} 400 + 100 (400 made, 100 of 100 sand): the second is best."""
    plan = recruit(Question(PARK.supply, PARK.inputs, PARK.candidates, budget=F(80)))
    assert (plan.chosen, plan.value) == (("B", "S"), F(500))
    assert value_of(PARK, {"B", "S"}) == F(500)
    low = scaled(PARK, {"B": F("0.5")}, up=False)
    # B makes 150 glass and 5 sand: 250 glass kept, 62.5 of sand wanted, 95 made.
    assert value_of(low, {"B", "S"}) == F("312.5")
    assert value_of(scaled(PARK, {"B": F(2)}, up=False), {"B"}) == F(100), (
        "an output never falls below nothing"
    )


def test_another_set_that_is_better_low_is_named_with_its_regret() -> None:
    """B alone keeps 300 + 10, A 200; at half its outputs B keeps 150 + 5 and A would have been better."""
    one = Question(PARK.supply, PARK.inputs, PARK.candidates, firms=1)
    assert recruit(one).chosen == ("B",)
    low = scaled(one, {"B": F("0.5")}, up=False)
    best = recruit(low)
    told = outlook("low", low, {"B"}, best)
    assert best.chosen == ("A",) and told.best_chosen == ("A",)
    assert told.regret == value_of(low, {"A"}) - value_of(low, {"B"}) > 0
    high = scaled(one, {"B": F("0.5")}, up=True)
    same = outlook("high", high, {"B"}, recruit(high))
    assert (same.regret, same.best_chosen) == (0, ("B",))


def test_where_one_more_adds_nothing() -> None:
    assert turning_point([(0, F(1)), (1, F(3)), (2, F(3))]) == 1
    assert turning_point([(0, F(1)), (1, F(2))]) is None
    assert turning_point([]) is None


def test_both_curves_share_their_axes() -> None:
    drawn = curve([(0, 100.0), (1, 150.0)], [(0, 100.0), (1, 200.0)])
    assert drawn.dots[0].y == drawn.free[0].y and drawn.free[1].y < drawn.dots[1].y
    assert [dot.step for dot in drawn.free] == [0.0, 100.0]


amounts = st.fractions(min_value=0, max_value=1000, max_denominator=20)


@given(
    panel=amounts,
    glass=amounts,
    made=st.lists(st.tuples(st.sampled_from(["panel", "glass", "sand"]), amounts), min_size=1, max_size=5),
)
def test_purchases_of_everybody_add_up_to_what_is_kept(panel: F, glass: F, made: list[tuple[str, F]]) -> None:
    """Sales of the newcomers never exceed what each segment needs, nor what each of them makes."""
    question = Question(
        {"panel": panel, "glass": glass},
        PARK.inputs,
        tuple(Candidate(f"C{n}", ((segment, output),)) for n, (segment, output) in enumerate(made)),
    )
    everybody = {one.code for one in question.candidates}
    sold: dict[tuple[str, str], F] = {}
    for row in purchases(question, everybody):
        sold[row.seller, row.segment] = sold.get((row.seller, row.segment), F(0)) + row.value
    for one in question.candidates:
        for segment, output in one.outputs:
            assert sold.get((one.code, segment), F(0)) <= output
    for covered in coverage(question, everybody):
        of_segment = sum(value for (_seller, segment), value in sold.items() if segment == covered.segment)
        assert of_segment <= covered.demand_after
        if not question.supply.get(covered.segment):
            assert of_segment == min(covered.demand_after, covered.supply_after)
