"""What landing writes, by hand and in general; the steps of the pipeline."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chain.actions.rules import advice
from app.chain.prospects.rules import ORDER, Candidate, Situation, decide_landing, fit, ground, may_move
from app.chain.register.facts import Chain, Input, Position, Segment
from app.chain.weak_links.rules import assess
from app.chain.what_if.rules import kept_in_park
from app.hall.errors import Conflict, Invalid

NOW = Situation(
    state="signed",
    adds=(("cathode", 4000.0), ("recycling", 30.0)),
    brings_segments=(Segment("recycling", "回收"), Segment("cathode", "另一个名字")),
    brings_inputs=(Input("recycling", "cathode", 0.2), Input("cathode", "cell", 0.9)),
    segments=frozenset({"cathode", "cell"}),
    inputs=frozenset({("cathode", "cell")}),
    standing=frozenset({"cathode"}),
)


def test_what_is_there_stays_and_what_is_new_comes() -> None:
    found = decide_landing(NOW)
    assert found.segments == (Segment("recycling", "回收"),)
    assert found.inputs == (Input("recycling", "cathode", 0.2),)
    assert found.new_positions == (("recycling", 30.0),)
    assert found.moved_positions == (("cathode", 4000.0),)


def test_the_later_output_of_a_segment_counts() -> None:
    found = decide_landing(replace(NOW, adds=(("cell", 1.0), ("cell", 2.0))))
    assert found.new_positions == (("cell", 2.0),)


def test_every_unknown_segment_is_told() -> None:
    now = replace(NOW, adds=(("foil", 1.0),), brings_inputs=(Input("binder", "cell", 0.1),))
    with pytest.raises(Invalid) as refused:
        decide_landing(now)
    assert [reason.params["value"] for reason in refused.value.reasons] == ["binder", "foil"]


@pytest.mark.parametrize("state", [state for state in (*ORDER, "lost") if state != "signed"])
def test_only_who_has_signed_lands(state: str) -> None:
    with pytest.raises(Conflict):
        decide_landing(replace(NOW, state=state))


CODES = st.sampled_from("abcd")


@given(
    adds=st.lists(st.tuples(CODES, st.integers(0, 9).map(float)), max_size=4),
    brought=st.lists(CODES, max_size=4),
    known=st.frozensets(CODES),
    standing=st.frozensets(CODES),
)
def test_every_noted_segment_gets_its_firm_exactly_once(
    adds: list[tuple[str, float]], brought: list[str], known: frozenset[str], standing: frozenset[str]
) -> None:
    now = Situation(
        "signed", tuple(adds), tuple(map(Segment, brought)), (), known, frozenset(), standing & known
    )
    wanted = {code for code, _output in adds}
    if not wanted <= known | set(brought):
        with pytest.raises(Invalid):
            decide_landing(now)
        return
    found = decide_landing(now)
    codes = [code for code, _output in (*found.new_positions, *found.moved_positions)]
    assert sorted(codes) == sorted(wanted)
    assert {row.code for row in found.segments} == set(brought) - known
    assert {code for code, _output in found.moved_positions} <= now.standing


def test_one_step_at_a_time() -> None:
    allowed = {(a, b) for a in (*ORDER, "lost") for b in (*ORDER, "lost") if may_move(a, b)}
    steps = set(pairwise(ORDER))
    assert allowed == steps | {(state, "lost") for state in ORDER[:-1]}


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
