"""The room's state machines: every step leads to a state of the same machine."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from app.ecosystem.introductions import rules as introductions_rules
from app.ecosystem.market import rules as market_rules
from app.ecosystem.matches import rules as matches_rules
from app.ecosystem.projects import rules as projects_rules
from app.ecosystem.round_table import rules as round_table_rules


@pytest.mark.parametrize(
    "machine",
    [
        market_rules.POST,
        matches_rules.MATCH,
        introductions_rules.INTRODUCTION,
        round_table_rules.RESOLUTION,
        projects_rules.TRANSFER,
    ],
)
def test_machines_have_no_way_out_of_their_ends(machine: Mapping[str, tuple[str, ...]]) -> None:
    for steps in machine.values():
        assert set(steps) <= set(machine)
