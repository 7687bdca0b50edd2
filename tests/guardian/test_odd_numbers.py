"""Digits that are none, numbers without end, days at the edges of the calendar: in every argument a page reads.

Which arguments those are is not listed anywhere: each page is opened once and its reading is watched.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.datastructures import ImmutableMultiDict

from app.hall.web.request import ParkRequest
from tests.factories import Park
from tests.guardian.pages import paths_of
from tests.guardian.test_fuzz_api import reported
from tests.guardian.test_fuzz_pages import Reader

ODD = (
    "①",
    "²",
    "9" * 5000,
    "1e300",
    "NaN",
    "-1",
    "0",
    "0001-01-01",
    "9999-12-31",
    "0001-01",
    "9999-12",
    "0001",
    "9999",
    "0001-W01",
    "9999-W52",
    "0001-01-01T00:00",
    "9999-12-31T23:59:59+08:00",
    "Infinity",
    "1.5",
)
LONG = os.environ.get("PARKLINK_LONG", "") == "1"
EACH = (
    len(ODD) if LONG else 2
)  # values for each argument of each page; which ones goes round with the argument
LOGINS = ("park", "e01", "secretary") if LONG else ("park",)
COSTLY = ("pdf", "xlsx", "report", "export", "sign-out")


class Watched(ImmutableMultiDict[str, str]):
    """Arguments that remember by which name they were asked for."""

    asked: set[str]

    def get(self, key: Any, *args: Any, **more: Any) -> Any:
        self.asked.add(str(key))
        return super().get(key, *args, **more)

    def getlist(self, key: Any, *args: Any, **more: Any) -> Any:
        self.asked.add(str(key))
        return super().getlist(key, *args, **more)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    names: set[str] = set()
    plain = ParkRequest.args.func

    def watched(request: ParkRequest) -> Watched:
        found = Watched(plain(request))
        found.asked = names
        return found

    monkeypatch.setattr(ParkRequest, "args", property(watched))
    yield names


def rounds() -> Iterator[tuple[str, ...]]:
    """The values for one argument after the other."""
    at = 0
    while True:
        yield tuple(ODD[(at + step) % len(ODD)] for step in range(EACH))
        at += EACH


@pytest.mark.parametrize("login", LOGINS)
def test_no_page_stumbles_over_an_odd_number(busy_park: Park, asked: set[str], login: str) -> None:
    reader = Reader(busy_park, login)
    values = rounds()
    tried = 0
    for _endpoint, path in paths_of(busy_park.app, "GET", (1,)):
        if any(word in path for word in COSTLY):
            continue
        asked.clear()
        reader.send("GET", path)
        for name in sorted(asked - {"lang", "next"}):
            for value in next(values):
                tried += 1
                reader.send("GET", path, query_string={name: value})
    assert tried > 100  # the watching works
    assert not reader.broken, reported(reader.broken)
