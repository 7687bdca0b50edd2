"""`flask chain makers`: who makes what a file of queries describes; needs no database and no server."""

from __future__ import annotations

import csv
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.hall.files.commands import PLACE

if TYPE_CHECKING:
    from app.chain.makers.rules import Candidate
    from app.chain.makers.tables import Problem, Query


PROBLEMS = {
    "no_such_file": _l("文件不存在"),
    "unreadable": _l("文件无法读取：%(detail)s"),
    "not_utf8": _l("不是 UTF-8 文本"),
    "not_csv": _l("不是有效的 CSV：%(detail)s"),
    "no_column": _l("缺少列“%(column_name)s”"),
    "column_twice": _l("列“%(column_name)s”出现了两次"),
    "too_many_cells": _l("单元格多于表头的 %(columns)s 列"),
    "no_rows": _l("没有任何数据行"),
    "empty": _l("“%(column_name)s”不能为空"),
    "not_a_number": _l("“%(value)s”不是数字"),
    "query_twice": _l("查询编号“%(value)s”已用于另一段文字"),
    "unwritable": _l("无法写入：%(detail)s"),
}


@click.command("makers")
@click.option("--catalogue", required=True, type=PLACE, help="CSV: enterprise, product[, share]")
@click.option("--queries", required=True, type=PLACE, help="CSV: query, text")
@click.option("--enterprises", type=PLACE, help="CSV: enterprise, name, industry")
@click.option("--top", default=10, show_default=True, type=click.IntRange(min=1), help="Candidates per query")
@click.option("--out", required=True, type=PLACE, help="CSV: query, rank, enterprise, score, reason")
def makers(catalogue: Path, queries: Path, enterprises: Path | None, top: int, out: Path) -> None:
    """Rank the firms that make what each query describes."""
    from app.chain.makers.rules import build
    from app.chain.makers.tables import read_catalogue, read_enterprises, read_queries

    rows, problems = read_catalogue(catalogue)
    asked, wrong = read_queries(queries)
    problems += wrong
    firms, wrong = read_enterprises(enterprises) if enterprises else ([], [])
    problems += wrong
    if not problems and not out.absolute().parent.is_dir():
        _refuse(out, "no_such_file")
    if problems:
        for problem in problems:
            click.echo(_line(problem), err=True)
        sys.exit(2)
    with _watch(len(rows)) as tick:
        index = build(rows, firms, tick)
    answers = index.rank_many([query.text for query in asked], top)
    try:
        with _bar(_("排序"), len(asked)) as bar:
            _write(out, _lines(asked, answers, bar.update))
    except OSError as error:
        _refuse(out, "unwritable", detail=error.strerror or str(error))


def _lines(
    asked: Iterable[Query], answers: Iterable[list[Candidate]], done: Callable[[int], None]
) -> Iterator[tuple[object, ...]]:
    for query, found in zip(asked, answers, strict=True):
        for rank, candidate in enumerate(found, start=1):
            yield query.query, rank, candidate.enterprise, f"{candidate.score:.6g}", candidate.reason
        done(1)


def _line(problem: Problem) -> str:
    sentence = str(PROBLEMS[problem.code]) % dict(problem.params)
    return f"{problem.file}:{problem.line}:{problem.column}: {sentence}"


def _refuse(path: Path, code: str, **params: str) -> None:
    click.echo(f"{path}:1:1: {str(PROBLEMS[code]) % params}", err=True)
    sys.exit(2)


def _bar(label: str, length: int) -> Any:
    """Show a bar on a terminal; in a pipe click would still print its label, so it is hidden there."""
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())


@contextmanager
def _watch(rows: int) -> Iterator[Callable[[str, float], None]]:
    """Turn the stages of learning into one bar of a hundred steps."""
    begin = {"towers": 0, "signals": 40, "blend": 65, "last": 80}
    length = {"towers": 40, "signals": 25, "blend": 15, "last": 20}
    with _bar(_("学习 %(rows)s 行目录（五万行约一分钟以内）", rows=rows), 100) as bar:
        yield lambda stage, ratio: bar.update(int(begin[stage] + length[stage] * ratio) - bar.pos)
        bar.update(100 - bar.pos)


def _write(out: Path, lines: Iterable[tuple[object, ...]]) -> None:
    """Write beside the target and swap, so that a failure leaves no half file."""
    handle, name = tempfile.mkstemp(dir=out.absolute().parent, prefix=f".{out.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("query", "rank", "enterprise", "score", "reason"))
            writer.writerows(lines)
        Path(name).chmod(0o644)
        Path(name).replace(out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
