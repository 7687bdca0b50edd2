"""`flask credits …`: prove the ledger, seal it, run the expiry by hand."""

from __future__ import annotations

import json
import sys

import click
from flask_babel import force_locale

from app.credits.ledger.audit import run_audit
from app.credits.ledger.expiry import batch_due, expire_lots, warn_of_expiry
from app.credits.ledger.grants import statements
from app.credits.ledger.kept_seals import hashes_in
from app.credits.ledger.months import month_below
from app.credits.ledger.seals import list_seals, take_seal
from app.credits.ledger.words import invariant_sentence
from app.credits.rewards.service import batch_late, expire_redemptions
from app.hall.cli import BATCH_IS_RIGHT, CLOCK_IS_RIGHT, DatabaseCommands
from app.hall.errors import Invalid
from app.hall.jobs import last_tick
from app.hall.standstill import clock_doubt, oversized

group = DatabaseCommands("credits", help="The credits ledger.")


@group.command("audit")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
@click.option(
    "--seal",
    "kept",
    multiple=True,
    help="A seal that was kept outside the database: its hash, the saved page, the file or the letter.",
)
@click.option("--month", help="Also say what this month (2026-03) holds below the newest of these seals.")
def audit(as_json: bool, kept: tuple[str, ...], month: str | None) -> None:
    """Prove every invariant of the ledger: one line each, exit 0 when all hold, 1 when one is broken."""
    try:
        hashes = [one for each in kept for one in hashes_in(each)]
        covered = month_below(month, hashes) if month else None
    except Invalid as refusal:
        raise click.BadParameter(str(refusal)) from refusal
    report = run_audit(hashes)
    if as_json:
        verdicts = {
            code: {"holds": one.holds, "count": one.count, "rows": [vars(row) for row in one.findings]}
            for code, one in report.verdicts.items()
        }
        found = {"holds": report.holds, "transfers": report.transfers, "invariants": verdicts}
        click.echo(json.dumps(found | ({"month": vars(covered)} if covered else {})))
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
        if covered is not None:
            click.echo(
                f"{covered.month}: {covered.transfers} transfers below the seal, issued {covered.issued}, redeemed"
                f" {covered.redeemed}, expired {covered.expired}, adjusted {covered.adjusted}; {covered.later} recorded since"
            )
    sys.exit(0 if report.holds else 1)


@group.command("seal")
def seal() -> None:
    """Seal the settled transfers and print the hash, to be kept outside the database."""
    take_seal()
    newest = list_seals(1)
    click.echo(f"{newest[0].up_to_id} {newest[0].hash}" if newest else "nothing to seal")


@group.command("expire")
@CLOCK_IS_RIGHT
@BATCH_IS_RIGHT
def expire(clock_is_right: bool, batch_is_right: bool) -> None:
    """Expire what is due and send the warnings (the worker does this by itself)."""
    wrong = {} if clock_is_right else clock_doubt(last_tick())
    if wrong:
        raise click.ClickException(
            f"{wrong['reason']}: {wrong['clock']} / {wrong['newest']}; --clock-is-right"
        )
    large = {} if batch_is_right else oversized([batch_late(), batch_due()])
    if large:
        raise click.ClickException(f"{large['part']} / {large['whole']} {large['unit']}; --batch-is-right")
    click.echo(f"redemptions {expire_redemptions()}, lots {expire_lots()}, warnings {warn_of_expiry()}")


@group.command("grants")
@click.argument("role")
def grants(role: str) -> None:
    """Print the SQL that leaves ROLE nothing but INSERT on the ledger (PostgreSQL; run it as the owner)."""
    for statement in statements(role):
        click.echo(f"{statement};")
