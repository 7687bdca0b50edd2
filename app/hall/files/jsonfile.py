"""JSON files of people: read without trust, and every problem with the line and column it stands at."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from json.decoder import JSONDecoder
from pathlib import Path
from typing import NoReturn
from unicodedata import category

from app.hall.files.cells import Problem, shown

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Step = str | int

LARGEST_FILE = 20 * 1024 * 1024
MOST_PROBLEMS = 500
DEEPEST = 60
_SPACE = re.compile(r"[ \t\n\r]*")


class _Wrong(ValueError):
    """What is wrong with the file as a whole, and at which character."""

    def __init__(self, code: str, at: int = 0, **params: object) -> None:
        self.code, self.at, self.params = code, at, params
        super().__init__(code)


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for key, value in pairs:
        if key in found:
            raise _Wrong("json_key_twice", name=shown(key))
        found[key] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise _Wrong("json_not_a_number", value=name)


def _whole(digits: str) -> int:
    if len(digits) > 18:
        raise _Wrong("json_not_a_number", value=shown(digits))
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise _Wrong("json_not_a_number", value=shown(digits))
    return value


def _decoder() -> JSONDecoder:
    return JSONDecoder(
        object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_whole, parse_float=_float
    )


def _value(text: str) -> Json:
    depth = 0
    for mark in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text, re.DOTALL):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark.group(), 0)
        if depth > DEEPEST:
            raise _Wrong("json_too_deep", mark.start(), most=DEEPEST)
    try:
        value: Json = _decoder().decode(text)
    except json.JSONDecodeError as wrong:
        raise _Wrong("json_broken", wrong.pos, detail=wrong.msg) from None
    return value


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def offset_of(text: str, path: Sequence[Step]) -> int:
    """Where the value at `path` begins in a sound JSON text; the innermost there is, where a step is missing.

    >>> offset_of('{"a": [10, {"b": 1}]}', ["a", 1, "b"])
    17
    """
    at = _skip(text, 0)
    for step in path:
        found = _child(text, at, step)
        if found is None:
            break
        at = found
    return at


def _child(text: str, at: int, step: Step) -> int | None:
    opening = text[at]
    if opening not in "{[" or isinstance(step, str) != (opening == "{"):
        return None
    at = _skip(text, at + 1)
    number = 0
    while text[at] not in "}]":
        key: Step = number
        if opening == "{":
            key, at = _decoder().raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)
        if key == step:
            return at
        _, at = _decoder().raw_decode(text, at)
        at = _skip(text, at)
        if text[at] == ",":
            at = _skip(text, at + 1)
        number += 1
    return None


class Node:
    """One value of a file with its place; what is not as it should be goes to the problems of the file.

    The readers (`text`, `whole`, …) take a field of an object and answer a value to go on with, so that all problems
    of a file are found at once.
    """

    def __init__(self, source: Source, value: Json, path: tuple[Step, ...]) -> None:
        self.source, self.value, self.path = source, value, path

    def say(self, code: str, **params: object) -> None:
        """A problem with this value."""
        self.source.say(self.path, code, **params)

    def field(self, name: str) -> Node:
        """A field of an object; one that is missing or null has the value None."""
        value = self.value.get(name) if isinstance(self.value, dict) else None
        return Node(self.source, value, (*self.path, name))

    def items(self, needed: bool = True) -> list[Node]:
        """The items of a list."""
        if isinstance(self.value, list):
            return [Node(self.source, one, (*self.path, n)) for n, one in enumerate(self.value)]
        if needed or self.value is not None:
            self.say("json_not_a_list")
        return []

    def entries(self, needed: bool = True) -> list[tuple[str, Node]]:
        """Names and values of an object."""
        if isinstance(self.value, dict):
            return [(name, Node(self.source, one, (*self.path, name))) for name, one in self.value.items()]
        if needed or self.value is not None:
            self.say("json_not_an_object")
        return []

    def text(self, default: str | None = None, longest: int = 2000) -> str:
        """Text; without a default it may be neither missing nor blank."""
        if self.value is None and default is not None:
            return default
        if not isinstance(self.value, str):
            self.say("json_not_text")
        elif default is None and not self.value.strip():
            self.say("json_empty")
        elif len(self.value) > longest:
            self.say("table_too_long", longest=longest, length=len(self.value))
        elif any(category(mark) in ("Cc", "Cs") and mark not in "\n\t" for mark in self.value):
            self.say("table_control_character")
        else:
            return self.value
        return ""

    def whole(self, low: int, high: int, default: int | None = None) -> int:
        """A whole number from `low` to `high`; true, 1.0 and "1" are none."""
        if self.value is None and default is not None:
            return default
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not low <= self.value <= high:
            self.say("json_not_whole", low=low, high=high)
            return low
        return self.value

    def number(self, default: float | None = None) -> float:
        """A number, whole or not."""
        if self.value is None and default is not None:
            return default
        if isinstance(self.value, bool) or not isinstance(self.value, (int, float)):
            self.say("json_not_number")
            return 0.0
        return self.value

    def flag(self, default: bool = False) -> bool:
        """True or false."""
        if self.value is None:
            return default
        if not isinstance(self.value, bool):
            self.say("json_not_true_false")
            return default
        return self.value

    def one_of(self, words: Sequence[str]) -> str:
        """One of these words."""
        if not isinstance(self.value, str) or self.value not in words:
            got = self.value if isinstance(self.value, str) else json.dumps(self.value, ensure_ascii=False)
            self.say("json_not_one_of", value=shown(got), words=", ".join(words))
            return words[0]
        return self.value


class Source:
    """A file that was read: its text, and what is wrong with it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.text = ""
        self.problems: list[Problem] = []

    def at(self, offset: int, code: str, **params: object) -> None:
        """A problem at a character of the text."""
        if len(self.problems) > MOST_PROBLEMS:
            return
        if len(self.problems) == MOST_PROBLEMS:
            code, params = "table_more_problems", {"most": MOST_PROBLEMS}
        line = self.text.count("\n", 0, offset) + 1
        column = offset - (self.text.rfind("\n", 0, offset) + 1) + 1
        self.problems.append(Problem(self.file, line, str(column), code, params))

    def say(self, path: Sequence[Step], code: str, **params: object) -> None:
        """A problem with the value at `path`."""
        words = "".join(f"[{step}]" if isinstance(step, int) else f".{shown(step)}" for step in path).lstrip(
            "."
        )
        self.at(offset_of(self.text, path), code, at=words or "JSON", **params)


def read_json(path: Path) -> tuple[Node | None, Source]:
    """The value of a JSON file with places, or None and what is wrong with the file.

    Double keys, NaN, numbers of more than 18 digits, other encodings than UTF-8 and very deep nesting are refused.
    """
    source = Source(str(path))
    try:
        if not path.exists():
            source.at(0, "table_no_such_place")
        elif not path.is_file():
            source.at(0, "table_unreadable", detail="not a file")
        elif path.stat().st_size > LARGEST_FILE:
            source.at(0, "table_too_large", megabytes=LARGEST_FILE // 1024 // 1024)
        else:
            return _node(source, path.read_bytes().decode("utf-8-sig")), source
    except UnicodeDecodeError:
        source.at(0, "json_not_utf8")
    except _Wrong as wrong:
        source.at(wrong.at, wrong.code, **wrong.params)
    except OSError as error:
        source.at(0, "table_unreadable", detail=error.strerror or str(error))
    return None, source


def read_json_text(text: str, name: str = "JSON") -> tuple[Node | None, Source]:
    """The value of a JSON text that came another way than as a file, or None and what is wrong with it."""
    source = Source(name)
    try:
        return _node(source, text), source
    except _Wrong as wrong:
        source.at(wrong.at, wrong.code, **wrong.params)
    return None, source


def _node(source: Source, text: str) -> Node:
    source.text = text
    return Node(source, _value(text), ())
