"""`flask credits …`: prove the ledger, seal it, run the expiry by hand."""

from __future__ import annotations

import json
import sys

import click
from flask_babel import force_locale

from app.cli import DatabaseCommands
from app.credits.messages import invariant_sentence

group = DatabaseCommands("credits", help="The credits ledger.")


@group.command("audit")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
@click.option("--seal", "kept", multiple=True, help="The hash of a seal that was kept outside the database.")
def audit(as_json: bool, kept: tuple[str, ...]) -> None:
    """Prove every invariant of the ledger: one line each, exit 0 when all hold, 1 when one is broken."""
    from app.credits.service.audit import run_audit

    report = run_audit(kept)
    if as_json:
        verdicts = {
            code: {"holds": one.holds, "count": one.count, "rows": [vars(row) for row in one.findings]}
            for code, one in report.verdicts.items()
        }
        click.echo(json.dumps({"holds": report.holds, "transfers": report.transfers, "invariants": verdicts}))
    else:
        with force_locale("en"):
            for code, verdict in report.verdicts.items():
                click.echo(f"{'ok  ' if verdict.holds else 'FAIL'}  {code:<16} {invariant_sentence(code)}")
                for row in verdict.findings:
                    click.echo(f"        {row.subject}: {row.text}")
                if verdict.count > len(verdict.findings):
                    click.echo(f"        … {verdict.count - len(verdict.findings)} more")
        click.echo(
            f"{report.transfers} transfers on {report.accounts} accounts"
            + (f", last seal {report.last_seal}" if report.last_seal else ", never sealed")
        )
    sys.exit(0 if report.holds else 1)


@group.command("seal")
def seal() -> None:
    """Seal the settled transfers and print the hash, to be kept outside the database."""
    from app.credits.service.seals import list_seals, take_seal

    take_seal()
    newest = list_seals(1)
    click.echo(f"{newest[0].up_to_id} {newest[0].hash}" if newest else "nothing to seal")


@group.command("expire")
def expire() -> None:
    """Expire what is due and send the warnings (the worker does this by itself)."""
    from app.credits.service.expiry import expire_lots, warn_of_expiry
    from app.credits.service.redemptions import expire_redemptions

    click.echo(f"redemptions {expire_redemptions()}, lots {expire_lots()}, warnings {warn_of_expiry()}")


@group.command("grants")
@click.argument("role")
def grants(role: str) -> None:
    """Print the SQL that leaves ROLE nothing but INSERT on the ledger (PostgreSQL; run it as the owner)."""
    from app.credits.service.grants import statements

    for statement in statements(role):
        click.echo(f"{statement};")
