"""One demo park per module: thousands of hostile requests would be slow with a fresh park each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app import create_app
from tests.conftest import Databases, running, settings_for
from tests.factories import Park


def _hostile_park(
    backend: str, databases: Databases, factory: pytest.TempPathFactory, **settings: bool
) -> Iterator[Park]:
    folder = factory.mktemp(f"hostile-{backend}")
    with (
        databases.copy(backend, folder, with_demo=True) as url,
        running(create_app(settings_for(url, folder, **settings))) as app,
    ):
        yield Park(app)


@pytest.fixture(scope="module")
def busy_park(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Park]:
    """The demo park on SQLite, shared by the tests of one file."""
    yield from _hostile_park("sqlite", databases, tmp_path_factory)


@pytest.fixture(scope="module")
def busy_pg_park(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Park]:
    """The demo park on PostgreSQL, shared by the tests of one file."""
    yield from _hostile_park("postgresql", databases, tmp_path_factory)
