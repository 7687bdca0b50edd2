"""`flask chain …`: the file commands of contract section 1; no database, no server, nothing kept."""

from __future__ import annotations

import csv
import json
import math
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from app.chain.makers_cli import makers

if TYPE_CHECKING:
    from app.chain.assessment import Assessment
    from app.chain.facts import Chain
    from app.chain.importing import Problem, Reading

chain_group = AppGroup("chain", help="Weak links, knock-outs, systemic risk and makers from files.")
chain_group.add_command(makers)
PLACE = click.Path(path_type=Path)


@chain_group.command("assess")
@click.argument("folder", type=PLACE)
@click.option("--add", type=PLACE, help="What-if: a folder with further positions (segments, inputs).")
@click.option("--by", type=click.Choice(["shortfall", "halt"]), default="shortfall", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
def assess_command(folder: Path, add: Path | None, by: str, as_json: bool) -> None:
    """Weak links of the chain in FOLDER (CSV files or one .xlsx), with a what-if."""
    from app.chain.assessment import assess
    from app.chain.facts import with_added
    from app.chain.importing import read_added, read_chain
    from app.chain.service.answers import assessment_answer, what_if_answer
    from app.language import lang

    reading = read_chain(folder, ("segments", "inputs", "positions"))
    problems = list(reading.problems)
    added = None
    if add is not None:
        added = read_added(add, reading.chain, label="" if add.is_file() else f"{add.name}/")
        if not problems or not added.problems:
            problems += added.problems
        else:
            problems += [p for p in added.problems if not p.code.startswith("chain_unknown_segment")]
    _stop_on(problems)
    before = assess(reading.chain, by)
    if added is None:
        if as_json:
            _print_json(assessment_answer(before, reading.chain, lang()))
        else:
            _show_assessment(before, reading.chain)
        return
    changed = with_added(reading.chain, added.chain.positions, added.chain.segments, added.chain.inputs)
    after = assess(changed, by)
    if as_json:
        _print_json(what_if_answer(before, reading.chain, after, changed, lang()))
    else:
        _show_what_if(before, reading.chain, after, changed)


@chain_group.command("knock-out")
@click.argument("folder", type=PLACE)
@click.option("--firm", help="Only this firm, with the list of who stops and the path.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
@click.option("--out", type=PLACE, help="CSV: enterprise, stopped, halted_output_wan, depth")
def knock_out_command(folder: Path, firm: str | None, as_json: bool, out: Path | None) -> None:
    """What stops in the supply network of FOLDER if one firm stops."""
    from app.chain.importing.reading import LENIENT, read_chain
    from app.chain.knockout import Network, ordered

    reading = read_chain(folder, ("supply",), lenient=LENIENT["knock-out"])
    _stop_on(reading.problems)
    network = Network(reading.chain)
    if firm is not None and firm not in network:
        _refuse(f"--firm:1:enterprise: {_sentence('chain_unknown_firm', value=firm)}")
    names = reading.chain.firm_names()
    if firm is not None:
        outcomes = [network.outcome(firm)]
    else:
        outcomes = ordered(list(_progress(network.outcomes(), len(network.firms), _("逐家停产推演"))))
    if out is not None:
        _write_csv(
            out,
            ("enterprise", "stopped", "halted_output_wan", "depth"),
            ((row.enterprise, row.stopped, _plain(row.halted_output_wan), row.depth) for row in outcomes),
        )
    rows = [
        {
            "enterprise": row.enterprise,
            "name": names.get(row.enterprise, ""),
            "stopped": row.stopped,
            "halted_output_wan": row.halted_output_wan,
            "depth": row.depth,
        }
        for row in outcomes
    ]
    if firm is not None:
        stops: list[dict[str, Any]] = [
            {"enterprise": s.enterprise, "name": names.get(s.enterprise, ""), "depth": s.depth}
            | {"segment": s.segment, "path": list(s.path)}
            for s in network.stops(firm)
        ]
        if as_json:
            _print_json(rows[0] | {"firms": stops})
            return
        _show_knock_outs(rows)
        if stops:
            head = (_("停产企业"), _("步数"), _("断供环节"), _("路径"))
            body = [
                (
                    f"{s['enterprise']} {s['name']}".strip(),
                    str(s["depth"]),
                    str(s["segment"]),
                    " → ".join(s["path"]),
                )
                for s in stops
            ]
            _table([head, *body], (False, True, False, False))
        return
    if as_json:
        _print_json({"enterprises": rows})
    elif out is None or sys.stdout.isatty():
        _show_knock_outs(rows)


@chain_group.command("risk")
@click.argument("folder", type=PLACE)
@click.option(
    "--epsilon", default="0.01", show_default=True, help="A shock has settled below this loss per round."
)
@click.option(
    "--no-substitution", is_flag=True, help="Nobody steps in for a supplier that fails (sigma = 1)."
)
@click.option("--out", type=PLACE, help="CSV: enterprise, risk, risk_down, risk_up, rounds")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
def risk_command(folder: Path, epsilon: str, no_substitution: bool, out: Path | None, as_json: bool) -> None:
    """Systemic risk of every firm in the supply network of FOLDER."""
    from app.chain.importing.reading import LENIENT, read_chain

    try:
        limit = float(epsilon)
    except ValueError:
        limit = math.nan
    if not 0 <= limit < 1:
        _refuse(f"--epsilon:1:epsilon: {_sentence('chain_bad_epsilon')}")
    reading = read_chain(folder, ("positions", "supply"), lenient=LENIENT["risk"])
    _stop_on(reading.problems)
    from app.chain.risk import systemic_risk

    with _bar(_count_firms(reading), _("系统性风险")) as advance:
        found = systemic_risk(reading.chain, limit, not no_substitution, advance)
    found.sort(key=lambda row: (-row.risk, row.enterprise))
    header = ("enterprise", "risk", "risk_down", "risk_up", "rounds")
    if out is not None:
        _write_csv(
            out,
            header,
            ((r.enterprise, repr(r.risk), repr(r.risk_down), repr(r.risk_up), r.rounds) for r in found),
        )
    names = reading.chain.firm_names()
    if as_json:
        firms = [
            {"enterprise": r.enterprise, "name": names.get(r.enterprise, ""), "risk": r.risk}
            | {"risk_down": r.risk_down, "risk_up": r.risk_up, "rounds": r.rounds}
            for r in found
        ]
        _print_json({"epsilon": limit, "substitution": not no_substitution, "enterprises": firms})
    elif out is None or sys.stdout.isatty():
        head = (_("企业"), _("名称"), _("风险"), _("向下游"), _("向上游"), _("轮数"))
        body = [
            (
                r.enterprise,
                names.get(r.enterprise, ""),
                f"{r.risk:.6f}",
                f"{r.risk_down:.6f}",
                f"{r.risk_up:.6f}",
                str(r.rounds),
            )
            for r in found
        ]
        _table([head, *body], (False, False, True, True, True, True))
        click.echo(_("数值取决于 ε 与替代假设，请以区间理解，不要只看一个数。"))


def _count_firms(reading: Reading) -> int:
    chain = reading.chain
    return len(
        {row.enterprise for row in chain.positions}
        | {row.supplier for row in chain.supplies}
        | {row.customer for row in chain.supplies}
    )


def _sentence(code: str, **params: Any) -> str:
    from app.language import message

    return message(code, params)


def _refuse(line: str) -> NoReturn:
    click.echo(line, err=True)
    sys.exit(2)


def _stop_on(problems: Sequence[Problem]) -> None:
    from app.chain.service.wording import problem_line

    for problem in problems:
        click.echo(problem_line(problem), err=True)
    if problems:
        sys.exit(2)


def _print_json(answer: Any) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False))


def _plain(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write beside the target and swap, so that a failure leaves no half file and no changed one."""
    name = ""
    try:
        handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        if name:
            Path(name).unlink(missing_ok=True)
        _refuse(f"{path}:1:--out: {_sentence('chain_cannot_write', detail=error.strerror or str(error))}")


def _progress(rows: Iterable[Any], total: int, label: str) -> Iterable[Any]:
    from tqdm import tqdm

    return tqdm(rows, total=total, desc=label, leave=False, disable=not sys.stderr.isatty(), file=sys.stderr)


def _bar(total: int, label: str) -> Any:
    """A context manager that gives the function to tell of progress."""
    from contextlib import contextmanager

    from tqdm import tqdm

    @contextmanager
    def bar() -> Any:
        hidden = not sys.stderr.isatty()
        with tqdm(total=total, desc=label, leave=False, disable=hidden, file=sys.stderr) as shown:
            yield shown.update

    return bar()


def _table(rows: Sequence[Sequence[str]], numbers: Sequence[bool]) -> None:
    from app.chain.service.answers import table

    click.echo(table(rows, numbers))


def _labels(labels: Sequence[str]) -> str:
    from app.chain.messages import LABELS

    return _("、").join(str(LABELS[label]) for label in labels) or str(LABELS["adequate"])


def _show_assessment(found: Assessment, chain: Chain) -> None:
    from app.chain.service.wording import number, sentences
    from app.language import lang

    names = chain.names(lang())
    head = (_("名次"), _("环节"), _("名称"), _("需求（万元）"), _("供给（万元）"), _("缺口（万元）"), _("覆盖"), _("企业"), _("有效供应商"), _("停产波及（万元）"), _("判断"))  # fmt: skip
    body = [
        (
            str(row.rank or "–"),
            row.segment,
            names.get(row.segment, row.segment),
            number(row.demand_wan),
            number(row.supply_wan),
            number(row.shortfall_wan),
            "–" if row.coverage_ratio is None else f"{row.coverage_ratio * 100:.1f} %",
            str(len(row.enterprises)),
            "–" if row.effective_suppliers is None else f"{row.effective_suppliers:.2f}",
            number(row.halted_output_wan),
            _labels(row.labels),
        )
        for row in found.findings
    ]
    _table([head, *body], (True, False, False, True, True, True, True, True, True, True, False))
    click.echo()
    click.echo(_("缺口合计 %(total)s 万元", total=number(found.total_shortfall_wan)))
    for loop in found.loops:
        steps = " → ".join(names.get(code, code) for code in loop)
        click.echo(_("循环（%(count)s 个环节）：%(steps)s", count=len(loop), steps=steps))
    if found.findings and found.findings[0].rank == 1:
        first = found.findings[0]
        click.echo(_("第 1 名 %(name)s：", name=names.get(first.segment, first.segment)))
        for sentence in sentences(first.reasons, names):
            click.echo(f"  · {sentence}")


def _show_what_if(before: Assessment, chain: Chain, after: Assessment, changed: Chain) -> None:
    from app.chain.service.answers import changes
    from app.chain.service.wording import number
    from app.language import lang

    click.echo(_("== 之前 =="))
    _show_assessment(before, chain)
    click.echo()
    click.echo(_("== 之后 =="))
    _show_assessment(after, changed)
    click.echo()
    names = changed.names(lang())

    def percent(ratio: float | None) -> str:
        return "–" if ratio is None else f"{ratio * 100:.1f} %"

    head = (_("环节"), _("缺口变化（万元）"), _("覆盖"), _("名次"))
    body = [
        (
            names.get(row["segment"], row["segment"]),
            ("+" if row["shortfall_wan"] > 0 else "") + number(row["shortfall_wan"]).replace("-", "−"),
            f"{percent(row['coverage_before_ratio'])} → {percent(row['coverage_after_ratio'])}",
            f"{row['rank_before'] or '–'} → {row['rank_after'] or '–'}",
        )
        for row in changes(before, after)
    ]
    click.echo(_("== 变化 =="))
    _table([head, *body], (False, True, False, False))


def _show_knock_outs(rows: Sequence[dict[str, Any]]) -> None:
    from app.chain.service.wording import number

    head = (_("企业"), _("名称"), _("随之停产（家）"), _("停止产值（万元）"), _("最长步数"))
    body = [
        (r["enterprise"], r["name"], str(r["stopped"]), number(r["halted_output_wan"]), str(r["depth"]))
        for r in rows
    ]
    _table([head, *body], (False, False, True, True, True))
