"""`flask chain risk`: systemic risk of every firm of a supply network."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from app.chain.exchange.reading import LENIENT, read_chain
from app.hall.files.commands import PLACE, bar, print_json, refuse, stop_on, table, write_csv
from app.hall.text.language import message

if TYPE_CHECKING:
    from app.chain.exchange.reading import Reading


@click.command("risk")
@click.argument("folder", type=PLACE)
@click.option(
    "--epsilon", default="0.01", show_default=True, help="A shock has settled below this loss per round."
)
@click.option(
    "--no-substitution", is_flag=True, help="Nobody steps in for a supplier that fails (sigma = 1)."
)
@click.option("--out", type=PLACE, help="CSV: enterprise, risk, risk_down, risk_up, rounds")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
@with_appcontext
def risk_command(folder: Path, epsilon: str, no_substitution: bool, out: Path | None, as_json: bool) -> None:
    """Systemic risk of every firm in the supply network of FOLDER."""

    try:
        limit = float(epsilon)
    except ValueError:
        limit = math.nan
    if not 0 <= limit < 1:
        refuse(f"--epsilon:1:epsilon: {message('chain_bad_epsilon')}")
    reading = read_chain(folder, ("positions", "supply"), lenient=LENIENT["risk"])
    stop_on(reading.problems)
    from app.chain.risk.rules import systemic_risk

    with bar(_count_firms(reading), _("系统性风险")) as advance:
        found = systemic_risk(reading.chain, limit, not no_substitution, advance)
    found.sort(key=lambda row: (-row.risk, row.enterprise))
    header = ("enterprise", "risk", "risk_down", "risk_up", "rounds")
    if out is not None:
        write_csv(
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
        print_json({"epsilon": limit, "substitution": not no_substitution, "enterprises": firms})
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
        click.echo(table([head, *body], (False, False, True, True, True, True)))
        click.echo(_("数值取决于 ε 与替代假设，请以区间理解，不要只看一个数。"))


def _count_firms(reading: Reading) -> int:
    chain = reading.chain
    return len(
        {row.enterprise for row in chain.positions}
        | {row.supplier for row in chain.supplies}
        | {row.customer for row in chain.supplies}
    )
