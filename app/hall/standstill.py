"""A wrong clock cannot spend: what cannot be undone waits until the clock, and the size of the work, are believed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass

from app.hall import clock
from app.hall.db.facts import find_fact, keep_fact
from app.hall.db.transaction import transaction
from app.hall.limits import CLOCK_STEP, LARGEST_SHARE

LAST_SHIFT, BELIEVED_UNTIL, STANDSTILL = "last_shift", "moments_believed_until", "standstill"
CLOCK = "clock"

_newest: list[Callable[[], dt.datetime | None]] = []


@dataclass(frozen=True)
class Batch:
    """What one run of a job would do: `part` of a `whole`, both counted in `unit`; up to `floor` never asks."""

    unit: str
    part: int
    floor: int
    whole: Callable[[], int]

    def asks(self) -> bool:
        """Whether so much of all there is must be confirmed by a person first.

        >>> Batch("credits", 900, 1000, lambda: 900).asks(), Batch("credits", 1100, 1000, lambda: 5000).asks()
        (False, True)
        >>> Batch("credits", 1100, 1000, lambda: 11000).asks()
        False
        """
        return self.part > self.floor and self.part > LARGEST_SHARE * self.whole()


@dataclass(frozen=True)
class Confirmed:
    """What a person has looked at before this run."""

    clock: bool = False
    batch: bool = False


NOTHING_CONFIRMED = Confirmed()


def recorded(newest: Callable[[], dt.datetime | None]) -> Callable[[], dt.datetime | None]:
    """Register what answers the newest moment that a room has recorded."""
    if newest not in _newest:
        _newest.append(newest)
    return newest


def doubt(
    now: dt.datetime,
    last_tick: dt.datetime | None,
    newest: dt.datetime | None,
    moved: dt.timedelta = dt.timedelta(),
    believed_until: dt.datetime | None = None,
) -> str:
    """What speaks against this clock: `clock_ahead`, `clock_behind`, or nothing.

    `moved` is by how much the clock of a demo was moved on purpose since the last tick; moments up to
    `believed_until` were recorded under a clock that somebody has answered for.

    >>> day = dt.timedelta(days=1)
    >>> tick = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    >>> doubt(tick + 3 * day, tick, None), doubt(tick + 3 * day, tick, None, moved=3 * day)
    ('clock_ahead', '')
    >>> doubt(tick - 2 * day, None, tick), doubt(tick, tick, tick - 9 * day)
    ('clock_behind', '')
    """
    before = last_tick + moved if last_tick else newest
    if before is not None and now - before > CLOCK_STEP:
        return "clock_ahead"
    if last_tick is not None and last_tick + moved - now > CLOCK_STEP:
        return "clock_behind"
    unknown = newest is not None and (believed_until is None or newest > believed_until)
    if unknown and not moved and newest is not None and newest - now > CLOCK_STEP:
        return "clock_behind"
    return ""


def clock_doubt(last_tick: dt.datetime | None) -> dict[str, str]:
    """What speaks against the clock of this machine now, as a person must read it; empty when nothing does."""
    now, newest = clock.now(), newest_moment()
    kept = find_fact(BELIEVED_UNTIL)
    moved = _moved() if last_tick else clock.shift()
    code = doubt(now, last_tick, newest, moved, dt.datetime.fromisoformat(kept) if kept else None)
    if not code:
        return {}
    known = max((one for one in (last_tick, newest) if one), default=now)
    return {"reason": code, "clock": now.isoformat(), "newest": known.isoformat()}


def newest_moment() -> dt.datetime | None:
    """The newest moment anything was recorded at; nothing in an empty park."""
    return max((moment for ask in _newest if (moment := ask())), default=None)


def _moved() -> dt.timedelta:
    """By how much the clock was moved on purpose since the last tick."""
    return clock.shift() - dt.timedelta(seconds=float(find_fact(LAST_SHIFT) or 0))


def believe() -> None:
    """This tick's clock is right: what was recorded so far is no reason to doubt it; the caller's transaction writes."""
    shift = clock.shift()
    newest = newest_moment()
    if newest is not None and newest > clock.now():
        keep_fact(BELIEVED_UNTIL, newest.isoformat())
    keep_fact(LAST_SHIFT, str(shift.total_seconds()))


def stopped() -> dict[str, dict[str, str]]:
    """What stands still and why: by the clock, or by a batch of one job."""
    kept: dict[str, dict[str, str]] = json.loads(find_fact(STANDSTILL) or "{}")
    return kept


def note(cause: str, why: dict[str, str]) -> None:
    """Keep why something stands still, or with nothing that it runs again; writes only what has changed."""
    with transaction():
        known = stopped()
        changed = (
            {**known, cause: why} if why else {key: value for key, value in known.items() if key != cause}
        )
        if changed.keys() != known.keys() or (why and known[cause]["reason"] != why["reason"]):
            keep_fact(STANDSTILL, json.dumps(changed, sort_keys=True))


def oversized(batches: list[Batch]) -> dict[str, str]:
    """The first of these that is too much of all there is, as a person must read it."""
    for batch in batches:
        if batch.asks():
            return {
                "reason": "batch_large",
                "unit": batch.unit,
                "part": str(batch.part),
                "whole": str(batch.whole()),
            }
    return {}
