"""Many members, one hour, two server processes on one database: one winner each time, and every loser is told why.

Twenty members in the daily suite; `PARKLINK_LONG=1` makes it two hundred members and ten rounds of each kind.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import json
import multiprocessing
import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.sharing.bookings.models import Booking
from app.sharing.calendar.models import OccupiedSlot
from app.sharing.calendar.park_time import interval
from app.sharing.calendar.rules import slots_of
from app.sharing.states import BLOCKING
from tests.factories import Park

LONG = bool(os.environ.get("PARKLINK_LONG"))
MEMBERS, ROUNDS = (200, 10) if LONG else (20, 1)
ALWAYS = [{"weekday": day, "from": "00:00", "to": "24:00"} for day in range(1, 8)]
HOUR = dt.timedelta(hours=1)
fork = multiprocessing.get_context("fork")

pytestmark = [pytest.mark.storm, pytest.mark.timeout(3600 if LONG else 300)]
Answer = tuple[int, Any]


class Crowd:
    """Members with one open connection each, spread over the servers, who all call at the same moment."""

    def __init__(self, park: Park, ports: list[int]) -> None:
        park.firm("OWNER")
        self.owner = park.api("owner")
        self.tokens = []
        for number in range(MEMBERS):
            park.firm(f"M{number:03d}")
            self.tokens.append(park.api(f"m{number:03d}").headers)
        self.connections = [
            http.client.HTTPConnection("127.0.0.1", ports[n % len(ports)], timeout=240)
            for n in range(MEMBERS)
        ]
        self.monday = clock.today() + dt.timedelta(days=14 - clock.today().weekday())
        self.rounds = 0

    def instrument(self, **terms: Any) -> int:
        body = {
            "kind": "equipment",
            "name": "质谱仪",
            "price_fen_per_hour": 31_000,
            "opening": ALWAYS,
            "approval": "automatic",
            "step_minutes": 15,
            "min_minutes": 15,
            "max_minutes": 480,
            "buffer_minutes": 10,
        }
        answer = self.owner.post("/sharing/resources", body | terms)
        assert answer.status_code == 201, answer.json
        return int(answer.json["id"])

    def hour(self, resource: int, number: int, **more: Any) -> dict[str, Any]:
        """The `number`-th pair of hours of the week; the second one of the pair stays free for the buffer."""
        start = clock.at(self.monday, 0) + 2 * number * HOUR
        return {"resource": resource, "start": start.isoformat(), "end": (start + HOUR).isoformat(), **more}

    def at_once(self, calls: list[tuple[str, Any] | None]) -> list[Answer]:
        """`calls[n]` is what the n-th member posts: a path and a body, or nothing."""
        self.rounds += 1
        asking = [n for n, call in enumerate(calls) if call is not None]
        gate = threading.Barrier(len(asking))

        def one(number: int) -> Answer:
            path, body = calls[number]  # type: ignore[misc]
            headers = {**self.tokens[number], "Content-Type": "application/json"}
            if number % 2:  # every other member protects itself against sending twice
                headers["Idempotency-Key"] = f"round-{self.rounds}-{number}"
            connection = self.connections[number]
            connection.close()  # the server may have closed one that had nothing to say for long
            connection.connect()
            gate.wait()
            connection.request("POST", f"/api/v1/sharing{path}", json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())

        with ThreadPoolExecutor(len(asking)) as pool:
            return list(pool.map(one, asking))


@pytest.fixture
def crowd(park: Park) -> Iterator[Crowd]:
    with contextlib.ExitStack() as stack:
        ports = [stack.enter_context(_server(park)) for _ in range(2)]
        made = Crowd(park, ports)
        yield made
        for connection in made.connections:
            connection.close()


@contextlib.contextmanager
def _server(park: Park) -> Iterator[int]:
    """A process that serves the park as the one command does."""
    from waitress import serve

    with park.app.app_context():  # no open connection is inherited
        db.session.remove()
        db.engine.dispose()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])

    def run() -> None:
        serve(
            park.app, host="127.0.0.1", port=port, threads=8, connection_limit=4000, backlog=2048, _quiet=True
        )

    process = fork.Process(target=run, daemon=True)
    process.start()
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.join(10)


def one_winner(answers: list[Answer], won: int = 201) -> Any:
    """What the one winner got; everybody else has a 409 with reasons."""
    winners = [body for status, body in answers if status == won]
    losers = [body for status, body in answers if status == 409]
    assert (len(winners), len(losers)) == (1, len(answers) - 1), sorted({status for status, _ in answers})
    return winners[0]


def told(answers: list[Answer], codes: set[str], alternatives: bool = True) -> None:
    for status, body in answers:
        if status == 409:
            assert {reason["code"] for reason in body["reasons"]} == codes
            assert all(reason["message"] for reason in body["reasons"])
            assert bool(body.get("alternatives")) == alternatives


def nothing_overlaps(park: Park) -> None:
    """Slot by slot: what is occupied is what the blocking bookings hold, and each slot is held once."""
    with park.app.app_context():
        rows = db.session.scalars(sa.select(Booking).where(Booking.state.in_(sorted(BLOCKING))))
        expected = [
            (row.unit_id, slot)
            for row in rows
            for slot in slots_of(interval(row.hold_start_at, row.hold_end_at))
        ]
        assert len(expected) == len(set(expected))
        held = db.session.execute(sa.select(OccupiedSlot.unit_id, OccupiedSlot.slot))
        assert sorted(tuple(row) for row in held) == sorted(expected)


@pytest.mark.parametrize("approval", ["automatic", "owner"])
def test_everybody_wants_the_same_hour(crowd: Crowd, park: Park, approval: str) -> None:
    resource = crowd.instrument(approval=approval)
    for number in range(ROUNDS):
        answers = crowd.at_once([("/bookings", crowd.hour(resource, number))] * MEMBERS)
        got = one_winner(answers)
        told(answers, {"taken"})
        assert got["state"] == ("confirmed" if approval == "automatic" else "requested")
        if approval == "owner":  # the owner's people decide it several times at once; it is decided once
            verbs = ("approve", "reject")
            tokens, crowd.tokens = crowd.tokens, [crowd.owner.headers] * MEMBERS
            answers = crowd.at_once([(f"/bookings/{got['id']}/{verbs[n % 2]}", {}) for n in range(MEMBERS)])
            crowd.tokens = tokens
            assert one_winner(answers, 200)["state"] in ("confirmed", "rejected")
    nothing_overlaps(park)


def test_everybody_moves_onto_the_same_hour(crowd: Crowd, park: Park) -> None:
    resource = crowd.instrument(approval="automatic")
    answers = crowd.at_once([("/bookings", crowd.hour(resource, n + ROUNDS)) for n in range(MEMBERS)])
    assert {status for status, _ in answers} == {201}
    held = [body["id"] for _, body in answers]
    for number in range(ROUNDS):
        target = crowd.hour(resource, number)
        del target["resource"]
        calls: list[tuple[str, Any] | None] = [(f"/bookings/{one}/move", target) for one in held]
        answers = crowd.at_once(calls)
        got = one_winner(answers)
        told(answers, {"taken"})
        held[held.index(got["replaces"])] = got["id"]
    mine = [
        crowd.owner.get(f"/sharing/bookings/{one}").json["state"] for one in held
    ]  # whoever could not move keeps what it had
    assert set(mine) == {"confirmed"}
    nothing_overlaps(park)


def test_series_and_single_hours_meet(crowd: Crowd, park: Park) -> None:
    resource = crowd.instrument(approval="automatic", horizon_days=365)
    for number in range(ROUNDS):
        first = crowd.hour(resource, number)
        third = first | {
            edge: (dt.datetime.fromisoformat(first[edge]) + dt.timedelta(weeks=2)).isoformat()
            for edge in ("start", "end")
        }
        answers = crowd.at_once(
            [
                ("/booking-series", first | {"weeks": 4}) if n % 4 else ("/bookings", third)
                for n in range(MEMBERS)
            ]
        )
        got = one_winner(answers)  # the series holds the third week, and the single hour breaks every series
        told([a for a in answers if "misfits" not in a[1]], {"taken"})
        assert len(got.get("bookings", [got])) in (1, 4)
        for _status, body in answers:
            for misfit in body.get("misfits") or []:
                assert misfit["reasons"][0]["code"] == "taken"
    nothing_overlaps(park)


def test_freed_time_goes_to_one(crowd: Crowd, park: Park) -> None:
    """One gives its hour up while all others book it and wait for it: it is sold once, or offered once."""
    resource = crowd.instrument(approval="automatic")
    for number in range(ROUNDS):
        wish = crowd.hour(resource, number)
        holder = crowd.at_once([("/bookings", wish), *[None] * (MEMBERS - 1)])[0][1]["id"]
        calls: list[tuple[str, Any] | None] = [(f"/bookings/{holder}/cancel", {})]
        calls += [("/waitlist" if n % 3 == 0 else "/bookings", wish) for n in range(1, MEMBERS)]
        answers = crowd.at_once(calls)
        assert answers[0][0] == 200
        assert {status for status, _ in answers} <= {200, 201, 409}
        booked = sum(status == 201 and body["state"] == "confirmed" for status, body in answers)
        with park.app.app_context():
            offered = db.session.scalar(
                sa.select(sa.func.count()).where(
                    Booking.resource_id == resource,
                    Booking.start_at == dt.datetime.fromisoformat(wish["start"]),
                    Booking.state == "requested",
                )
            )
        assert booked + offered == 1
    nothing_overlaps(park)
