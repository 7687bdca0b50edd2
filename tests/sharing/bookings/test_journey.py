"""A booking is one walk: facts, decision, effect, in few files and nearly without turning back."""

import sys
from pathlib import Path

import app as package
from app.hall import clock
from app.sharing.bookings import service as booking_service

APP = str(Path(package.__file__).resolve().parent) + "/"
WORDS_OF_TIME = {"sharing/calendar/rules.py", "sharing/calendar/park_time.py"}
"""Minutes and intervals are what everybody speaks in, not places one goes to; neither is the hall."""


def walk(use_case):
    """The files of rooms that calls from other files of `app` arrive at, in order; staying in one counts once."""
    reached = []

    def note(frame, event, _argument):
        file, caller = frame.f_code.co_filename, frame.f_back
        if event != "call" or not file.startswith(APP) or frame.f_code.co_name.startswith("<"):
            return
        while caller is not None and not caller.f_code.co_filename.startswith(APP):
            caller = caller.f_back
        name = file.removeprefix(APP)
        if caller is None or caller.f_code.co_filename == file or name.startswith("hall/"):
            return
        if name not in WORDS_OF_TIME and reached[-1:] != [name]:
            reached.append(name)

    sys.setprofile(note)
    try:
        use_case()
    finally:
        sys.setprofile(None)
    return reached


def test_a_booking_has_at_most_twelve_stops_and_three_returns(park, instrument, app, monday):
    park.firm("E01")
    park.firm("E20")
    resource = instrument("e01")
    with app.app_context():
        actor = park.actor("e20")
        nine, ten = clock.at(monday, 9), clock.at(monday, 10)
        reached = walk(lambda: booking_service.book(actor, resource, nine, ten))
    assert reached.index("sharing/bookings/situation.py") < reached.index("sharing/bookings/rules.py")
    assert reached.index("sharing/bookings/rules.py") < reached.index("sharing/calendar/slots.py")
    stops = set(reached)
    assert len(stops) <= 12, reached
    assert len(reached) - len(stops) <= 3, reached
