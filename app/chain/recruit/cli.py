"""`flask chain recruit`: the best set of firms to recruit, proven; no database, no server, nothing kept."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, NoReturn

import click
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.chain.recruit import shapes
from app.chain.recruit.reading import read_question
from app.chain.register.words import money
from app.hall.files.commands import print_json, stop_on, table
from app.hall.text.numbers import as_float

if TYPE_CHECKING:
    from app.chain.recruit.plan import Plan

STATUS = {
    "optimal": _l("已证明最优"),
    "feasible": _l("可行，尚未证明"),
    "infeasible": _l("无解：必选企业超出限制"),
}
REASON = {
    "no_gain": _l("加入后不增加"),
    "group": _l("同组已选"),
    "budget": _l("余下预算不足"),
    "displaced": _l("名额已满"),
}
_COUNT = re.compile(r"[0-9]{1,9}")
_AMOUNT = re.compile(r"([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][+-]?[0-9]{1,2})?")


@click.command("recruit")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--firms", metavar="N", help="At most so many firms, musts among them.")
@click.option("--budget", metavar="B", help="At most so much cost together.")
@click.option("--objective", type=click.Choice(["kept", "shortfall"]), default="kept", show_default=True)
@click.option("--seconds", default="60", show_default=True, help="Stop proving after so long.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
def recruit_command(
    folder: Path, firms: str | None, budget: str | None, objective: str, seconds: str, as_json: bool
) -> None:
    """Which outside firms of FOLDER to recruit: the best set within N firms and a budget, with its proof."""

    from app.chain.recruit.plan import recruit

    most, limit, time = _limits(firms, budget, seconds)
    asked = read_question(folder)
    stop_on(asked.problems)
    end = monotonic() + time
    question = replace(asked.question, objective=objective, firms=most, budget=limit)
    with _bar() as progress:
        plan = recruit(question, lambda: end - monotonic(), progress)
    if as_json:
        print_json(answer(plan))
    else:
        _show(plan, asked.names)
    if plan.status == "infeasible":
        sys.exit(1)


def answer(plan: Plan) -> shapes.RecruitPlan:
    """The JSON of contract-chain 1; amounts are rounded here, once."""
    return {
        "status": plan.status,
        "objective": plan.objective,
        "value_wan": as_float(plan.value),
        "bound_wan": as_float(plan.bound),
        "gap_ratio": as_float(plan.gap),
        "chosen": list(plan.chosen),
        "cost": as_float(plan.cost),
        "before_wan": as_float(plan.before),
        "after_wan": as_float(plan.value),
        "greedy": {"chosen": list(plan.greedy_chosen), "value_wan": as_float(plan.greedy_value)},
        "front": [
            {"firms": point.firms, "value_wan": as_float(point.value), "chosen": list(point.chosen)}
            for point in plan.front
        ],
        "left_out": [
            {"enterprise": one.enterprise, "value_wan_with_it": as_float(one.value), "reason": one.reason}
            for one in plan.left_out
        ],
    }


def _limits(firms: str | None, budget: str | None, seconds: str) -> tuple[int | None, Fraction | None, float]:
    wrong = []
    if firms is not None and not _COUNT.fullmatch(firms):
        wrong.append(f"--firms:1:firms: {_('应为不小于 0 的整数')}")
    if budget is not None and not _AMOUNT.fullmatch(budget):
        wrong.append(f"--budget:1:budget: {_('应为不小于 0 的数字')}")
    time = float(seconds) if _AMOUNT.fullmatch(seconds) else math.nan
    if not 0 < time < math.inf:
        wrong.append(f"--seconds:1:seconds: {_('应为大于 0 的数字')}")
    if wrong:
        _refuse(wrong)
    return None if firms is None else int(firms), None if budget is None else Fraction(budget), time


def _refuse(lines: list[str]) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(2)


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    from tqdm import tqdm

    hidden = not sys.stderr.isatty()
    with tqdm(desc=_("逐点求解"), leave=False, disable=hidden, file=sys.stderr) as shown:

        def progress(done: int, of: int) -> None:
            shown.total = of
            shown.update(done - shown.n)

        yield progress


def _show(plan: Plan, names: dict[str, str]) -> None:

    def wan(value: Fraction | None) -> str:
        return "–" if value is None else money(float(value))

    def named(codes: tuple[str, ...]) -> str:
        return _("、").join(f"{code} {names.get(code, '')}".strip() for code in codes) or "–"

    click.echo(f"{_('结论')}: {STATUS[plan.status]}")
    if plan.status == "infeasible":
        return
    title = _("留在园内的采购（万元）") if plan.objective == "kept" else _("缺口合计（万元）")
    click.echo(f"{title}: {wan(plan.before)} → {wan(plan.value)} ({_('界')} {wan(plan.bound)})")
    click.echo(f"{_('选择')}: {named(plan.chosen)} ({_('成本')} {wan(plan.cost)})")
    click.echo(f"{_('逐个贪心')}: {named(plan.greedy_chosen)} ({wan(plan.greedy_value)})")
    rows = [(str(p.firms), wan(p.value), named(p.chosen)) for p in plan.front]
    click.echo(table([(_("至多（家）"), title, _("企业")), *rows], (True, True, False)))
    if plan.left_out:
        out = [(named((o.enterprise,)), wan(o.value), str(REASON[o.reason])) for o in plan.left_out]
        click.echo(table([(_("未选企业"), _("加入后（万元）"), _("原因")), *out], (False, True, False)))
