"""A planning round speaks the optimiser's language without changing what the calendar demands."""

from __future__ import annotations

from app.sharing.calendar.rules import Interval
from app.sharing.planning.rules import Bench, FlexibleWish, build, grain_of

DAY = 1440


def bench(unit: int, **more: object) -> Bench:
    values: dict[str, object] = {
        "unit": unit,
        "resource": unit,
        "open": (Interval(540, 1020),),
        "busy": (),
        "price_fen_per_hour": 6000,
        "step": 30,
        "shortest": 30,
        "longest": 480,
        "before": 0,
        "after": 0,
        **more,
    }
    return Bench(**values)  # type: ignore[arg-type]


def wish(number: int, **more: object) -> FlexibleWish:
    values: dict[str, object] = {
        "id": number,
        "organisation": 7,
        "minutes": 90,
        "windows": (Interval(540, 720),),
        "resources": (1,),
        "priority": 3,
        "preferred": 600,
        **more,
    }
    return FlexibleWish(**values)  # type: ignore[arg-type]


def test_times_become_slots_rounded_towards_the_safe_side() -> None:
    made = build(
        [bench(1, busy=(Interval(601, 629),))], [wish(1, windows=(Interval(545, 719),))], Interval(0, DAY)
    )
    (instrument,), (request,) = made.instance.instruments, made.instance.requests
    assert made.instance.slots == 48, "without buffers nothing after the day matters"
    assert instrument.open == ((18, 34),)
    assert instrument.busy == ((20, 21),), "busy time is rounded outward"
    assert instrument.price_fen_per_slot == 3000
    assert request.windows == ((19, 23),), "a wish is rounded inward"
    assert (request.duration_slots, request.preferred_slot) == (3, 20)


def test_buffers_before_and_after_become_one_gap_and_shift_what_stands() -> None:
    made = build([bench(1, before=30, after=60, busy=(Interval(600, 660),))], [wish(1)], Interval(0, DAY))
    (instrument,) = made.instance.instruments
    assert instrument.buffer_slots == 3
    # A booking must end an hour before 10:00 and start half an hour after 11:00:
    # with three free slots after it, ending by 9:00 means busy from 10:30; to 11:30 keeps the half hour.
    assert instrument.busy == ((21, 23),)


def test_wishes_that_cannot_take_part_are_named() -> None:
    made = build(
        [bench(1, longest=60)],
        [wish(1), wish(2, minutes=60, windows=(Interval(2 * DAY, 2 * DAY + 60),)), wish(3, minutes=60)],
        Interval(0, DAY),
    )
    assert made.left_out == {1: "no_fitting_instrument", 2: "window_elsewhere"}
    assert [request.id for request in made.instance.requests] == ["3"]


def test_grain_follows_the_steps() -> None:
    assert grain_of([15, 30, 60]) == 60
    assert grain_of([5]) == 5
