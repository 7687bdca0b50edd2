"""The house rules a machine can see: arrows between modules, guards, one commit, one clock, sizes."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app"
ROOMS = ("identity", "credits", "chain", "sharing", "ecosystem")
MAY_CALL = {
    "identity": set(),
    "credits": {"identity"},
    "chain": {"identity"},
    "sharing": {"identity", "credits"},
    "ecosystem": {"identity", "chain", "sharing", "credits"},
}
# Modules of a room that are not pure cores: pages, calls, words, files for people, jobs, demo. All else is pure.
EDGE = re.compile(
    r"__init__|room|nav|models|service|views|jobs|states_in_words|sqlite_hash|search_index|park_time|moments"
    r"|(api|forms|messages|demo|cli|wording|words)(_\w+)?|\w+_(api|forms|messages|cli|wording|words|pdf|files|sheet)"
)
PURE_MAY_IMPORT = {"networkx", "numpy", "scipy", "ortools"}
FILES = sorted(APP.rglob("*.py"))


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


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _room_and_part(path: Path) -> tuple[str, str]:
    parts = path.relative_to(APP).with_suffix("").parts
    return (parts[0], parts[1]) if len(parts) > 1 and parts[0] in ROOMS else ("", parts[0])


def _dotted(module: str, name: str) -> list[str]:
    full = f"{module}.{name}" if name else module
    return full.split(".")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(APP)))
def test_rooms_meet_only_through_services_of_lower_rooms(path: Path) -> None:
    room, part = _room_and_part(path)
    for module, name in _imports(_tree(path)):
        dotted = _dotted(module, name)
        if dotted[0] != "app" or len(dotted) < 2 or dotted[1] not in ROOMS or dotted[1] == room:
            continue
        if not room:
            assert part in {"__init__", "navigation"} or dotted[1] == "identity", f"the hall knows {dotted}"
            continue
        assert dotted[1] in MAY_CALL[room], f"{room} may not know {dotted[1]}"
        assert dotted[2:3] == ["service"] or part == "demo", f"only service functions: {'.'.join(dotted)}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(APP)))
def test_pure_cores_import_nothing_but_mathematics(path: Path) -> None:
    room, part = _room_and_part(path)
    if not room or EDGE.fullmatch(part):
        return
    import sys

    for module, name in _imports(_tree(path)):
        top = module.split(".")[0]
        if top == "app":
            dotted = _dotted(module, name)
            own = dotted[1] == room and len(dotted) > 2 and not EDGE.fullmatch(dotted[2])
            assert own or dotted[:2] in (["app", "errors"], ["app", "units"]), f"{path.name}: {module}"
        else:
            allowed = (
                top in PURE_MAY_IMPORT or top in sys.stdlib_module_names or top in PURE_EXTRA.get(part, ())
            )
            assert allowed, f"{path.name} imports {module}"


# Files that read or write what people send each other are pure too: bytes in, rows out.
PURE_EXTRA = {
    "importing": ("openpyxl", "defusedxml"),
    "exporting": ("openpyxl",),
    "makers": ("jieba",),
    "text": ("jieba",),
    "tokens": ("jieba",),
}


def _calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(APP)))
def test_one_commit_and_one_clock(path: Path) -> None:
    calls = set(_calls(_tree(path)))
    if path.name not in {"db.py"}:
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


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(APP)))
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
