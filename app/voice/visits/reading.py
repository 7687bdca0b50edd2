"""A week file (`parklink-week/1`) to wishes and specialists."""

from __future__ import annotations

import re

from app.hall.files.cells import shown
from app.hall.files.jsonfile import Node
from app.voice.visits.week_situation import Specialist, Wish

FORMAT = "parklink-week/1"
LONGEST_CODE = 64
MOST_VISITS, MOST_SPECIALISTS = 2000, 200
FURTHEST_DAY = 1_000_000
MOST_A_DAY = 1000
_DAY = re.compile(r"0|-?[1-9][0-9]{0,5}")


def read_week(file: Node) -> tuple[list[Wish], list[Specialist]]:
    """The visits and specialists of a file; problems go to the file, and with any the answer is of no use."""
    if not isinstance(file.value, dict):
        file.say("json_not_an_object")
        return [], []
    file.field("format").one_of((FORMAT,))
    visits, people = file.field("visits").items(), file.field("specialists").items()
    for name, found, most in (("visits", visits, MOST_VISITS), ("specialists", people, MOST_SPECIALISTS)):
        if len(found) > most:
            file.field(name).say("voice_too_many_items", most=most)
            return [], []
    wishes = [_wish(node) for node in visits if _is_object(node)]
    specialists = [_specialist(node) for node in people if _is_object(node)]
    _once(visits)
    _once(people)
    return wishes, specialists


def _is_object(node: Node) -> bool:
    if isinstance(node.value, dict):
        return True
    node.say("json_not_an_object")
    return False


def _once(nodes: list[Node]) -> None:
    """Two rows of one id would be one place on the plan."""
    seen: set[str] = set()
    for node in nodes:
        name = node.field("id")
        if isinstance(name.value, str) and name.value.strip():
            if name.value.strip() in seen:
                name.say("json_twice", value=shown(name.value))
            seen.add(name.value.strip())


def _wish(node: Node) -> Wish:
    first, last = _window(node.field("days"))
    return Wish(
        node.field("id").text(longest=LONGEST_CODE).strip(),
        node.field("enterprise").text(longest=LONGEST_CODE).strip(),
        _building(node.field("building")),
        node.field("priority").whole(1, 3),
        first,
        last,
    )


def _window(node: Node) -> tuple[int, int]:
    ends = node.items()
    if len(ends) != 2:
        if isinstance(node.value, list):
            node.say("voice_two_days")
        return 0, 0
    first, last = (one.whole(-FURTHEST_DAY, FURTHEST_DAY) for one in ends)
    if first > last:
        node.say("voice_first_after_last")
    return first, last


def _building(node: Node) -> str:
    """A number or a name; 5 and "5" are the same building."""
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return str(node.value)
    if isinstance(node.value, str) and node.value.strip():
        return node.text(longest=LONGEST_CODE).strip()
    node.say("voice_not_a_building")
    return ""


def _specialist(node: Node) -> Specialist:
    capacity: dict[int, int] = {}
    for name, visits in node.field("capacity").entries():
        if _DAY.fullmatch(name):
            capacity[int(name)] = visits.whole(0, MOST_A_DAY)
        else:
            visits.say("voice_not_a_day_number", value=shown(name))
    return Specialist(
        node.field("id").text(longest=LONGEST_CODE).strip(),
        capacity,
        _firms(node.field("knows")),
        _firms(node.field("not")),
    )


def _firms(node: Node) -> frozenset[str]:
    return frozenset(one.text(longest=LONGEST_CODE).strip() for one in node.items(needed=False))
