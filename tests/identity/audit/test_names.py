"""The trail speaks the reader's language: no action and no subject shows its code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from app.identity.audit.words import SUBJECTS, VERBS

APP = Path(__file__).parents[3] / "app"


def _written() -> Iterator[tuple[str, str]]:
    """Action and subject of every call of `audit` that names them."""
    for file in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            called = getattr(node, "func", None)
            name = getattr(called, "id", getattr(called, "attr", ""))
            if not isinstance(node, ast.Call) or name != "audit" or len(node.args) < 3:
                continue
            texts = [one.value if isinstance(one, ast.Constant) else "" for one in node.args[1:3]]
            if all(isinstance(text, str) for text in texts):
                yield texts[0], texts[1]


def test_everything_that_is_audited_has_a_name() -> None:
    found = list(_written())
    assert len(found) > 100
    kinds = {kind for _action, kind in found if kind} | {a.partition(".")[0] for a, _kind in found if a}
    verbs = {action.partition(".")[2] for action, _kind in found if "." in action}
    assert kinds - SUBJECTS.keys() == set()
    assert verbs - VERBS.keys() == set()
