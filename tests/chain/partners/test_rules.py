"""Partners: what is learnt from known supply, and what holds of every proposal in any park."""

from __future__ import annotations

import random

from app.chain.partners.complementarity import STATED
from app.chain.partners.rules import Market, Profile, matches
from app.chain.register.facts import Chain, Input, Position, Segment, Supply
from tests.chain.plain import BASE

LINE = (Segment("ore"), Segment("wire")), (Input("ore", "wire", 0.5),)


def _park(chosen: str) -> Market:
    """Twelve wire firms, each buying ore from one of two: Big with much to spare, Friend who serves everybody.

    Both rows of the twelve are equal but for whom they buy from; Big can move all they need, Friend hardly anything.
    """
    wires = [f"W{n:02d}" for n in range(12)]
    positions = [Position("Big", "", "ore", 5000.0), Position("Friend", "", "ore", 60.0)]
    positions += [Position(w, "", "wire", 100.0) for w in wires]
    supplies = tuple(Supply(chosen, w, "ore", 5.0) for w in wires)
    return Market(Chain(*LINE, tuple(positions), supplies))


def test_a_park_that_goes_by_acquaintance_learns_that() -> None:
    friends = _park("Friend").learnt
    assert friends.choices == 12
    assert friends.weights.served > STATED.served
    assert friends.weights.movable < STATED.movable
    # Where the firms take the one who serves others and has most to spare, both gain on the rest.
    big = _park("Big").learnt
    assert big.weights.movable > friends.weights.movable
    assert (
        abs(
            sum(
                (
                    big.weights.movable,
                    big.weights.served,
                    big.weights.weight,
                    big.weights.fragile,
                    big.weights.habit,
                    big.weights.words,
                )
            )
            - 1
        )
        < 1e-3
    )


def test_few_rows_leave_the_stated_weights() -> None:
    chain = Chain(
        *LINE,
        tuple(Position(f, "", s, 10.0) for f, s in (("A", "ore"), ("B", "ore"), ("C", "wire"))),
        (Supply("A", "C", "ore", 2.0),),
    )
    learnt = Market(chain).learnt
    assert (learnt.weights, learnt.choices) == (STATED, 1)
    # need 5, bought 2, 10 to spare: movable 1, weight 1, one source, nobody alike: 0.40 + 0.20 + 0.15
    (match,) = Market(chain).matches("C", "suppliers")
    assert (match.enterprise, round(match.score, 9), match.value_wan) == ("B", 0.75, 3.0)


def test_capacity_and_words_count() -> None:
    chain = Chain(*LINE, (Position("A", "", "ore", 10.0), Position("C", "", "wire", 10.0)))
    plain = Market(chain).matches("C", "suppliers")[0]
    told = Market(chain, {"A": Profile({"ore": 2.0}, "铜杆"), "C": Profile({}, "铜杆拉丝")})
    match = told.matches("C", "suppliers")[0]
    # 2 of the 5 can be moved; 铜杆 is all of the one text
    assert (plain.value_wan, match.value_wan) == (5.0, 2.0)
    assert round(match.score, 9) == round(0.40 * 0.4 + 0.20 + 0.15 + 0.05, 9)
    assert match.open_score == plain.open_score
    # A capacity of 0 is known, and is nothing to spare.
    assert Market(chain, {"A": Profile({"ore": 0.0})}).matches("C", "suppliers")[0].value_wan == 0.0


def test_what_holds_in_any_park() -> None:
    for seed in range(60):
        draw = random.Random(seed)
        segments = [f"s{n}" for n in range(draw.randint(2, 5))]
        firms = [f"f{n}" for n in range(draw.randint(2, 9))]
        stands = {(f, s) for f in firms for s in segments if draw.random() < 0.4}
        positions = tuple(
            Position(f, "", s, draw.choice([0.0, 5.0, 80.0]), draw.random() < 0.8) for f, s in sorted(stands)
        )
        inputs = tuple(
            Input(a, b, draw.choice([0.0, 0.2, 1.5]))
            for a in segments
            for b in segments
            if draw.random() < 0.5
        )
        sales = {
            (draw.choice(firms), draw.choice(firms), draw.choice(segments)): draw.choice([0.0, 3.0, 500.0])
            for _ in range(draw.randint(0, 25))
        }
        supplies = tuple(Supply(*key, value) for key, value in sorted(sales.items()))
        chain = Chain(tuple(map(Segment, segments)), inputs, positions, supplies)
        market = Market(chain)
        shuffled = Market(Chain(chain.segments, inputs[::-1], positions[::-1], supplies[::-1]))
        inside = {(p.enterprise, p.segment) for p in positions if p.in_park}
        used = {(i.source, i.target) for i in inputs if i.coefficient > 0}
        for firm in firms:
            for side in ("suppliers", "customers"):
                found = market.matches(firm, side)
                assert [(m.enterprise, m.segment) for m in found] == [
                    (m.enterprise, m.segment) for m in shuffled.matches(firm, side)
                ]
                dealt = {b for a, b, _s in sales if a == firm} | {a for a, b, _s in sales if b == firm}
                for match in found:
                    assert match.enterprise != firm
                    assert match.enterprise not in dealt
                    seller, buyer = (
                        (match.enterprise, firm) if side == "suppliers" else (firm, match.enterprise)
                    )
                    assert (seller, match.segment) in inside
                    assert any((match.segment, t) in used for f, t in inside if f == buyer)
                    assert 0 <= match.open_score <= match.score + 1e-9 <= 1 + 1e-9
                    assert match.value_wan >= 0
                    assert match.reasons
                if found:
                    gone = {(found[0].enterprise, firm), (firm, found[0].enterprise)}
                    rest = {m.enterprise for m in market.matches(firm, side, gone)}
                    assert found[0].enterprise not in rest


def test_matches_leave_out_partners_outsiders_and_the_declined() -> None:
    found = matches(BASE, "C", "suppliers")
    assert [(m.enterprise, m.value_wan) for m in found] == [("B", 3.0)]  # 5 needed, 2 bought, 4 to spare
    assert [m.enterprise for m in matches(BASE, "B", "customers")] == ["C"]
    assert matches(BASE, "C", "suppliers", {("B", "C")}) == []
    assert matches(BASE, "A", "customers") == []
    both = Chain(BASE.segments, BASE.inputs, (*BASE.positions, Position("C", "", "ore", 1.0)), BASE.supplies)
    assert "C" not in {m.enterprise for m in matches(both, "C", "suppliers")}
