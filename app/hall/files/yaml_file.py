"""YAML 1.2 files of people as plain data with the place of every value; nothing that hides or repeats is taken."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.hall.files.cells import Problem, shown

LARGEST = 256 * 1024
DEEPEST = 20

Path_ = tuple[str | int, ...]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class YamlFile:
    """Plain data (dict, list, str, int, float, bool, None), the (line, column) of each path, everything wrong."""

    file: str
    data: Any
    places: Mapping[Path_, Place] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def problem(self, path: Path_, code: str, **params: Any) -> Problem:
        """A problem at the value of `path`, or at the nearest thing round it that stands in the file."""
        while path and path not in self.places:
            path = path[:-1]
        line, column = self.places.get(path, (1, 1))
        return Problem(self.file, line, str(column), code, params)


def read_yaml(path: Path) -> YamlFile:
    """Read one YAML file: UTF-8, at most 256 kB; aliases, anchors, tags and double keys are problems."""
    name = str(path)
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= LARGEST else b""
    except OSError as error:
        missing = "table_no_such_place" if isinstance(error, FileNotFoundError) else "table_unreadable"
        return _only(name, 1, 1, missing, detail=error.strerror or str(error))
    if size > LARGEST:
        return _only(name, 1, 1, "yaml_too_large", kilobytes=LARGEST // 1024)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        return _only(name, line, column, "table_not_utf8")
    return _parsed(name, text)


def read_yaml_text(name: str, text: str) -> YamlFile:
    """The same for a text that came another way than in a file; `name` stands where the file would."""
    if len(text.encode()) > LARGEST:
        return _only(name, 1, 1, "yaml_too_large", kilobytes=LARGEST // 1024)
    return _parsed(name, text)


def _only(file: str, line: int, column: int, code: str, **params: Any) -> YamlFile:
    return YamlFile(file, None, {}, (Problem(file, line, str(column), code, params),))


def _parsed(name: str, text: str) -> YamlFile:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            refused = _refused(name, YAML(typ="safe", pure=True).parse(text))
            if refused is not None:
                return refused
            data = YAML(typ="rt", pure=True).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return _only(
            name, line, column, "yaml_wrong", detail=shown(str(error.problem or error.context or ""))
        )
    except (YAMLError, ValueError, IndexError, OverflowError, RecursionError) as error:
        return _only(name, 1, 1, "yaml_wrong", detail=shown(str(error).split("\n", 1)[0]))
    places: dict[Path_, Place] = {}
    return YamlFile(name, _plain(data, (), places), places)


def _refused(name: str, events: Iterable[Any]) -> YamlFile | None:
    """What points elsewhere, says what type it is, or nests deeper than any file of ours."""
    depth = 0
    for event in events:
        kind = type(event).__name__
        depth += kind.endswith(("MappingStartEvent", "SequenceStartEvent"))
        depth -= kind.endswith(("MappingEndEvent", "SequenceEndEvent"))
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if depth > DEEPEST:
            return _only(name, line, column, "yaml_too_deep", most=DEEPEST)
        hidden = getattr(event, "anchor", None) or getattr(event, "tag", None)
        if hidden:
            return _only(name, line, column, "yaml_alias", name=shown(str(hidden)))
    return None


def _plain(value: Any, path: Path_, places: dict[Path_, Place]) -> Any:
    """Values of the library as plain ones; where each stands goes into `places`."""
    if isinstance(value, dict):
        plain = {}
        for key, part in value.items():
            inner = (*path, str(key))
            line, column = value.lc.value(key)  # type: ignore[attr-defined]
            places[inner] = (line + 1, column + 1)
            plain[str(key)] = _plain(part, inner, places)
        return plain
    if isinstance(value, list):
        for n in range(len(value)):
            line, column = value.lc.item(n)  # type: ignore[attr-defined]
            places[(*path, n)] = (line + 1, column + 1)
        return [_plain(part, (*path, n), places) for n, part in enumerate(value)]
    if value is None or isinstance(value, bool):
        return value
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    return str(value)
