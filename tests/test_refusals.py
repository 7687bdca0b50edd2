"""No refusal reaches a reader with a hole in its sentence: what a message names, every place that says it fills in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

APP = Path(__file__).resolve().parent.parent / "app"
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(APP.rglob("*.py"))}
REFUSALS = {"Conflict", "Invalid", "NotAllowed", "NotFound", "Reason"}


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _text(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _messages() -> dict[str, set[str]]:
    """The placeholders of every sentence that has a code."""
    found: dict[str, set[str]] = {}
    for tree in TREES.values():
        for table in (node for node in ast.walk(tree) if isinstance(node, ast.Dict)):
            for key, value in zip(table.keys, table.values, strict=True):
                code = _text(key)
                if code and isinstance(value, ast.Call) and _name(value) in ("_", "_l") and value.args:
                    found.setdefault(code, set()).update(
                        re.findall(r"%\((\w+)\)", _text(value.args[0]) or "")
                    )
    return found


def _said() -> Iterator[tuple[str, str, set[str]]]:
    """Where a code is said, and with which parameters; calls that hand on parameters as a whole are left out."""
    for path, tree in TREES.items():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            code = _text(call.args[0]) if call.args else None
            if code is None or _name(call) not in REFUSALS:
                continue
            given = {keyword.arg for keyword in call.keywords}
            if _name(call) == "Reason" and len(call.args) > 1:
                table = call.args[1]
                if not isinstance(table, ast.Dict):
                    continue
                given = {_text(key) for key in table.keys}
            if None not in given:
                yield code, f"{path.relative_to(APP)}:{call.lineno}", {name for name in given if name}


def test_every_refusal_fills_in_its_sentence() -> None:
    messages, said = _messages(), list(_said())
    assert len(messages) > 500 and len(said) > 300, "the search has gone blind"
    holes = {where: missing for code, where, given in said if (missing := messages.get(code, set()) - given)}
    assert holes == {}
    wordless = [
        (code, where) for code, where, given in said if code not in messages and "reasons" not in given
    ]
    assert wordless == []
