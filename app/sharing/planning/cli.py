"""`flask sharing plan`: fits the wishes of a file into its instruments; needs no database and no server."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.sharing.planning.engine.documents import BadInstance, Problem, instance_from, plan_document
from app.sharing.planning.engine.locator import Locator
from app.sharing.planning.words import PHASE_NAMES

if TYPE_CHECKING:
    from app.sharing.planning.engine.model import Instance, Plan, Progress

PROBLEMS = {
    "no_such_file": _l("文件不存在"),
    "no_such_folder": _l("目录不存在"),
    "unreadable": _l("文件无法读取：%(detail)s"),
    "unwritable": _l("无法写入：%(detail)s"),
    "not_utf8": _l("不是 UTF-8 文本"),
    "not_json": _l("不是有效的 JSON：%(detail)s"),
    "format": _l("格式必须为“%(format)s”，而不是 %(value)s"),
    "missing": _l("缺少此项"),
    "not_whole": _l("必须是 %(low)s 到 %(high)s 之间的整数，而不是 %(value)s"),
    "not_text": _l("必须是 1 到 %(most)s 个字符的文本，而不是 %(value)s"),
    "not_ratio": _l("必须是大于 0 且不超过 %(most)s 的数，而不是 %(value)s"),
    "not_list": _l("必须是列表，而不是 %(value)s"),
    "not_object": _l("必须是对象，而不是 %(value)s"),
    "not_pair": _l("必须是一对整数，而不是 %(value)s"),
    "too_many": _l("有 %(count)s 项，最多允许 %(most)s 项"),
    "reversed": _l("结束必须晚于开始，而不是 %(value)s"),
    "beyond": _l("必须在时段 0 到 %(slots)s 之内，而不是 %(value)s"),
    "id_twice": _l("编号 %(value)s 已用于 %(other)s"),
    "no_window": _l("至少需要一个时间窗"),
    "no_instrument": _l("至少需要一台可用仪器"),
    "unknown_instrument": _l("%(value)s 不是本文件中的仪器"),
    "unknown_enterprise": _l("本文件中没有 %(value)s 的申请"),
    "named_twice": _l("%(value)s 出现了两次"),
    "key_twice": _l("键 %(key)s 出现了不止一次"),
    "more": _l("另有 %(count)s 处问题"),
}
SHOWN = 200
FILE = click.Path(path_type=Path)


@click.command("plan")
@click.argument("instance", type=FILE)
@click.option(
    "--seconds",
    default=60.0,
    show_default=True,
    type=click.FloatRange(0.1, 86400),
    help="Time limit, reading and writing included",
)
@click.option(
    "--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Solvers side by side"
)
@click.option(
    "--seed", default=0, show_default=True, type=click.IntRange(0, 2**31 - 1), help="Seed of the search"
)
@click.option("--rounds", type=click.IntRange(0), help="Deterministic limit: the same plan on every machine")
@click.option("--out", required=True, type=FILE, help="The plan, JSON")
def plan(instance: Path, seconds: float, workers: int, seed: int, rounds: int | None, out: Path) -> None:
    """Fit the flexible requests of INSTANCE (parklink-schedule/1) into its instruments.

    Ctrl-C ends the search and writes the best plan found so far; a second one ends the command.
    """
    from app.sharing.planning.engine.solver import solve

    began = time.perf_counter()
    wanted = _read(instance)
    if not out.absolute().parent.is_dir():
        _refuse(out, "no_such_folder")
    outside = 2 * (time.perf_counter() - began)  # reading was part of the time, and writing takes no longer
    bar = _Bar(sys.stderr) if sys.stderr.isatty() else None
    with _interruptible() as interrupted:
        answer = solve(
            wanted,
            seconds=max(seconds / 2, seconds - outside),
            workers=workers,
            seed=seed,
            rounds=rounds,
            on_progress=bar,
            should_stop=interrupted,
        )
    if bar:
        bar.close()
    try:
        _write(out, json.dumps(plan_document(answer), ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        _refuse(out, "unwritable", detail=error.strerror or str(error))
    click.echo(_summary(answer))


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """While this lasts the first interrupt only asks to stop; the second one means it."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    before = {kind: signal.getsignal(kind) for kind in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for kind, handler in before.items():
            signal.signal(kind, handler)

    def stop(_kind: int, _frame: object) -> None:
        asked.set()
        restore()

    for kind in before:
        signal.signal(kind, stop)
    try:
        yield asked.is_set
    finally:
        restore()


def _summary(plan: Plan) -> str:
    states = {"optimal": _("已证明最优"), "feasible": _("可行")}
    return _(
        "%(state)s：价值 %(value)s，上界 %(bound)s，差距 %(gap)s；排入 %(placed)s，未排入 %(refused)s；%(seconds)s 秒",
        state=states[plan.status],
        value=plan.value,
        bound=plan.bound,
        gap=f"{plan.gap_ratio:.3%}",
        placed=len(plan.assignments),
        refused=len(plan.rejected),
        seconds=f"{plan.seconds:.1f}",
    )


def _read(path: Path) -> Instance:
    """The instance of a file; on any problem one line each on standard error, exit 2."""
    text, document, lost = _read_json(path)
    locate = Locator(text)
    problems = [Problem(p, "key_twice", {"key": p[-1]}) for p in (locate.repeated() if lost else ())]
    try:
        wanted = instance_from(document)
    except BadInstance as bad:
        problems += bad.problems
    if not problems:
        return wanted
    for problem in problems[:SHOWN]:
        click.echo(_line(path, problem, *locate.line_and_column(problem.path)), err=True)
    if len(problems) > SHOWN:
        click.echo(f"{path}:1:1: {_sentence('more', {'count': len(problems) - SHOWN})}", err=True)
    sys.exit(2)


def _read_json(path: Path) -> tuple[str, object, int]:
    """Text and content of a file, and how many pairs of one key the decoder dropped; what cannot be read ends here."""
    lost = 0

    def once(pairs: list[tuple[str, Any]]) -> dict[str, object]:
        nonlocal lost
        row = dict(pairs)
        lost += len(pairs) - len(row)
        return row

    try:
        text = path.read_bytes().decode("utf-8-sig")
        return text, json.loads(text, object_pairs_hook=once), lost
    except FileNotFoundError:
        _refuse(path, "no_such_file")
    except OSError as error:
        _refuse(path, "unreadable", detail=error.strerror or str(error))
    except UnicodeDecodeError:
        _refuse(path, "not_utf8")
    except json.JSONDecodeError as error:
        _refuse(path, "not_json", line=error.lineno, column=error.colno, detail=error.msg)
    except (ValueError, RecursionError) as error:
        _refuse(path, "not_json", detail=str(error))


def _line(path: Path, problem: Problem, line: int, column: int) -> str:
    where = f"{problem.where}: " if problem.path else ""
    return f"{path}:{line}:{column}: {where}{_sentence(problem.code, problem.params)}"


def _sentence(code: str, params: Mapping[str, object]) -> str:
    return str(PROBLEMS[code]) % dict(params)


def _refuse(path: Path, code: str, line: int = 1, column: int = 1, **params: object) -> NoReturn:
    click.echo(f"{path}:{line}:{column}: {_sentence(code, params)}", err=True)
    sys.exit(2)


def _write(out: Path, text: str) -> None:
    """Write beside the target and swap, so that a failure leaves no half file."""
    handle, name = tempfile.mkstemp(dir=out.absolute().parent, prefix=f".{out.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class _Bar:
    """One line on the terminal: time used, value, proven bound and the gap between them."""

    WIDTH = 24

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal

    def __call__(self, now: Progress) -> None:
        """Redraw."""
        full = round(self.WIDTH * min(1.0, now.done_ratio))
        gap = "–" if now.gap_ratio is None else f"{now.gap_ratio:.3%}"
        bound = "–" if now.bound is None else str(now.bound)
        line = _(
            "%(phase)s  价值 %(value)s  上界 %(bound)s  差距 %(gap)s",
            phase=PHASE_NAMES[now.phase],
            value=now.value,
            bound=bound,
            gap=gap,
        )
        self._terminal.write(
            f"\r[{'█' * full}{'·' * (self.WIDTH - full)}] {now.seconds:5.1f} s  {line}\x1b[K"
        )
        self._terminal.flush()

    def close(self) -> None:
        """Leave the line behind."""
        self._terminal.write("\n")
        self._terminal.flush()
