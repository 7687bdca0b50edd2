"""A park that can work on problems."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.problems.reports import authors
from tests.factories import Park
from tests.problems.team import Keeper, Team


@pytest.fixture
def team(park: Park) -> Team:
    return Team(park)


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    """The room above, until the test is over."""
    before = list(authors._keepers)
    yield Keeper.registered()
    authors._keepers[:] = before
