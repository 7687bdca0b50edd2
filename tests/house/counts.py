"""What the house rules count, over all of `app`: `python -m tests.house.counts` prints it beside its bound."""

from __future__ import annotations

import ast
import re
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import networkx as nx

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
BRANCHES = (
    ast.If,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.IfExp,
    ast.ExceptHandler,
    ast.Assert,
    ast.comprehension,
)


@cache
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(APP.rglob("*.py"))}


@cache
def texts() -> dict[Path, str]:
    return {path: path.read_text("utf-8") for path in trees()}


def every_text() -> Iterator[str]:
    """Everything that the formatter writes, but old migrations: they stay as they were."""
    for folder in ("app", "benchmarks", "docs", "frontend", "tests"):
        yield from (path.read_text("utf-8") for path in (ROOT / folder).rglob("*.py"))


def functions() -> Iterator[tuple[Path, Function]]:
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, FUNCTIONS):
                yield path, node


def complexity(function: Function) -> int:
    """McCabe's number: one, and one more for every decision; inner functions count for themselves."""
    inner = {
        node
        for one in ast.walk(function)
        if isinstance(one, FUNCTIONS) and one is not function
        for node in ast.walk(one)
    }
    own = [node for node in ast.walk(function) if node not in inner]
    decisions = sum(isinstance(node, BRANCHES) for node in own)
    decisions += sum(len(node.values) - 1 for node in own if isinstance(node, ast.BoolOp))
    return 1 + decisions + sum(len(node.cases) for node in own if isinstance(node, ast.Match))


def _for_types_only(tree: ast.Module) -> set[ast.AST]:
    return {
        node
        for one in ast.walk(tree)
        if isinstance(one, ast.If) and "TYPE_CHECKING" in ast.dump(one.test)
        for part in one.body
        for node in ast.walk(part)
    }


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[str]:
    """The modules of `app` that this file needs to run, also those imported inside functions."""
    known = {_module(one) for one in trees()}
    skipped = _for_types_only(trees()[path])
    for node in ast.walk(trees()[path]):
        if node in skipped or not isinstance(node, ast.ImportFrom | ast.Import):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
            continue
        for alias in node.names:
            full = f"{node.module}.{alias.name}"
            if full in known:
                yield full
            elif node.module in known:
                yield str(node.module)


def circles() -> list[list[str]]:
    """Files that need each other in a loop."""
    graph = nx.DiGraph()
    for path in trees():
        graph.add_edges_from((_module(path), target) for target in imports(path) if target != _module(path))
    return sorted(sorted(found) for found in nx.strongly_connected_components(graph) if len(found) > 1)


def inner_imports() -> list[str]:
    """Imports inside functions, `file: module`."""
    return [
        f"{path.relative_to(ROOT)}: {ast.unparse(node)}"
        for path, function in functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def role_literals() -> dict[Path, int]:
    """How often a role's code is written out, by file."""
    from app.identity import roles

    codes = {str(value) for name, value in vars(roles).items() if name.isupper() and isinstance(value, str)}
    codes |= {role.code for role in getattr(roles, "ROLES", ()) if hasattr(role, "code")}
    found: dict[Path, int] = {}
    for path, tree in trees().items():
        number = sum(isinstance(node, ast.Constant) and node.value in codes for node in ast.walk(tree))
        if number:
            found[path] = number
    return found


@dataclass(frozen=True)
class Count:
    """One figure: what it is, how much there is, the most there may be."""

    what: str
    value: float
    bound: float

    @property
    def holds(self) -> bool:
        return self.value <= self.bound


def counts() -> list[Count]:
    made = [function for _path, function in functions()]
    numbers = [complexity(function) for function in made]
    lines = sum(text.count("\n") for text in texts().values())
    words = sum(len(re.findall(r"\bAny\b", text)) for text in texts().values())
    vague = sum(function.returns is not None and ast.unparse(function.returns) == "Any" for function in made)
    pages = [
        line for page in (APP / "templates").rglob("*.html") for line in page.read_text("utf-8").splitlines()
    ]
    literals = role_literals()
    length = [(node.end_lineno or node.lineno) - node.lineno + 1 for node in made]
    return [
        Count("lines of a function, median", statistics.median(length), 8),
        Count("lines of a function, largest", max(length), 86),
        Count("complexity, mean", round(statistics.mean(numbers), 2), 2.8),
        Count(
            "complexity above 10, per cent of functions",
            _percent(sum(n > 10 for n in numbers), len(numbers)),
            1,
        ),
        Count("the word Any per 1,000 lines", round(1000 * words / lines, 1), 8),
        Count("functions that return Any, per cent", _percent(vague, len(made)), 3),
        Count("circles of files", len(circles()), 0),
        Count("fmt: skip", sum(text.count("# fmt: " + "skip") for text in every_text()), 0),
        Count("imports inside functions", len(inner_imports()), 40),
        Count(
            "template lines above 200 characters, per cent",
            _percent(sum(len(p) > 200 for p in pages), len(pages)),
            1,
        ),
        Count("role codes written out", sum(literals.values()), 80),
        Count("files that write role codes out", len(literals), 8),
    ]


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1)


def main() -> int:
    for one in counts():
        sign = " " if one.holds else "!"
        sys.stdout.write(f"{sign} {one.what:<48} {one.value:>8g}   at most {one.bound:g}\n")
    lines = sum(text.count("\n") for text in texts().values())
    sys.stdout.write(f"  {'lines of Python in app':<48} {lines:>8}   in {len(texts())} files\n")
    if "-v" in sys.argv:
        sys.stdout.write("\n".join(["", *(" ".join(loop) for loop in circles()), *inner_imports()]) + "\n")
        for path, number in sorted(role_literals().items()):
            sys.stdout.write(f"{path.relative_to(ROOT)}: {number} role codes\n")
    return 0 if all(one.holds for one in counts()) else 1


if __name__ == "__main__":
    sys.exit(main())
