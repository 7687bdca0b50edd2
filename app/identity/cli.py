"""`flask identity token LOGIN` prints an API token and nothing else; `flask park found` makes the park itself."""

from __future__ import annotations

import sys

import click

from app.hall.cli import DatabaseCommands, migrate_if_needed, park
from app.hall.db.facts import TRIAL, keep_fact
from app.hall.db.transaction import transaction
from app.hall.errors import Refusal
from app.hall.text.language import message
from app.identity.organisations.founding import found_park
from app.identity.sessions.tokens import token_for_login

group = DatabaseCommands("identity", help="Members and their tokens.")


@group.command("token")
@click.argument("login")
def token(login: str) -> None:
    """Print an API token for the member LOGIN."""
    try:
        click.echo(token_for_login(login))
    except Refusal as refusal:
        click.echo(message(refusal.code, refusal.params), err=True)
        sys.exit(2)


@park.command("found")
@click.option("--name-zh", required=True)
@click.option("--name-en", default="")
@click.option("--login", required=True, help="Login of the first administrator.")
@click.option("--name", default="", help="Name of the first administrator.")
@click.option(
    "--trial", is_flag=True, help="A park to try things out: says so on every page, its clock may be moved."
)
def found(name_zh: str, name_en: str, login: str, name: str, trial: bool) -> None:
    """Found the park in an empty database; prints the administrator's link for setting a password."""
    migrate_if_needed()
    try:
        with transaction():
            secret = found_park(name_zh, name_en, login, name or login)
            if trial:
                keep_fact(TRIAL, "yes")
    except Refusal as refusal:
        click.echo(message(refusal.code, refusal.params), err=True)
        sys.exit(2)
    click.echo(f"/identity/reset/{secret}")
