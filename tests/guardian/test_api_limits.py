"""A terminal with a fault, or one that guesses tokens, is told to wait and stops nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app import create_app
from app.hall.web.guards import limiter
from tests.conftest import running, settings_for
from tests.factories import Park


@pytest.fixture
def counted(database_url: str, tmp_path: Path) -> Iterator[Park]:
    """A park as it is served: the other tests' calls are not counted."""
    with running(create_app(settings_for(database_url, tmp_path, testing=False))) as app:
        park = Park(app)
        park.firm("E1")
        park.firm("E2")
        yield park
    limiter.enabled = False


def test_one_token_is_stopped_and_told_when_to_come_back(counted: Park) -> None:
    first, second = counted.api("e1"), counted.api("e2")
    answers = [first.get("/credits/account") for _ in range(601)]
    assert {answer.status_code for answer in answers[:600]} == {200}
    assert answers[0].headers["RateLimit-Limit"] == "600"
    assert answers[0].headers["RateLimit-Remaining"] == "599"
    assert 0 < int(answers[0].headers["RateLimit-Reset"]) <= 60
    stopped = answers[600]
    assert (stopped.status_code, stopped.mimetype) == (429, "application/problem+json")
    assert 0 < int(stopped.headers["Retry-After"]) <= 61
    assert first.get("/sharing/resources").status_code == 429, "the limit is one over all rooms"
    assert second.get("/credits/account").status_code == 200
