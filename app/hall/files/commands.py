"""How a file command answers: problems on standard error and 2, a CSV or JSON whole or not at all."""

from __future__ import annotations

import csv
import json
import os
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TextIO, TypeVar

import click

from app.hall.files.cells import BadCell, Problem
from app.hall.text.language import message
from app.hall.text.normalise import writable

Value = TypeVar("Value")
PLACE = click.Path(path_type=Path)


def refuse(line: str) -> NoReturn:
    """One line on standard error, exit code 2."""
    click.echo(line, err=True)
    sys.exit(2)


def problem_line(problem: Problem) -> str:
    """`clocks.csv:7:met_at: …` in the reader's language, on one line."""
    words = " ".join(message(problem.code, problem.params).split())
    return f"{problem.file}:{problem.line}:{problem.column}: {words}"


def stop_on(problems: Sequence[Problem]) -> None:
    """With any problem: one line for each, exit code 2."""
    for problem in problems:
        click.echo(problem_line(problem), err=True)
    if problems:
        sys.exit(2)


def print_json(answer: object) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False))


def write_json(path: Path, answer: object) -> None:
    """A JSON file, whole or not at all."""
    _swap(
        path,
        lambda file: file.write(json.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False) + "\n"),
    )


def write_csv(path: Path | None, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A CSV on standard output, or written beside the target and swapped: no half file, no changed one."""
    if path is None:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(map(_writable, rows))
        return

    def write(file: TextIO) -> None:
        rows_of = csv.writer(file, lineterminator="\n")
        rows_of.writerow(header)
        rows_of.writerows(map(_writable, rows))

    _swap(path, write)


def _writable(row: Sequence[object]) -> list[object]:
    return [writable(cell) if isinstance(cell, str) else cell for cell in row]


def _swap(path: Path, write: Callable[[TextIO], object]) -> None:
    """Write beside the target and swap, so that a failure leaves no half file and no changed one."""
    name = ""
    try:
        handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            write(file)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        if name:
            Path(name).unlink(missing_ok=True)
        detail = error.strerror or str(error)
        refuse(f"{path}:1:--out: {message('table_cannot_write', {'detail': detail})}")


def option(name: str, text: str, read: Callable[[str], Value]) -> Value:
    """The value of an option; what cannot be read is told as `--on:1:on: …` with exit code 2."""
    try:
        return read(text)
    except BadCell as wrong:
        problem = Problem(f"--{name}", 1, name, wrong.code, wrong.params)
    refuse(problem_line(problem))


def as_option(name: str, text: str, read: Callable[[str], Any]) -> tuple[Any, list[Problem]]:
    """The value of an option, or its problem: for a command that tells every problem at once."""
    try:
        return read(text), []
    except BadCell as bad:
        return None, [Problem(f"--{name}", 1, name, bad.code, bad.params)]


def table(rows: Sequence[Sequence[str]], numbers: Sequence[bool]) -> str:
    """Text columns for a terminal; Chinese characters count as two.

    >>> print(table([("环节", "n"), ("a", "10")], (False, True)))
    环节   n
    a     10
    """

    def width(text: str) -> int:
        return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)

    widths = [max(width(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = []
        for cell, wide, right in zip(row, widths, numbers, strict=True):
            pad = " " * (wide - width(cell))
            cells.append(pad + cell if right else cell + pad)
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def progress(rows: Iterable[Value], total: int, label: str) -> Iterable[Value]:
    """The same rows, with a bar on a terminal; nothing is shown in a pipe."""
    from tqdm import tqdm

    hidden = not sys.stderr.isatty()
    shown: Iterable[Value] = tqdm(rows, total=total, desc=label, leave=False, disable=hidden, file=sys.stderr)
    return shown


@contextmanager
def bar(total: int, label: str) -> Iterator[Callable[[int], object]]:
    """Gives the function to tell of progress; the bar is drawn on a terminal only."""
    from tqdm import tqdm

    hidden = not sys.stderr.isatty()
    with tqdm(total=total, desc=label, leave=False, disable=hidden, file=sys.stderr) as shown:
        yield shown.update
