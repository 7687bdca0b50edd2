"""`flask chain assess`: weak links of a folder or workbook, with a what-if."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from app.chain.exchange.reading import read_added, read_chain
from app.chain.register.facts import with_added
from app.chain.register.words import money, sentences
from app.chain.weak_links.rules import assess
from app.chain.weak_links.schemas import assessment_answer
from app.chain.weak_links.words import judgement_words
from app.chain.what_if.rules import changes
from app.chain.what_if.schemas import what_if_answer
from app.hall.files.commands import PLACE, print_json, stop_on, table
from app.hall.text.language import lang

if TYPE_CHECKING:
    from app.chain.register.facts import Chain
    from app.chain.weak_links.rules import Assessment


@click.command("assess")
@click.argument("folder", type=PLACE)
@click.option("--add", type=PLACE, help="What-if: a folder with further positions (segments, inputs).")
@click.option("--by", type=click.Choice(["shortfall", "halt"]), default="shortfall", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
@with_appcontext
def assess_command(folder: Path, add: Path | None, by: str, as_json: bool) -> None:
    """Weak links of the chain in FOLDER (CSV files or one .xlsx), with a what-if."""

    reading = read_chain(folder, ("segments", "inputs", "positions"))
    problems = list(reading.problems)
    added = None
    if add is not None:
        added = read_added(add, reading.chain, label="" if add.is_file() else f"{add.name}/")
        if not problems or not added.problems:
            problems += added.problems
        else:
            problems += [p for p in added.problems if not p.code.startswith("chain_unknown_segment")]
    stop_on(problems)
    before = assess(reading.chain, by)
    if added is None:
        if as_json:
            print_json(assessment_answer(before, reading.chain, lang()))
        else:
            _show_assessment(before, reading.chain)
        return
    changed = with_added(reading.chain, added.chain.positions, added.chain.segments, added.chain.inputs)
    after = assess(changed, by)
    if as_json:
        print_json(what_if_answer(before, reading.chain, after, changed, lang()))
    else:
        _show_what_if(before, reading.chain, after, changed)


def _show_assessment(found: Assessment, chain: Chain) -> None:
    names = chain.names(lang())
    head = (
        _("名次"),
        _("环节"),
        _("名称"),
        _("需求（万元）"),
        _("供给（万元）"),
        _("缺口（万元）"),
        _("覆盖"),
        _("企业"),
        _("有效供应商"),
        _("停产影响产值（万元）"),
        _("判断"),
    )
    body = [
        (
            str(row.rank or "–"),
            row.segment,
            names.get(row.segment, row.segment),
            money(row.demand_wan),
            money(row.supply_wan),
            money(row.shortfall_wan),
            "–" if row.coverage_ratio is None else f"{row.coverage_ratio * 100:.1f} %",
            str(len(row.enterprises)),
            "–" if row.effective_suppliers is None else f"{row.effective_suppliers:.2f}",
            money(row.halted_output_wan),
            judgement_words(row),
        )
        for row in found.findings
    ]
    click.echo(table([head, *body], (True, False, False, True, True, True, True, True, True, True, False)))
    click.echo()
    click.echo(_("缺口合计 %(total)s 万元", total=money(found.total_shortfall_wan)))
    for loop in found.loops:
        steps = " → ".join(names.get(code, code) for code in loop)
        click.echo(_("循环（%(count)s 个环节）：%(steps)s", count=len(loop), steps=steps))
    if found.findings and found.findings[0].rank == 1:
        first = found.findings[0]
        click.echo(_("第 1 名 %(name)s：", name=names.get(first.segment, first.segment)))
        for sentence in sentences(first.reasons, names):
            click.echo(f"  · {sentence}")


def _show_what_if(before: Assessment, chain: Chain, after: Assessment, changed: Chain) -> None:
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
            ("+" if row["shortfall_wan"] > 0 else "") + money(row["shortfall_wan"]).replace("-", "−"),
            f"{percent(row['coverage_before_ratio'])} → {percent(row['coverage_after_ratio'])}",
            f"{row['rank_before'] or '–'} → {row['rank_after'] or '–'}",
        )
        for row in changes(before, after)
    ]
    click.echo(_("== 变化 =="))
    click.echo(table([head, *body], (False, True, False, False)))
