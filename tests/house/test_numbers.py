"""Whole numbers of people and addresses have one reader: `²` is a digit to Python and no number."""

from __future__ import annotations

import ast
from pathlib import Path

APP = Path(__file__).resolve().parents[2] / "app"
BANNED = {"isdigit", "isdecimal", "isnumeric"}


def test_only_the_one_reader_asks_whether_a_text_is_a_number() -> None:
    found = [
        f"{path.relative_to(APP)}:{node.lineno}"
        for path in sorted(APP.rglob("*.py"))
        if path != APP / "hall" / "text" / "numbers.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in BANNED
    ]
    assert found == [], "use app.hall.text.numbers.whole"
