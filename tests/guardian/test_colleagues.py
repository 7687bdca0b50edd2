"""Whatever one member does, a colleague's page does not wait for it: opening a page asks for no lock that a writer holds."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.hall.db.facts import keep_fact
from app.hall.db.transaction import transaction
from tests import conftest
from tests.factories import Park
from tests.guardian.pages import walk

PATIENCE = 120  # seconds after which a page that waits is given up


@contextmanager
def writing(park: Park) -> Iterator[None]:
    """Somebody has written and does not commit."""
    begun, over = threading.Event(), threading.Event()

    def hold() -> None:
        with park.app.app_context(), transaction() as session:
            keep_fact("held", "yes")
            session.flush()
            begun.set()
            over.wait(2 * PATIENCE)

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert begun.wait(PATIENCE)
        yield
    finally:
        over.set()
        holder.join()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("login", ["e01", "park"])
def test_pages_open_while_somebody_writes(park: Park, login: str) -> None:
    park.staff()
    park.firm("E01")
    client = park.browse(login)
    opened: list[int] = []
    with writing(park):
        conftest._locks.clear()
        reader = threading.Thread(target=lambda: opened.append(len(walk(client, limit=60).pages)))
        reader.start()
        reader.join(PATIENCE)
        assert opened, "a page waits for a writer"
        assert conftest._locks == [], "opening a page wrote"
    assert opened[0] > 40
