"""The one step function of the room's state machines; each feature's `rules.py` lists its own machine."""

from __future__ import annotations

from collections.abc import Mapping

from app.hall.errors import Conflict


def step(machine: Mapping[str, tuple[str, ...]], state: str, to: str) -> str:
    """Return the new state, or refuse a step the machine (state → next states) does not list.

    >>> door = {"open": ("shut",), "shut": ("open",)}
    >>> step(door, "open", "shut")
    'shut'
    >>> step(door, "shut", "shut")
    Traceback (most recent call last):
    ...
    app.hall.errors.Conflict: ecosystem_step_refused {'state': 'shut', 'to': 'shut'}
    """
    if to not in machine.get(state, ()):
        raise Conflict("ecosystem_step_refused", state=state, to=to)
    return to


def reachable(machine: Mapping[str, tuple[str, ...]], state: str) -> tuple[str, ...]:
    """Return the steps open from a state, in the order they are usually taken.

    >>> reachable({"opened": ("met", "lost")}, "opened")
    ('met', 'lost')
    """
    return tuple(machine.get(state, ()))
