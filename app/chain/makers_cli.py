"""`flask chain makers`: who makes what a file of queries describes; needs no database and no server."""

from __future__ import annotations

import csv
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from app.chain.makers import Candidate
    from app.chain.makers.tables import Problem

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
FILE = click.Path(path_type=Path)


@click.command("makers")
@click.option("--catalogue", required=True, type=FILE, help="CSV: enterprise, product[, share]")
@click.option("--queries", required=True, type=FILE, help="CSV: query, text")
@click.option("--enterprises", type=FILE, help="CSV: enterprise, name, industry")
@click.option("--top", default=10, show_default=True, type=click.IntRange(min=1), help="Candidates per query")
@click.option("--out", required=True, type=FILE, help="CSV: query, rank, enterprise, score, reason")
def makers(catalogue: Path, queries: Path, enterprises: Path | None, top: int, out: Path) -> None:
    """Rank the firms that make what each query describes."""
    from app.chain.makers import build
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
    if sys.stderr.isatty():
        click.echo(_("正在学习 %(rows)s 行目录（五万行约需一分钟以内）…", rows=len(rows)), err=True)
    index = build(rows, firms)
    answers = index.rank_many([query.text for query in asked], top)
    with _progress(answers, len(asked)) as shown:
        lines = [
            (query.query, rank, candidate.enterprise, f"{candidate.score:.6f}", candidate.reason)
            for query, found in zip(asked, shown, strict=True)
            for rank, candidate in enumerate(found, start=1)
        ]
    try:
        _write(out, lines)
    except OSError as error:
        _refuse(out, "unwritable", detail=error.strerror or str(error))


def _line(problem: Problem) -> str:
    sentence = str(PROBLEMS[problem.code]) % dict(problem.params)
    return f"{problem.file}:{problem.line}:{problem.column}: {sentence}"


def _refuse(path: Path, code: str, **params: str) -> None:
    click.echo(f"{path}:1:1: {str(PROBLEMS[code]) % params}", err=True)
    sys.exit(2)


def _progress(answers: Iterable[list[Candidate]], length: int):  # type: ignore[no-untyped-def]
    """Show a bar on a terminal; in a pipe click would still print its label, so the bar is switched off there."""
    return click.progressbar(
        answers, length=length, label=_("排序"), file=sys.stderr, hidden=not sys.stderr.isatty()
    )


def _write(out: Path, lines: Iterable[tuple[object, ...]]) -> None:
    """Write beside the target and swap, so that a failure leaves no half file."""
    handle, name = tempfile.mkstemp(dir=out.absolute().parent, prefix=f".{out.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("query", "rank", "enterprise", "score", "reason"))
            writer.writerows(lines)
        os.chmod(name, 0o644)
        os.replace(name, out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
