"""A round table wants a voice of each of six kinds."""

from __future__ import annotations

import pytest

from app.ecosystem.committee.rules import KINDS, missing_kinds


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        ([], KINDS),
        (list(KINDS), ()),
        (["park", "park", "bank"], ("enterprise", "university", "institute", "association")),
        (["stranger"], KINDS),
    ],
)
def test_kinds_nobody_stands_for(there: list[str], missing: tuple[str, ...]) -> None:
    assert missing_kinds(there) == missing
