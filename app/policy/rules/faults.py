"""What is wrong with a rule file, and where: all of it at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_FAULTS = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: line and column counted from 1, a message id and what to fill in."""

    line: int
    column: int
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


class Faults:
    """Collects the faults of one file; the same place and id only once, and no more than people can read."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int, str], Fault] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    def say(self, place: tuple[int, int], code: str, **params: object) -> None:
        """Note one fault at (line, column)."""
        if len(self._found) < MOST_FAULTS:
            self._found.setdefault((*place, code), Fault(*place, code, params))

    def in_order(self) -> tuple[Fault, ...]:
        """The faults as they stand in the file."""
        return tuple(self._found[key] for key in sorted(self._found))


def shown(text: str) -> str:
    """Text of a file as it may stand in a message: short and on one line.

    >>> shown("a" * 50)
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…'
    """
    clean = "".join(c if c.isprintable() else "·" for c in text[:60])
    return clean if len(clean) <= 40 else clean[:39] + "…"
