"""Finds the line and column of a place inside a JSON text, so that a problem can be pointed at."""

from __future__ import annotations

import json
from json.decoder import scanstring  # type: ignore[attr-defined]

_SPACE = " \t\n\r"


class Locator:
    """Answers where the value at a path starts; lists and objects are scanned once and remembered.

    >>> Locator('{"a": [1,\\n  {"b": 2}]}').line_and_column(("a", 1, "b"))
    (2, 9)
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._decode = json.JSONDecoder().raw_decode
        self._children: dict[int, dict[str | int, int]] = {}
        self._twice: dict[int, dict[str, None]] = {}

    def line_and_column(self, path: tuple[str | int, ...]) -> tuple[int, int]:
        """Line and column, from 1; of the innermost part of the path that exists."""
        at = self._skip(0)
        for step in path:
            inner = self._inside(at).get(step)
            if inner is None:
                break
            at = inner
        line = self._text.count("\n", 0, at) + 1
        return line, at - self._text.rfind("\n", 0, at)

    def repeated(self) -> list[tuple[str | int, ...]]:
        """The paths of keys that an object has more than once (a decoder keeps the last one without a word).

        >>> Locator('[{"a": 1, "b": {"c": 2, "c": 3}, "a": 4}]').repeated()
        [(0, 'a'), (0, 'b', 'c')]
        """
        found: list[tuple[str | int, ...]] = []
        waiting: list[tuple[tuple[str | int, ...], int]] = [((), self._skip(0))]
        while waiting:
            path, at = waiting.pop()
            inner = self._inside(at)
            found += [(*path, key) for key in self._twice.get(at, ())]
            waiting += [((*path, step), to) for step, to in reversed(inner.items())]
        return found

    def _skip(self, at: int) -> int:
        while at < len(self._text) and self._text[at] in _SPACE:
            at += 1
        return at

    def _inside(self, at: int) -> dict[str | int, int]:
        if at not in self._children:
            self._children[at] = self._scan(at)
        return self._children[at]

    def _scan(self, at: int) -> dict[str | int, int]:
        text, here = self._text, at
        found: dict[str | int, int] = {}
        opening = text[at : at + 1]
        if opening not in ("{", "["):
            return {}
        at = self._skip(at + 1)
        while text[at] not in "}]":
            key: str | int = len(found)
            if opening == "{":
                key, at = scanstring(text, at + 1, True)
                if key in found:
                    self._twice.setdefault(here, {})[str(key)] = None
                at = self._skip(self._skip(at) + 1)
            found[key] = at
            at = self._skip(self._decode(text, at)[1])
            if text[at] == ",":
                at = self._skip(at + 1)
        return found
