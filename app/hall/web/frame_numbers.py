"""The numbers in the frame (badges, balance, unread messages), kept until somebody writes.

A page of every kind shows them; counting them anew would cost more than most pages. Whatever this process commits
drops them, and what others commit is seen after ten seconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app

from app.hall import clock
from app.hall.db.writes import writes

KEPT_SECONDS = 10
MOST = 2_000  # readers
KEPT = "parklink_frame"


@dataclass(frozen=True)
class Numbers:
    """What the frame counts for one reader."""

    badges: dict[str, int]  # by endpoint
    balance: int | None
    unread: int
    pins: tuple[str, ...] = ()  # endpoints at the top of the menu


Kept = dict[tuple[int, frozenset[str]], tuple[int, float, dt.datetime, Numbers]]


def numbers(member_id: int, roles: frozenset[str], count: Callable[[], Numbers]) -> Numbers:
    """What is kept for this reader, or counted now."""
    shelf: Kept = current_app.extensions.setdefault(KEPT, {})
    now, machine = clock.now(), clock.machine_seconds()
    kept = shelf.get((member_id, roles))
    if kept is not None:
        version, at, moment, found = kept
        age = max(machine - at, abs((now - moment).total_seconds()))
        if version == writes() and age < KEPT_SECONDS:
            return found
    before = writes()
    found = count()
    if len(shelf) >= MOST:
        shelf.clear()
    shelf[(member_id, roles)] = (before, machine, now, found)
    return found
