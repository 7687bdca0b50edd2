"""Story 6: many want the same hour at the same moment. One gets it, everybody else a polite 409, nobody a 500.

Over real sockets: waitress with eight threads in this process' own app, and twenty clients at once; on both databases.
"""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from app.hall.db.base import db
from app.identity.sessions.tokens import token_for_login
from app.sharing.bookings.models import Booking
from app.sharing.calendar.models import OccupiedSlot

pytestmark = pytest.mark.storm
MEMBERS = 20


def post(url: str, token: str, body: dict) -> tuple[int, dict]:
    request = urllib.request.Request(
        url,
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


@pytest.fixture
def server(app):
    from waitress.server import create_server

    served = create_server(app, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=served.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{served.effective_port}/api/v1/sharing"
    served.trigger.pull_trigger(served.close)
    served.task_dispatcher.shutdown()
    thread.join(5)


def storm(calls):
    """All calls at the same moment."""
    gate = threading.Barrier(len(calls))

    def one(call):
        gate.wait()
        return post(*call)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


@pytest.fixture
def tokens(park, app):
    codes = [f"E{n:02d}" for n in range(1, MEMBERS + 1)]
    for code in codes:
        park.firm(code)
    with app.app_context():
        return [token_for_login(code.lower()) for code in codes]


def test_story_6_twenty_members_one_hour(server, tokens, instrument, at, app):
    for approval, state in (("automatic", "confirmed"), ("owner", "requested")):
        resource = instrument("e20", approval=approval, buffer_minutes=10)
        body = {"resource": resource, "start": at(0, 10), "end": at(0, 11)}
        answers = storm([(f"{server}/bookings", token, body) for token in tokens[:19]] * 1)
        won = [answer for status, answer in answers if status == 201]
        lost = [answer for status, answer in answers if status == 409]
        assert len(won) == 1 and len(lost) == 18, [status for status, _ in answers]
        assert won[0]["state"] == state
        for answer in lost:
            assert [reason["code"] for reason in answer["reasons"]] == ["taken"]
            assert answer["alternatives"]
        with app.app_context():
            # ten to eleven and ten minutes after it: fourteen slots of five minutes, once
            count = (
                sa.select(sa.func.count())
                .select_from(OccupiedSlot)
                .join(Booking, Booking.id == OccupiedSlot.booking_id)
            )
            assert db.session.scalar(count.where(Booking.resource_id == resource)) == 14


def test_moving_onto_the_same_hour_has_one_winner(server, tokens, instrument, at):
    resource = instrument(
        "e20", opening=[{"weekday": d, "from": "00:00", "to": "24:00"} for d in range(1, 8)]
    )
    held = []
    for number, token in enumerate(tokens[:8]):
        hour = number + 1 + (number >= 4)  # everything but 5–6 on Tuesday is somebody's
        status, answer = post(
            f"{server}/bookings", token, {"resource": resource, "start": at(1, hour), "end": at(1, hour + 1)}
        )
        assert status == 201
        held.append(answer["id"])
    target = {"start": at(1, 5), "end": at(1, 6)}
    answers = storm(
        [(f"{server}/bookings/{n}/move", t, target) for n, t in zip(held, tokens, strict=False)]
        + [(f"{server}/bookings", t, {"resource": resource, **target}) for t in tokens[8:12]]
    )
    statuses = sorted(status for status, _ in answers)
    assert statuses == [201] + [409] * 11
    # Whoever could not move keeps what it had.
    states = [
        post(f"{server}/bookings/{n}/move", t, {"start": at(3, 12 + i), "end": at(3, 13 + i)})[0]
        for i, (n, t) in enumerate(zip(held, tokens, strict=False))
    ]
    assert states.count(201) in (7, 8)


def test_the_database_itself_refuses_a_second_holder(park, instrument, app):
    """Even with every check by-passed, two rows for one slot of one unit cannot exist."""
    park.firm("E01")
    resource = instrument("e01")
    from app.hall.db.transaction import transaction
    from app.sharing.catalogue.models import ResourceUnit

    with app.app_context():
        unit = db.session.scalar(sa.select(ResourceUnit.id).where(ResourceUnit.resource_id == resource))
        from app.hall import clock
        from app.sharing.bookings import service as booking_service

        actor = park.actor("e01")
        day = clock.today()
        import datetime as dt

        monday = day + dt.timedelta(days=7 - day.weekday())
        with transaction():
            booking = booking_service.book(actor, resource, clock.at(monday, 9), clock.at(monday, 10))
            number = booking.id
        slot = db.session.scalar(
            sa.select(sa.func.min(OccupiedSlot.slot)).where(OccupiedSlot.unit_id == unit)
        )
        with pytest.raises(sa.exc.IntegrityError), transaction():
            db.session.execute(sa.insert(OccupiedSlot).values(unit_id=unit, slot=slot, booking_id=number))
