"""`flask identity token LOGIN` prints an API token and nothing else."""

from __future__ import annotations

import sys

import click

from app.cli import DatabaseCommands
from app.errors import Refusal
from app.language import message

group = DatabaseCommands("identity", help="Members and their tokens.")


@group.command("token")
@click.argument("login")
def token(login: str) -> None:
    """Print an API token for the member LOGIN."""
    from app.identity.service.tokens import token_for_login

    try:
        click.echo(token_for_login(login))
    except Refusal as refusal:
        click.echo(message(refusal.code, refusal.params), err=True)
        sys.exit(2)
