"""What newcomers would buy and sell, worked out by hand, and that it reaches the risk range."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from app.chain.register.facts import Chain, Input, Position, Supply
from app.chain.risk.rules import risk_range
from app.chain.what_if.rules import expected_supplies, with_expected

# Ore goes into wire (0.5), wire into coil (0.4). W1 needs 0.5·200 = 100 of ore, W2 0.5·120 = 60.
PARK = Chain(
    inputs=(Input("ore", "wire", 0.5), Input("wire", "coil", 0.4)),
    positions=(
        Position("M", "", "ore", 40.0),
        Position("W1", "", "wire", 200.0),
        Position("W2", "", "wire", 120.0),
        Position("C", "", "coil", 300.0),
    ),
    supplies=(
        Supply("M", "W1", "ore", 40.0),
        Supply("OUT", "W1", "ore", 50.0),
        Supply("OUT", "W2", "ore", 60.0),
        Supply("W1", "C", "wire", 100.0),
    ),
)


def rows(supplies) -> dict[tuple[str, str, str], float]:
    return {(row.supplier, row.customer, row.segment): pytest.approx(row.value_wan) for row in supplies}


def with_newcomers(*positions: Position) -> Chain:
    return replace(PARK, positions=(*PARK.positions, *positions))


def test_a_newcomer_sells_to_who_needs_most() -> None:
    """N makes 80 of ore. Unmet by the park: W1 100 − 40 = 60, W2 60; so 40 each, and of 50 and 60 from outside 20 each stay."""
    chain = with_newcomers(Position("N", "", "ore", 80.0))
    assert rows(expected_supplies(chain, ["N"])) == {("N", "W1", "ore"): 40, ("N", "W2", "ore"): 40}
    after = rows(with_expected(chain, expected_supplies(chain, ["N"])).supplies)
    assert after == {
        ("M", "W1", "ore"): 40,
        ("W1", "C", "wire"): 100,
        ("N", "W1", "ore"): 40,
        ("N", "W2", "ore"): 40,
        ("OUT", "W1", "ore"): 20,
        ("OUT", "W2", "ore"): 20,
    }


def test_two_newcomers_share_and_buy_from_spare() -> None:
    """N1 and N2 (100 and 140 of ore) meet an unmet 60 + 60 + 30 of W1, W2 and the new wire maker X: 150 in all, 240 offered.

    X (60 of wire, needs 30 of ore) sells all to C, who lacks 0.4·300 − 100 = 20 only: 20.
    """
    chain = with_newcomers(
        Position("N1", "", "ore", 100.0), Position("N2", "", "ore", 140.0), Position("X", "", "wire", 60.0)
    )
    # each maker's part of 150: 62.5 and 87.5; each user's part: 0.4, 0.4, 0.2
    assert rows(expected_supplies(chain, ["N1", "N2", "X"])) == {
        ("N1", "W1", "ore"): 25,
        ("N1", "W2", "ore"): 25,
        ("N1", "X", "ore"): 12.5,
        ("N2", "W1", "ore"): 35,
        ("N2", "W2", "ore"): 35,
        ("N2", "X", "ore"): 17.5,
        ("X", "C", "wire"): 20,
    }
    # nothing is bought outside any more
    assert not [
        row
        for row in with_expected(chain, expected_supplies(chain, ["N1", "N2", "X"])).supplies
        if row.supplier == "OUT"
    ]


def test_a_newcomer_buys_what_the_park_has_to_spare() -> None:
    """A coil maker Y (400) needs 160 of wire; W1 has 200 − 100 = 100 to spare, W2 120: 220 for 160, in proportion."""
    chain = with_newcomers(Position("Y", "", "coil", 400.0))
    assert rows(expected_supplies(chain, ["Y"])) == {
        ("W1", "Y", "wire"): 160 * 100 / 220,
        ("W2", "Y", "wire"): 160 * 120 / 220,
    }


def test_nothing_to_meet_gives_no_rows() -> None:
    assert expected_supplies(with_newcomers(Position("N", "", "coil", 0.0)), ["N"]) == ()
    lone = Chain(positions=(Position("N", "", "ore", 5.0),), inputs=(Input("ore", "ore", 0.5),))
    assert expected_supplies(lone, ["N"]) == (), "what it uses of its own is no sale"


def test_the_order_of_rows_changes_nothing() -> None:
    new = [Position("N1", "", "ore", 70.0), Position("X", "", "wire", 33.0)]
    chain = with_newcomers(*new)
    draw = random.Random(3)
    shuffled = replace(
        chain,
        positions=tuple(draw.sample(chain.positions, len(chain.positions))),
        supplies=tuple(draw.sample(chain.supplies, len(chain.supplies))),
    )
    assert rows(expected_supplies(chain, ["N1", "X"])) == rows(expected_supplies(shuffled, ["X", "N1"]))


def test_the_newcomer_enters_the_risk() -> None:
    """All ore from one new firm: when it fails W1 loses 40 of 100, W2 40 of 60; nobody else makes ore but M (40) and OUT."""
    chain = with_newcomers(Position("N", "", "ore", 80.0))
    before = {row.enterprise: row for row in risk_range(chain)}
    after = {row.enterprise: row for row in risk_range(with_expected(chain, expected_supplies(chain, ["N"])))}
    assert before["N"].high == 0
    assert after["N"].low > 0
    assert after["OUT"].high < before["OUT"].high
