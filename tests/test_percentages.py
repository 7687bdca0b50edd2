"""Every percentage that is shown is listed with its numerator, its denominator and a test that exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/methods/percentages.md"
IN_TEMPLATES = re.compile(r"\|\s*percent\b|ui\.progress\(")
IN_CODE = re.compile(r"(?<!def )(?<![\w.])(?:units\.|rules\.)?percent\(")
MAKES_THEM = {"app/templates/macros.html", "app/hall/text/units.py"}


def rows() -> dict[str, list[str]]:
    found = {}
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("| `") else []
        if cells:
            assert len(cells) == 5, line
            found["app/" + cells[0].strip("`")] = cells
    return found


def shown() -> set[str]:
    found = {
        path
        for path in (ROOT / "app/templates").rglob("*.html")
        if IN_TEMPLATES.search(path.read_text("utf-8"))
    }
    for path in (ROOT / "app").rglob("*.py"):
        lines = [one for one in path.read_text("utf-8").splitlines() if not one.lstrip().startswith(">>>")]
        if any(IN_CODE.search(line) for line in lines):
            found.add(path)
    return {str(path.relative_to(ROOT)) for path in found} - MAKES_THEM


def test_every_percentage_is_listed_and_nothing_else() -> None:
    assert shown() == set(rows())


def test_each_has_a_numerator_a_denominator_and_a_test_that_exists() -> None:
    for where, (_where, what, numerator, denominator, test) in rows().items():
        assert what and numerator and denominator, where
        text = (ROOT / test.strip("`")).read_text("utf-8")
        assert "def test_" in text, where
