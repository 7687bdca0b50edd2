"""The house rules a machine can see: arrows between modules, guards, one commit, one clock, sizes."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from app.hall.rooms import load_rooms

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
ROOMS = {room.name: room for room in load_rooms()}
# Modules of a room that are not pure cores: pages, calls, words, files for people, jobs, demo. All else is pure.
EDGE = re.compile(
    r"__init__|room|starter|feature|roles|door|nav|pages|desk|models|service|schemas|views|store|contributions|sheet|pdf|jobs|states_in_words|sqlite_hash"
    r"|search_index|shapes|park_time|moments|queries|grounds|choices|sources|handlers|sight|measures|invitation|papers?|ties|portrait|ical|notice|files"
    r"|(api|forms|messages|demo|cli|wording|words)(_\w+)?|\w+_(api|forms|messages|cli|wording|words|pdf|files|sheet)"
)
FEATURE = ("rules", "service", "models")  # a folder with one of these is a feature
WHOLLY_PURE = {"scheduling"}  # its `models.py` are plain facts
PURE_MAY_IMPORT = {"networkx", "numpy", "scipy", "ortools", "typing_extensions"}
FILES = sorted(APP.rglob("*.py"))
FOLDERS = sorted({path.relative_to(APP).parts[0] for path in FILES})


def of_every_file(rule: Callable[[Path], None]) -> Callable[[str], None]:
    """A test per folder of `app` that names every file which breaks the rule, and how."""

    @pytest.mark.parametrize("folder", FOLDERS)
    def test(folder: str) -> None:
        faults = []
        for path in FILES:
            if path.relative_to(APP).parts[0] == folder:
                try:
                    rule(path)
                except AssertionError as fault:
                    faults.append(f"{path.relative_to(APP)}: {fault}")
        assert faults == []

    return test


def _imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """(module, name) of every import, also inside functions; not those only for type checking."""
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            skipped.update(ast.walk(node))
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, ""
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:
                yield node.module or "", alias.name


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _room_and_part(path: Path) -> tuple[str, str]:
    parts = path.relative_to(APP).with_suffix("").parts
    return (parts[0], parts[1]) if len(parts) > 1 and parts[0] in ROOMS else ("", parts[0])


def _dotted(module: str, name: str) -> list[str]:
    full = f"{module}.{name}" if name else module
    return full.split(".")


@of_every_file
def test_rooms_meet_only_through_services_of_lower_rooms(path: Path) -> None:
    room, part = _room_and_part(path)
    for module, name in _imports(_tree(path)):
        dotted = _dotted(module, name)
        if dotted[0] != "app" or len(dotted) < 2 or dotted[1] not in ROOMS or dotted[1] == room:
            continue
        if not room:
            assert part == "__init__" or dotted[1] == "identity", f"the hall knows {dotted}"
            continue
        assert dotted[1] in ROOMS[room].may_call, f"{room} may not know {dotted[1]}"
        assert dotted[2:3] == ["door"] or part == "demo", f"only the door: {'.'.join(dotted)}"


def _is_edge(parts: Sequence[str]) -> bool:
    """A room's package of pages or use cases, or a file of that name in one of its features."""
    return parts[0] not in WHOLLY_PURE and any(EDGE.fullmatch(part) for part in parts)


def _works_on_rows(path: Path) -> bool:
    """A noun beside a feature's rules (a catalogue, a statement) that reads the database: no rules may import it."""
    feature = len(path.relative_to(APP).parts) == 3
    beside = feature and path.stem != "rules" and any((path.parent / f"{one}.py").exists() for one in FEATURE)
    reached = {
        ".".join(_dotted(module, name)[:3]) if module.startswith("app.") else module.split(".")[0]
        for module, name in _imports(_tree(path))
    }
    return beside and bool(reached & {"sqlalchemy", "flask", "app.hall.db"})


SERVICE_OF_NOUNS = {"sharing"}
"""Rooms whose features have more than one file of use cases: there `rules.py`, the files of an `engine` folder and all
of the room that they import are pure, and nothing else claims to be."""


@cache
def _pure_files(room: str) -> frozenset[Path]:
    found: set[Path] = set()
    new = {path for path in FILES if APP / room in path.parents and _says_it_is_pure(path)}
    while new:
        found |= new
        new = {target for path in new for target in _own_imports(room, path)} - found
    return frozenset(found)


def _says_it_is_pure(path: Path) -> bool:
    return path.stem in {"rules", "offers", "states", "tokens"} or path.parent.name == "engine"


def _own_imports(room: str, path: Path) -> Iterator[Path]:
    for module, name in _imports(_tree(path)):
        if module == f"app.{room}" or module.startswith(f"app.{room}."):
            for dotted in (f"{module}.{name}", module):
                target = ROOT.joinpath(*dotted.split(".")).with_suffix(".py")
                if target.exists():
                    yield target
                    break


def _is_not_pure(room: str, path: Path) -> bool:
    if room in SERVICE_OF_NOUNS:
        return path not in _pure_files(room)
    return _is_edge(path.relative_to(APP / room).with_suffix("").parts) or _works_on_rows(path)


@of_every_file
def test_pure_cores_import_nothing_but_mathematics(path: Path) -> None:
    room, part = _room_and_part(path)
    if not room or _is_not_pure(room, path):
        return
    import sys

    for module, name in _imports(_tree(path)):
        top = module.split(".")[0]
        if top == "app":
            dotted = _dotted(module, name)
            own = dotted[1] == room and len(dotted) > 2 and not _is_edge(dotted[2:])
            if room in SERVICE_OF_NOUNS:
                own = dotted[1] == room  # what it imports is pure as well, or found out when its turn comes
            elif own and len(dotted) > 3:
                other = APP.joinpath(*dotted[1:4]).with_suffix(".py")
                own = not (other.exists() and _works_on_rows(other))
            hall = dotted[:3] in (
                ["app", "hall", "errors"],
                ["app", "hall", "files"],
                ["app", "hall", "months"],
                ["app", "hall", "text"],
            )
            reckoning = dotted == ["app", "hall", "clock", "months_later"]
            assert own or hall or reckoning, f"{path.name}: {module}"
        else:
            allowed = (
                top in PURE_MAY_IMPORT or top in sys.stdlib_module_names or top in PURE_EXTRA.get(part, ())
            )
            assert allowed, f"{path.name} imports {module}"


# Files that read or write what people send each other are pure too: bytes in, rows out.
PURE_EXTRA = {
    "importing": ("openpyxl", "defusedxml"),
    "exporting": ("openpyxl",),
    "exchange": ("openpyxl", "pyarrow"),
    "calendar": ("chinese_calendar",),
    "rules": ("ruamel",),
}


def _calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


@of_every_file
def test_one_commit_and_one_clock(path: Path) -> None:
    calls = set(_calls(_tree(path)))
    if path.name not in {"transaction.py"}:
        assert not any(call.endswith("session.commit") for call in calls)
    if path.name not in {"clock.py"}:
        forbidden = {
            "dt.datetime.now",
            "datetime.now",
            "datetime.datetime.now",
            "dt.date.today",
            "date.today",
            "time.time",
        }
        assert not calls & forbidden


@of_every_file
def test_files_are_small_and_say_why_they_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= 400
    assert ast.get_docstring(_tree(path)), "a module starts with one line that says why it exists"
    assert path.stem not in {"utils", "helpers", "manager", "common"}


def test_every_route_carries_a_guard(app: Flask) -> None:
    bare = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not getattr(app.view_functions[rule.endpoint], "__guard__", "")
    ]
    assert bare == []


def test_every_page_sends_a_stranger_to_the_sign_in_page_and_every_call_answers_401(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if getattr(view, "__guard__", "public") == "public":
            continue
        path = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
        for name, converter in rule._converters.items():
            sample = "1" if type(converter).__name__ == "IntegerConverter" else "x"
            path = path.replace(f"<int:{name}>", sample).replace(f"<{name}>", sample)
            path = path.replace(f"<string:{name}>", sample).replace(f"<path:{name}>", sample)
        method = (
            "GET" if "GET" in (rule.methods or ()) else sorted((rule.methods or {"POST"}) - {"OPTIONS"})[0]
        )
        answer = client.open(path, method=method)
        expected = 401 if path.startswith("/api/") else 302
        assert answer.status_code == expected, f"{method} {path}"
        if expected == 302:
            assert "/sign-in" in answer.location


def test_every_room_says_what_it_is_for() -> None:
    for room in ROOMS:
        assert len(importlib.import_module(f"app.{room}").__doc__ or "") > 80
