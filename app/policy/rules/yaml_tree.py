"""YAML to a tree that knows its places: no aliases, anchors, tags, directives, second documents or double keys."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.policy.rules.faults import Faults, shown
from app.policy.rules.scalar_places import place_in

LARGEST_FILE = 256 * 1024
DEEPEST = 12
MOST_NODES = 50_000


@dataclass(slots=True)
class Node:
    """A scalar (`text`), a list (`items`) or a mapping (`pairs`), with line and column counted from 1."""

    kind: str
    place: tuple[int, int]
    text: str = ""
    quoted: bool = False
    style: str = ""
    source: str = ""
    items: list[Node] = field(default_factory=list)
    pairs: dict[str, tuple[Node, Node]] = field(default_factory=dict)

    def place_of(self, offset: int) -> tuple[int, int]:
        """Where a character of the text of a scalar stands in the file."""
        return place_in(self.place, self.source, self.style, self.text, offset)

    @property
    def empty(self) -> bool:
        """A plain null: nothing written, `null` or `~`."""
        return self.kind == "scalar" and not self.quoted and self.text in ("", "null", "Null", "NULL", "~")


class _Stop(Exception):
    """Nothing sensible can be read after this point."""


def read_tree(data: bytes, faults: Faults) -> Node | None:
    """The tree of a file; nothing where it has none, the faults say why.

    >>> faults = Faults()
    >>> read_tree(b"a: 1\\na: *b\\n", faults), [(f.line, f.column, f.code) for f in faults.in_order()]
    (None, [(2, 1, 'policy_key_twice'), (2, 4, 'policy_alias')])
    """
    text = _text(data, faults)
    if text is None:
        return None
    builder = _Builder(faults, text)
    try:
        for event in _events(text, faults):
            builder.take(event)
    except _Stop:
        return None
    if builder.root is None:
        faults.say((1, 1), "policy_empty_file")
    return None if faults else builder.root


def _text(data: bytes, faults: Faults) -> str | None:
    if len(data) > LARGEST_FILE:
        faults.say((1, 1), "policy_file_too_large", kilobytes=LARGEST_FILE // 1024)
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        faults.say((before.count("\n") + 1, len(before) - before.rfind("\n")), "policy_not_utf8")
        return None
    return text


def _events(text: str, faults: Faults) -> Iterator[object]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield from YAML(typ="safe", pure=True).parse(text)
    except ReaderError as error:
        before = text[: error.position]
        faults.say((before.count("\n") + 1, len(before) - before.rfind("\n")), "policy_control_character")
        raise _Stop from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        faults.say(place, "policy_not_yaml", detail=shown(str(error.problem or error.context or "")))
        raise _Stop from None
    except (YAMLError, ValueError, IndexError, OverflowError, RecursionError):
        faults.say((1, 1), "policy_not_yaml", detail="?")
        raise _Stop from None


class _Builder:
    """Events to nodes without recursion, so that depth is ours to bound."""

    def __init__(self, faults: Faults, source: str) -> None:
        self.faults, self.source = faults, source
        self.root: Node | None = None
        self.open: list[tuple[Node, list[Node]]] = []
        self.count = 0
        self.documents = 0

    def take(self, event: object) -> None:
        name = type(event).__name__
        mark = event.start_mark  # type: ignore[attr-defined]
        place = (mark.line + 1, mark.column + 1)
        if name == "DocumentStartEvent":
            self._document(event, place)
        elif name == "AliasEvent":
            self.faults.say(place, "policy_alias", name=shown(str(getattr(event, "anchor", ""))))
            self._add(Node("scalar", place))
        elif name in ("ScalarEvent", "MappingStartEvent", "SequenceStartEvent"):
            self._start(event, name, place)
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            self._end()

    def _document(self, event: object, place: tuple[int, int]) -> None:
        self.documents += 1
        if self.documents > 1:
            self.faults.say(place, "policy_second_document")
            raise _Stop
        if getattr(event, "tags", None) or getattr(event, "version", None):
            self.faults.say((1, 1), "policy_directive")

    def _start(self, event: object, name: str, place: tuple[int, int]) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor:
            self.faults.say(place, "policy_anchor", name=shown(str(anchor)))
        if tag:
            self.faults.say(place, "policy_tag", name=shown(str(tag)))
        if name == "ScalarEvent":
            text, style = str(event.value), getattr(event, "style", None)  # type: ignore[attr-defined]
            style = style if style and style != "?" else ""
            source = self.source[event.start_mark.index : event.end_mark.index]  # type: ignore[attr-defined]
            self._add(Node("scalar", place, text, quoted=bool(style), style=style, source=source))
            return
        node = Node("mapping" if name == "MappingStartEvent" else "list", place)
        if len(self.open) >= DEEPEST:
            self.faults.say(place, "policy_too_deep", most=DEEPEST)
            raise _Stop
        self.open.append((node, []))

    def _end(self) -> None:
        node, parts = self.open.pop()
        if node.kind == "list":
            node.items = parts
        else:
            for key, value in zip(parts[::2], parts[1::2], strict=True):
                self._pair(node, key, value)
        self._add(node)

    def _pair(self, node: Node, key: Node, value: Node) -> None:
        if key.kind != "scalar":
            self.faults.say(key.place, "policy_key_not_text")
        elif key.text in node.pairs:
            self.faults.say(key.place, "policy_key_twice", name=shown(key.text))
        else:
            node.pairs[key.text] = (key, value)

    def _add(self, node: Node) -> None:
        self.count += 1
        if self.count > MOST_NODES:
            self.faults.say(node.place, "policy_too_many_parts", most=MOST_NODES)
            raise _Stop
        if self.open:
            self.open[-1][1].append(node)
        else:
            self.root = node
