"""A park that listens."""

from __future__ import annotations

import pytest

from tests.factories import Park
from tests.voice.crew import Crew


@pytest.fixture
def crew(park: Park) -> Crew:
    return Crew(park)
