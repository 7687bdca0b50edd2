"""Places that stand as text become rows: which building and room a text means, and on which floor."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

Pair = tuple[str, str]
Source = Callable[[], Iterable[Pair]]
_sources: list[Source] = []
_NUMBERED = re.compile(r"([A-Za-z]?)(\d{1,2}?)(\d{2})(?!\d)", re.ASCII)
_FLOOR = re.compile(r"(\d{1,2})\s?(?:[fF]|层|楼)", re.ASCII)
_HOUSE = re.compile(r"(\d{1,3})\s?(?:号楼|栋|幢)", re.ASCII)
UNKNOWN_FLOOR = "-"


@dataclass(frozen=True)
class Missing:
    """Buildings by code and name, and rooms by building name, floor and code, that only stand as text."""

    buildings: tuple[Pair, ...]
    rooms: tuple[tuple[str, str, str], ...]

    @property
    def count(self) -> int:
        return len(self.buildings) + len(self.rooms)


def register_place_texts(source: Source) -> None:
    """A room above says which pairs of building and room stand in its rows as text."""
    if source not in _sources:
        _sources.append(source)


def said_pairs() -> list[Pair]:
    """Every pair that any room says, each once."""
    return sorted({(a.strip(), b.strip()) for source in _sources for a, b in source() if a.strip()})


def floor_of(room: str) -> str:
    """The floor a room's number tells; a dash where it tells none.

    >>> [floor_of(text) for text in ("205", "B201", "1102", "2F", "3层东侧", "恒温间", "12")]
    ['2', '2', '11', '2', '3', '-', '-']
    """
    said = _FLOOR.match(room)
    numbered = _NUMBERED.match(room)
    return said[1] if said else numbered[2] if numbered and numbered[2] else UNKNOWN_FLOOR


def code_of(name: str, taken: Iterable[str]) -> str:
    """A code for a building that so far has only a name: its number, else its name, else with a number behind.

    >>> code_of("9号楼", ["B1"]), code_of("9号楼", ["B9"]), code_of("食堂/东", []), code_of("食堂", ["食堂"])
    ('B9', '9号楼', '食堂-东', '食堂 2')
    """
    taken = set(taken)
    numbered = _HOUSE.fullmatch(name)
    plain = re.sub(r"[/*]", "-", name)[:26]
    wishes = [f"B{numbered[1]}"] if numbered else []
    wishes += [plain, *(f"{plain} {n}" for n in range(2, len(taken) + 3))]
    return next(one for one in wishes if one not in taken)


def missing(
    pairs: Sequence[Pair], houses: Mapping[str, Sequence[str]], rooms: Mapping[str, Iterable[str]]
) -> Missing:
    """What `pairs` name that no row is; `houses` are all names by code, `rooms` codes and names by building code.

    >>> missing([("9号楼", "104"), ("3号楼", "B201")], {"B3": ["3号楼"]}, {"B3": ["B201"]})
    Missing(buildings=(('B9', '9号楼'),), rooms=(('B9', '1', '104'),))
    """
    of = {name: code for code, names in houses.items() for name in (code, *names) if name}
    new: dict[str, str] = {}
    lacking: dict[tuple[str, str], str] = {}
    for building, room in pairs:
        code = of.get(building)
        if code is None:
            code = of[building] = code_of(building, {*of.values()})
            new[code] = building
        plain = re.sub(r"[/*]", "-", room)[:30]
        known = set(rooms.get(code, ()))
        inside = any(plain.startswith(f"{one} ") for one in known)  # a bench of a room that is there
        if plain and plain not in known and not inside:
            lacking[code, plain] = floor_of(plain)
    listed = tuple((code, floor, room) for (code, room), floor in sorted(lacking.items()))
    return Missing(tuple(new.items()), listed)
