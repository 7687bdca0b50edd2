"""`flask chain knock-out`: what stops if one firm stops."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from app.chain.exchange.reading import LENIENT, read_chain
from app.chain.register.words import money
from app.hall.files.commands import PLACE, print_json, progress, refuse, stop_on, table, write_csv
from app.hall.text.language import message


@click.command("knock-out")
@click.argument("folder", type=PLACE)
@click.option("--firm", help="Only this firm, with the list of who stops and the path.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
@click.option("--out", type=PLACE, help="CSV: enterprise, stopped, halted_output_wan, depth")
@with_appcontext
def knock_out_command(folder: Path, firm: str | None, as_json: bool, out: Path | None) -> None:
    """What stops in the supply network of FOLDER if one firm stops."""
    from app.chain.knock_out.rules import Network, ordered

    reading = read_chain(folder, ("supply",), lenient=LENIENT["knock-out"])
    stop_on(reading.problems)
    network = Network(reading.chain)
    if firm is not None and firm not in network:
        refuse(f"--firm:1:enterprise: {message('chain_unknown_firm', {'value': firm})}")
    names = reading.chain.firm_names()
    if firm is not None:
        outcomes = [network.outcome(firm)]
    else:
        outcomes = ordered(list(progress(network.outcomes(), len(network.firms), _("逐家停产推演"))))
    if out is not None:
        write_csv(
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
            print_json(rows[0] | {"firms": stops})
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
            click.echo(table([head, *body], (False, True, False, False)))
        return
    if as_json:
        print_json({"enterprises": rows})
    elif out is None or sys.stdout.isatty():
        _show_knock_outs(rows)


def _plain(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _show_knock_outs(rows: Sequence[dict[str, Any]]) -> None:
    head = (_("企业"), _("名称"), _("随之停产（家）"), _("停产影响产值（万元）"), _("最长步数"))
    body = [
        (r["enterprise"], r["name"], str(r["stopped"]), money(r["halted_output_wan"]), str(r["depth"]))
        for r in rows
    ]
    click.echo(table([head, *body], (False, False, True, True, True)))
