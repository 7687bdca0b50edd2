"""Random small parks for the property tests; `PARKLINK_LONG=1` asks for five thousand of each kind."""

from __future__ import annotations

import os

from hypothesis import strategies as st

from app.chain.register.facts import Chain, Essentiality, Input, Position, Segment, Supply

LONG = bool(os.environ.get("PARKLINK_LONG"))


SEGMENTS = ["a", "b", "c", "d"]


FIRMS = [f"F{n}" for n in range(7)]


amounts = st.sampled_from([0.0, 0.1, 1.0, 2.5, 3.0, 7.0])


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    pairs = st.sampled_from([(x, y) for x in SEGMENTS for y in SEGMENTS])
    inputs = draw(st.dictionaries(pairs, st.sampled_from([0.0, 0.05, 0.3, 1.0]), max_size=8))
    firm_on = st.tuples(st.sampled_from(FIRMS), st.sampled_from(SEGMENTS))
    positions = draw(st.dictionaries(firm_on, st.tuples(amounts, st.booleans()), max_size=8))
    sale = st.tuples(st.sampled_from([*FIRMS, "X"]), st.sampled_from(FIRMS), st.sampled_from(SEGMENTS))
    supply = draw(st.dictionaries(sale, amounts, max_size=16))
    kinds = draw(
        st.dictionaries(pairs, st.sampled_from(["essential", "non_essential", "negligible"]), max_size=5)
    )
    return Chain(
        segments=tuple(Segment(code) for code in SEGMENTS),
        inputs=tuple(Input(*pair, value) for pair, value in inputs.items()),
        positions=tuple(Position(f, "", s, value, park) for (f, s), (value, park) in positions.items()),
        supplies=tuple(Supply(*key, value) for key, value in supply.items()),
        essentiality=tuple(Essentiality(*pair, kind) for pair, kind in kinds.items()),
    )
